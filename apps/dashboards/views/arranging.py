"""Arranging people's own boards: widgets put on them, moved, configured, taken away."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from apps.boards import services
from apps.boards.kinds import KINDS
from apps.boards.models import Board, Widget
from apps.dashboards import selection as selections
from apps.dashboards.own.forms import WidgetForm, blank
from apps.dashboards.selection import written
from apps.dashboards.views.own import FORM, Looked, asked, laid_or_404
from apps.dashboards.views.pages import page, who

ACTIONS = (
    ("step", "-1", "arrow-left", gettext_lazy("Earlier")),
    ("step", "1", "arrow-right", gettext_lazy("Later")),
    ("resize", "-1", "minus", gettext_lazy("Narrower")),
    ("resize", "1", "plus", gettext_lazy("Wider")),
    ("repeat", "", "document-duplicate", gettext_lazy("Copy")),
    ("remove", "", "trash", gettext_lazy("Take away")),
)
REMOVED = "removed_widget"  # in the session: what was taken away last, to be put back


@page
@require_safe
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a board with handles on its widgets."""
    user = who(request)
    laid = laid_or_404(user, pk, to_edit=True)
    one, query = Looked(request.GET, user), written(asked(request.GET))
    removed = request.session.get(REMOVED, {})
    context = {
        "section": "board",
        "laid": laid,
        "sections": one.sections(laid.widgets),
        "actions": ACTIONS,
        "query": query,
        "done_url": reverse("dashboards:own", args=[pk]) + query,
        "removed": removed.get("name", "") if removed.get("board") == pk else "",
    }
    return render(request, "boards/arrange.html", context)


def _way_back(request: HttpRequest, pk: int) -> str:
    """Return the address of a board while it is arranged, seen as it was before."""
    return reverse("dashboards:own-arrange", args=[pk]) + written(asked(request.GET))


def _number(text: str | None) -> int:
    """Read a whole number, as forms of this page send it."""
    try:
        number = int(text or "")
    except ValueError as error:
        raise selections.Unreadable(_("“%(text)s” is no number.") % {"text": text}) from error
    if abs(number) > 1000:
        raise selections.Unreadable(_("“%(text)s” is out of reach.") % {"text": text})
    return number


DEEDS: dict[str, Callable[[Board, int, Any], object]] = {
    "step": lambda board, pk, form: services.step(board, pk, _number(form.get("by"))),
    "move": lambda board, pk, form: services.move(board, pk, _number(form.get("to"))),
    "resize": lambda board, pk, form: services.resize(board, pk, _number(form.get("by"))),
    "repeat": lambda board, pk, form: services.repeat(board, pk),
    "remove": lambda board, pk, form: services.remove(board, pk),
}


@page
@require_POST
def act(request: HttpRequest, pk: int, widget: int, action: str) -> HttpResponse:
    """Move, resize, repeat or remove a widget."""
    if action not in DEEDS:
        raise Http404(_("Nothing of that kind can be done with a widget."))
    board = laid_or_404(who(request), pk, to_edit=True).board
    request.session.pop(REMOVED, None)
    try:
        done = DEEDS[action](board, widget, request.POST)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if action == "remove" and isinstance(done, Widget):
            request.session[REMOVED] = {"board": pk, "name": str(done), "widget": services.copied(done)}
    return redirect(_way_back(request, pk))


@page
@require_POST
def put_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the widget that was taken away last where it stood."""
    board = laid_or_404(who(request), pk, to_edit=True).board
    removed = request.session.pop(REMOVED, {})
    if removed.get("board") == pk:
        try:
            row = services.add(board, Widget(**removed["widget"]))
            services.move(board, row.pk, removed["widget"]["position"])
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return redirect(_way_back(request, pk))


@page
@require_safe
def gallery(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what can be put on a board."""
    board = laid_or_404(who(request), pk, to_edit=True).board
    groups: dict[str, list[Any]] = {}
    for kind in KINDS.values():
        groups.setdefault(str(kind.group), []).append(kind)
    return render(request, "boards/gallery.html", {"section": "board", "board": board, "groups": groups.items(), "query": written(asked(request.GET))})


@page
@FORM
def add(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Configure a widget before it is put on a board."""
    if kind not in KINDS:
        raise Http404(_("There is no such kind of widget."))
    return _configured(request, laid_or_404(who(request), pk, to_edit=True).board, blank(kind), is_new=True)


@page
@FORM
def widget(request: HttpRequest, pk: int, widget: int) -> HttpResponse:
    """Configure a widget that stands on a board."""
    laid = laid_or_404(who(request), pk, to_edit=True)
    row = next((one for one in laid.widgets if one.pk == widget), None)
    if row is None:
        raise Http404(_("There is no such widget on this board."))
    return _configured(request, laid.board, row, is_new=False)


def _configured(request: HttpRequest, board: Board, row: Widget, *, is_new: bool) -> HttpResponse:
    user = who(request)
    one = Looked(request.GET, user)
    form = WidgetForm(row.declared, one.allowed, row, request.POST or None)
    is_preview = bool(request.POST.get("preview"))
    back = _way_back(request, board.pk)
    if request.method == "POST" and form.is_valid() and not is_preview:
        try:
            services.add(board, row) if is_new else services.configure(board, row)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect(back + (f"#w{row.pk}"))
    problems = [message for errors in form.errors.values() for message in errors] if form.is_bound else []
    drawn = one.sections([row]) if not problems else []
    context: dict[str, Any] = {
        "drawn": drawn[0] if drawn else None,
        "board": board,
        "form": form,
        "kind": row.declared,
        "is_new": is_new,
        "problems": problems if is_preview else [],
        "preview_url": request.get_full_path(),
        "back_url": back,
    }
    if is_preview and request.headers.get("X-Preview"):
        return render(request, "boards/_preview.html", context)
    return render(request, "boards/widget.html", {**context, "section": "board"})
