"""Wall displays and links, as those see them who pair, make and end them."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.models import User
from apps.boards import access as rules
from apps.boards import guests
from apps.boards.models import Board, Link, Screen
from apps.core import clock
from apps.dashboards.own.guest_forms import LinkForm, PairForm, ScreenForm
from apps.dashboards.views.own import FORM, laid_or_404
from apps.dashboards.views.pages import page, who
from apps.reps import access


@page
@FORM
def screens(request: HttpRequest) -> HttpResponse:
    """List the wall displays, and pair a new one by the code it shows."""
    user, now = who(request), clock.now()
    allowed, boards = access.scopes_for(user, clock.today()), rules.visible(user, clock.today())
    form = PairForm(allowed, boards, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            screen = guests.pair(form.cleaned_data.pop("code"), user, now, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(
                request,
                _("“%(name)s” waits for the display with this code, and shows its boards within seconds. If it does not, take it away and type the code again.")
                % {"name": screen.name},
            )
            return redirect("dashboards:screens")
    context = {
        "section": "board",
        "form": form,
        "screens": [(row, shown_on(row)) for row in guests.screens(user)],
        "now": now,
        "wall": request.build_absolute_uri(reverse("dashboards:wall")),
        "own": user.pk,
    }
    return render(request, "wall/screens.html", context)


def shown_on(screen: Screen) -> str:
    """Name what a display shows: of its boards those that whoever paired it may still open."""
    found = [board.name for board in rules.visible(screen.paired_by, clock.today()).filter(pk__in=screen.boards.values("pk"))]
    return ", ".join([*([_("Standard board")] if screen.has_standard else []), *found]) or _("nothing, at the moment")


@page
@FORM
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a wall display shows."""
    user = who(request)
    row = get_object_or_404(guests.screens(user), pk=pk)
    allowed, boards = access.scopes_for(row.paired_by, clock.today()), rules.visible(row.paired_by, clock.today())
    form = ScreenForm(allowed, boards, request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("“%(name)s” shows it in a few seconds.") % {"name": row.name})
        return redirect("dashboards:screens")
    return render(request, "wall/screen.html", {"section": "board", "form": form, "screen": row})


@page
@require_POST
def unpair(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a wall display its boards away: it shows a code again."""
    row = get_object_or_404(guests.screens(who(request)), pk=pk)
    row.delete()
    messages.success(request, _("“%(name)s” shows nothing any more.") % {"name": row.name})
    return redirect("dashboards:screens")


@page
@FORM
def links(request: HttpRequest, pk: int) -> HttpResponse:
    """List a board's links, and make one that needs no sign-in."""
    user, now = who(request), clock.now()
    board = laid_or_404(user, pk).board
    if not guests.may_make_links(user):
        raise PermissionDenied(_("Links that need no sign-in are made by admins, unless the organisation allows others to."))
    form, address = LinkForm(access.scopes_for(user, clock.today()), request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        days, name = form.cleaned_data.pop("days"), form.cleaned_data.pop("name")
        try:
            _link, secret = guests.make_link(board, user, name, now + timedelta(days=days), now, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            address, form = request.build_absolute_uri(reverse("dashboards:shared", args=[secret])), LinkForm(access.scopes_for(user, clock.today()))
    return render(request, "wall/links.html", {"section": "board", "board": board, "form": form, "links": _links(board, user), "address": address, "now": now})


def _links(board: Board, user: User) -> QuerySet[Link]:
    """Return a board's links that the user sees and ends: all where the board is theirs, else those they made."""
    found = Link.objects.filter(board=board).select_related("made_by")
    return found if rules.owned(user).filter(pk=board.pk).exists() else found.filter(made_by=user)


@page
@require_POST
def end_link(request: HttpRequest, pk: int, link: int) -> HttpResponse:
    """End a link at once."""
    user = who(request)
    board = laid_or_404(user, pk).board
    get_object_or_404(_links(board, user), pk=link).delete()
    messages.success(request, _("The link has ended."))
    return redirect("dashboards:own-links", pk)
