"""Boards for whoever comes without a sign-in: wall displays that were paired, and links that have not ended."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from apps.accounts.models import User
from apps.boards import access as rules
from apps.boards import guests, services
from apps.boards.models import Board, Screen
from apps.core import clock, dates, replica
from apps.dashboards import selection as selections
from apps.dashboards.boards import header, state
from apps.dashboards.boards.board import Section
from apps.dashboards.own.frame import Frame
from apps.dashboards.own.milestones import milestones
from apps.dashboards.own.spots import running
from apps.dashboards.selection import Unreadable
from apps.dashboards.views import boards
from apps.dashboards.views.own import Looked
from apps.reps import access

COOKIE, COOKIE_LASTS = "kpiboard_wall", 400 * 24 * 3600  # as long as browsers keep one
View = Callable[..., HttpResponseBase]


def guest(view: View) -> View:
    """Answer somebody who is not signed in: from a replica where there is one, kept nowhere, and found by no search engine."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = replica.serve(view, request, *args, **kwargs)
        except Unreadable as error:
            response = render(request, "dashboards/unreadable.html", {"message": str(error)}, status=400)
        response["Referrer-Policy"], response["X-Robots-Tag"] = "no-referrer", "noindex"
        return response

    return never_cache(wrapped)


@dataclass(frozen=True)
class Shown:
    """A board as a guest sees it: its head, its widgets, and the tag by which it is known to be unchanged."""

    tag: str
    head: header.Header
    sections: Callable[[], list[Section]]


def own(board: Board, user: User, query: dict[str, str], path: str) -> Shown:
    """Show somebody's own board with the rights of a user."""
    one, now = Looked(query, user), clock.now()
    widgets = tuple(board.widgets.all())
    text = repr([board.name, *((row.pk, services.copied(row)) for row in widgets)])
    setting = replace(one.setting, text=one.setting.text + text)
    tag = state.fingerprint(setting, one.current, user, path, today=one.today, now=now)
    frame = Frame.of(one.look, board.pk)
    head = header.header(frame, one.allowed, one.current, one.setting.organisation, now, name=board.name, pk=board.pk)
    return Shown(tag, head, lambda: one.sections(widgets))


def standard(user: User, query: dict[str, str], path: str) -> Shown:
    """Show the standard board of a scope with the rights of a user."""
    now = clock.now()
    setting, current = state.read(user)
    today = clock.today(setting.organisation)
    if query.get("scope"):
        kind, pk = selections.read_scope_key(query["scope"])
    else:
        home = access.home(user, today)
        if home is None:
            raise Http404(_("There is nobody whose numbers you may see yet."))
        kind, pk = home.kind, home.id
    one = boards.opened(query, user, setting, kind, pk)
    tag = state.fingerprint(setting, current, user, path, today=today, now=now)
    head = header.header(one.selection, one.found.allowed, current, setting.organisation, now)
    return Shown(tag, head, lambda: boards.sections(one.selection, one.viewer, one.found, setting, current))


def answered(request: HttpRequest, shown: Shown, template: str, **more: Any) -> HttpResponse:
    """Render what is shown, unless the guest has it already."""
    if request.headers.get("If-None-Match") == shown.tag:
        return HttpResponseNotModified(headers={"ETag": shown.tag})
    response = render(request, template, {"header": shown.head, "sections": shown.sections(), "tag": shown.tag, **more})
    response["ETag"] = shown.tag
    return response


# --- Wall displays -----------------------------------------------------------------------------------
@guest
@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """Show a display its boards or, until somebody has paired it, the code to pair it by."""
    now = clock.now()
    ticket = guests.read_ticket(request.COOKIES.get(COOKIE, ""))
    screen = guests.screen_of(ticket, now) if ticket else None
    if screen is None:
        if ticket is None or ticket.ends_in(now) < 60:
            ticket = guests.ticket(now)
        context = {
            "code": f"{ticket.code[:3]} {ticket.code[3:]}",
            "ends": int(ticket.ends_in(now)),
            "pairing": request.build_absolute_uri(reverse("dashboards:screens")),
        }
        response = render(request, "wall/pair.html", context)
    else:
        response = render(request, "wall/wall.html", {"screen": screen, "state": _state(screen, with_milestones=False)})
    assert ticket is not None
    response.set_cookie(
        COOKIE, ticket.signed(), max_age=COOKIE_LASTS, httponly=True, secure=request.is_secure(), samesite="Lax", path=reverse("dashboards:wall")
    )
    return response


def _paired(request: HttpRequest) -> Screen | None:
    ticket = guests.read_ticket(request.COOKIES.get(COOKIE, ""))
    return guests.screen_of(ticket, clock.now()) if ticket else None


@guest
@require_safe
def wall_state(request: HttpRequest) -> HttpResponse:
    """Tell a display whether it is paired, what it shows, and what there is to celebrate."""
    screen = _paired(request)
    return JsonResponse({"paired": False} if screen is None else _state(screen))


def _state(screen: Screen, *, with_milestones: bool = True) -> dict[str, Any]:
    found = []
    if with_milestones and screen.celebrated_from is not None:
        try:
            found = milestones(Looked(_query(screen), screen.paired_by).look, screen.celebrated_from)
        except Http404:
            found = []  # whose numbers it showed is gone: so is what it celebrated
    return {
        "paired": True,
        "boards": len(_boards(screen)),
        "seconds": screen.seconds,
        "version": static("kpiboard.js") + static("kpiboard.css"),
        "milestones": [{"key": one.key, "what": one.what, "about": one.about} for one in found],
    }


def _query(screen: Screen) -> dict[str, str]:
    return {"scope": screen.scope} if screen.scope else {}


def _boards(screen: Screen) -> list[Board | None]:
    """Return what a display shows, None for the standard board: those of its boards that whoever paired it may still open, or nothing."""
    theirs = rules.visible(screen.paired_by, clock.today()).filter(pk__in=screen.boards.values("pk"))
    found: list[Board | None] = list(theirs)
    return [None, *found] if screen.has_standard else found


@guest
@require_safe
def wall_board(request: HttpRequest) -> HttpResponse:
    """Hand a display the board at a place, counted from 0."""
    screen = _paired(request)
    if screen is None:
        return HttpResponse(status=403)
    shown = _boards(screen)
    if not shown:
        return render(request, "wall/nothing.html")
    board = shown[(selections.read_number(request.GET.get("n", "0")) or 0) % len(shown)]
    path, query = f"{request.get_full_path()}{screen.pk}{screen.scope}", _query(screen)
    try:
        found = standard(screen.paired_by, query, path) if board is None else own(board, screen.paired_by, query, path)
    except Http404:  # whose numbers it showed is gone, or no longer seen by whoever paired it
        return render(request, "wall/nothing.html")
    return answered(request, found, "wall/shown.html")


# --- Links -------------------------------------------------------------------------------------------
@guest
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]
@require_safe
def shared(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a board to whoever has a link to it, also inside another page."""
    link = guests.link_of(secret, clock.now())
    if link is None:
        return render(request, "wall/ended.html", status=404)
    query = {"scope": link.scope} if link.scope else {}
    if link.period:
        query["period"] = _period(link.period)
    try:
        found = own(link.board, link.made_by, query, f"{request.path}{link.pk}")
    except Http404:  # whose numbers it showed is gone, or no longer seen by whoever made it
        return render(request, "wall/ended.html", status=404)
    return answered(request, found, "wall/shared.html", ends=dates.day(clock.day_of(link.ends_at)))


def _period(name: str) -> str:
    """Return the period of now that a link always shows, as an address names it."""
    return running(name, state.periods.calendar(), clock.today()).key
