"""People's own boards: looked at, arranged, configured, shared."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import User
from apps.boards import access as rules
from apps.boards import guests, selectors, services
from apps.boards.models import Board
from apps.boards.selectors import Laid
from apps.boards.starts import STARTS
from apps.core import clock
from apps.dashboards import narrowings
from apps.dashboards import selection as selections
from apps.dashboards.boards import export, header, state, tour
from apps.dashboards.boards.board import Files, Section, Viewer
from apps.dashboards.boards.state import Setting
from apps.dashboards.own import drawing, sketches
from apps.dashboards.own.forms import NameForm, ShareForm
from apps.dashboards.own.frame import Frame
from apps.dashboards.own.tables import TABLES
from apps.dashboards.selection import Selection, written
from apps.dashboards.views.pages import Nobody, page, who
from apps.dashboards.widgets.note import Notice
from apps.kpis.narrowing import FIELDS
from apps.reps import access, places
from apps.reps.scopes import Scope

FORM = require_http_methods(["GET", "HEAD", "POST"])


def laid_or_404(user: User, pk: int, *, to_edit: bool = False, to_own: bool = False) -> Laid:
    """Return a board the user may open; who may look and not change it is told so, to all others it is not there."""
    laid = selectors.laid(user, pk, clock.today())
    if laid is None:
        raise Http404(_("There is no board with number %(pk)s.") % {"pk": pk})
    if (to_edit and not laid.may_edit) or (to_own and not laid.is_owned):
        raise PermissionDenied(_("This board is shared with you to look at. Make a copy to arrange it your own way."))
    return laid


# --- Looking -----------------------------------------------------------------------------------------
class Looked:
    """A board on somebody's look: whose numbers it begins with, over which days."""

    def __init__(self, query: Mapping[str, str], user: User) -> None:
        self.setting, self.current = state.read(user)
        organisation = self.setting.organisation
        self.today = clock.today(organisation)
        self.allowed = access.scopes_for(user, self.today)
        self.look = looked(query, user, self.setting, self.allowed)
        self.viewer = Viewer.of(user, self.setting.own_rep, self.allowed)

    def sections(self, widgets: Any) -> list[Section]:
        return drawing.sections(widgets, self.look, self.viewer, self.allowed, self.current, self.setting.stages)

    def tables(self, widgets: Any) -> list[export.Table]:
        return drawing.tables(widgets, self.look, self.viewer, self.allowed, self.current, self.setting.stages)


def looked(query: Mapping[str, str], user: User, setting: Setting, allowed: list[Scope]) -> Selection:
    """Read whose numbers, which days and as of when; without a scope it is whoever the viewer sees first."""
    organisation = setting.organisation
    today = clock.today(organisation)
    on = selections.read_on(query, today)
    window = selections.read_window(query, setting.calendar, on)
    if text := query.get("scope"):
        key = selections.read_scope_key(text)
        scope = next((one for one in allowed if (one.kind, one.id) == key), None)
    else:
        scope = access.home(user, today)
    if scope is None:
        raise (Http404 if allowed else Nobody)(_("There is nobody whose numbers you may see yet."))
    calendar = places.calendar_of(setting.calendar, scope, on)
    look = Selection(scope, window, on, today, calendar, organisation.currency).seen(is_regrouped=selections.read_team(query))
    return look.beside(year=selections.read_beside_year(query)).narrowed(narrowings.read(query))


@page
@require_safe
def own(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a board that somebody arranged, with the viewer's own numbers, or say that nothing on it has changed."""
    user, now = who(request), clock.now()
    laid = laid_or_404(user, pk)
    one = Looked(request.GET, user)
    text = repr([(row.pk, services.copied(row)) for row in laid.widgets])
    setting = replace(one.setting, text=f"{one.setting.text}{laid.board.name}{laid.may_edit}{laid.is_home}{text}")
    tag = state.fingerprint(setting, one.current, user, request.get_full_path(), today=one.today, now=now)
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    frame = Frame.of(one.look, laid.board.pk)
    if request.GET.get("from"):
        return redirect(frame.board)
    context = {
        "section": "board",
        "tag": tag,
        "tour": tour.told(user, is_asked="tour" in request.GET),
        "laid": laid,
        "header": header.header(frame, one.allowed, one.current, one.setting.organisation, now, name=laid.board.name, pk=laid.board.pk),
        "sections": [with_files(section, pk, one.look) for section in one.sections(laid.widgets)],
        "arrange_url": reverse("dashboards:own-arrange", args=[pk]) + written(asked(request.GET)),
        "file_url": reverse("dashboards:own-file", args=[pk]) + written(one.look.query),
    }
    response = render(request, "boards/board.html", context)
    response["ETag"] = tag
    return response


def with_files(section: Section, pk: int, look: Selection) -> Section:
    """Return a card with where it goes out as a table; words do not, nor does what only says why there is nothing."""
    if section.kind not in TABLES or isinstance(section.widgets[0], Notice):
        return section
    address = selections.address("dashboards:own-file", pk)
    return replace(section, files=Files(*(address + written({**look.query, "widget": str(section.pk), "format": form}) for form in ("csv", "xlsx"))))


@page
@require_safe
def own_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out a board, or one of its widgets, as an Excel file, or one widget as CSV: the same numbers."""
    user, form, only = who(request), request.GET.get("format", "xlsx"), request.GET.get("widget", "")
    if form not in export.FORMATS:
        raise selections.Unreadable(_("Write format=xlsx or format=csv."))
    laid = laid_or_404(user, pk)
    one = Looked(request.GET, user)
    found = one.tables([row for row in laid.widgets if only in ("", str(row.pk))])
    if (only or form == "csv") and len(found) != 1:
        keys = ", ".join(str(row.pk) for row in laid.widgets)
        raise selections.Unreadable(_("Write widget= and the number of a widget that is a table. This board has: %(keys)s.") % {"keys": keys or "—"})
    content = export.text(found[0]) if form == "csv" else export.workbook(found)
    name = export.named(laid.board.name if not only else found[0].title, one.look, form)
    return HttpResponse(content, content_type=export.FORMATS[form], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def asked(query: QueryDict) -> dict[str, str]:
    """Keep what an address says of whose numbers and which days, for the way back."""
    return {name: str(query[name]) for name in ("scope", "period", "on", "team", "compare", *FIELDS) if query.get(name)}


# --- Which boards there are --------------------------------------------------------------------------
@page
@FORM
def boards(request: HttpRequest) -> HttpResponse:
    """List the boards, and make a new one from what it begins with."""
    user, problem = who(request), ""
    if request.method == "POST":
        start = STARTS.get(request.POST.get("start", ""))
        if start is None:
            raise Http404(_("There is no such board to begin with."))
        try:
            board = services.create(str(start.name), user, start.widgets())
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            return redirect("dashboards:own-arrange" if not start.widgets() else "dashboards:own", board.pk)
    return render(request, "boards/boards.html", {"section": "board", "starts": sketches.sketches(), "problem": problem, **_listed(user)})


def _listed(user: User) -> dict[str, Any]:
    today = clock.today()
    found, scope = selectors.listed(user, today), access.home(user, today)
    return {
        "boards": found,
        "standard_url": selections.board_path(scope) if scope else reverse("dashboards:home"),
        "is_home_standard": not any(one.is_home for one in found),
    }


@page
@require_safe
def menu(request: HttpRequest) -> HttpResponse:
    """Hand out the menu of boards, for the picker that is being opened."""
    return render(request, "boards/_menu.html", {"now": selections.read_number(request.GET.get("now", "")) or 0, **_listed(who(request))})


@page
@require_safe
def narrowed(request: HttpRequest) -> HttpResponse:
    """Hand out the products and campaigns that a page can be narrowed to, for the picker that is being opened."""
    return render(request, "dashboards/_only.html", {"groups": narrowings.menu(request.GET.dict())})


@page
@require_POST
def tour_done(request: HttpRequest) -> HttpResponse:
    """Remember that somebody was shown around, or did not want to be."""
    User.objects.filter(pk=who(request).pk).update(toured_at=clock.now())
    return HttpResponse(status=204)


@page
@require_POST
def standard(request: HttpRequest) -> HttpResponse:
    """See the standard board first again."""
    services.set_home(who(request), None)
    messages.success(request, _("You see the standard board first again."))
    return redirect("dashboards:home")


@page
@require_POST
def home(request: HttpRequest, pk: int) -> HttpResponse:
    """See a board first."""
    laid = laid_or_404(who(request), pk)
    services.set_home(who(request), laid.board)
    messages.success(request, _("You see “%(name)s” first from now on.") % {"name": laid.board.name})
    return redirect("dashboards:own", pk)


@page
@require_POST
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a copy of a board that is the viewer's alone."""
    laid = laid_or_404(who(request), pk)
    name = (_("Copy of %(name)s") % {"name": laid.board.name})[:80]
    try:
        copy = services.duplicate(laid.board, name, who(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("dashboards:own", pk)
    messages.success(request, _("This copy is yours alone: arrange it as you like."))
    return redirect("dashboards:own-arrange", copy.pk)


@page
@FORM
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a board and share it."""
    user = who(request)
    board = laid_or_404(user, pk, to_own=True).board
    circle = rules.circle(user, clock.today())
    form = NameForm(request.POST if "rename" in request.POST else None, instance=Board.objects.get(pk=pk))
    share_form = ShareForm(circle, request.POST if "share" in request.POST else None)
    if request.method == "POST":
        if "rename" in request.POST and form.is_valid():
            services.rename(board, form.cleaned_data["name"])
            return redirect("dashboards:own-settings", pk)
        if "share" in request.POST and share_form.is_valid():
            share_form.share(board)
            return redirect("dashboards:own-settings", pk)
        if (share := selections.read_number(request.POST.get("unshare", ""))) is not None:
            services.unshare(board, share)
            return redirect("dashboards:own-settings", pk)
    shares = board.shares.select_related("team")
    context = {"section": "board", "board": board, "form": form, "share_form": share_form, "shares": shares, "may_make_links": guests.may_make_links(user)}
    return render(request, "boards/settings.html", context)


@page
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    board = laid_or_404(who(request), pk, to_own=True).board
    board.delete()
    messages.success(request, _("“%(name)s” was deleted.") % {"name": board.name})
    return redirect("dashboards:boards")
