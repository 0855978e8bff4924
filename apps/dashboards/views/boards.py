"""Boards: of the company, a region, a team or a rep."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.models import User
from apps.boards import selectors as own_boards
from apps.core import clock
from apps.dashboards import narrowings
from apps.dashboards import selection as selections
from apps.dashboards.boards import chores, export, group, header, person, start, state, tour
from apps.dashboards.boards import coaching as coach
from apps.dashboards.boards.board import Files, Section, Viewer
from apps.dashboards.boards.state import Setting, State
from apps.dashboards.goals import cards, listing
from apps.dashboards.goals.listing import Reader
from apps.dashboards.objectives import trees
from apps.dashboards.selection import Selection, Unreadable
from apps.dashboards.views.pages import Nobody, page, who
from apps.kpis.narrowing import FIELDS
from apps.reps import access, directory, places, rosters, scopes
from apps.reps.directory import Directory
from apps.reps.scopes import Scope


@page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the board the viewer has chosen to see first, else to whose they see first, over the period and as of the day that the address asks for."""
    user, today = who(request), clock.today()
    scope = access.home(user, today)
    if scope is None:
        raise Nobody
    chosen, asked = own_boards.home(user, today), request.META.get("QUERY_STRING", "")
    path = reverse("dashboards:own", args=[chosen.pk]) if chosen else selections.board_path(scope)
    return redirect(path + (f"?{asked}" if asked else ""))


@dataclass(frozen=True)
class Opened:
    """A board that somebody may look at: whose, over which days, and what is known of both."""

    selection: Selection
    viewer: Viewer
    found: Directory


def opened(query: Mapping[str, str], user: User, setting: Setting, kind: str, pk: int) -> Opened:
    """Read which board an address asks for; what is not there and what is not theirs is equally not found."""
    organisation, calendar = setting.organisation, setting.calendar
    today = clock.today(organisation)
    on = selections.read_on(query, today)
    window = selections.read_window(query, calendar, on)
    is_regrouped = selections.read_team(query)
    is_own, members_on = kind == "rep" and pk == setting.own_rep, selections.members_on(today, is_regrouped=is_regrouped)
    company = scopes.company(organisation)
    found = directory.read(user, today, kind, pk, window, on=on, company=company, is_own=is_own, members_on=members_on)
    scope = among(found.allowed, kind, pk)
    selection = Selection(scope, window, on, today, places.calendar_of(calendar, scope, on), organisation.currency).seen(is_regrouped=is_regrouped)
    selection = selection.beside(year=selections.read_beside_year(query)).narrowed(narrowings.read(query))
    return Opened(selection, Viewer.of(user, setting.own_rep, found.allowed), found.narrowed(selection.only))


@page
@require_safe
def board(request: HttpRequest, kind: str = "company", pk: int = 0) -> HttpResponse:
    """Show a board, or say that nothing on it has changed."""
    user, now = who(request), clock.now()
    setting, current = state.read(user)
    organisation = setting.organisation
    tag = state.fingerprint(setting, current, user, request.get_full_path(), today=clock.today(organisation), now=now)
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    one = opened(request.GET, user, setting, kind, pk)
    if request.GET.get("from"):
        return redirect(one.selection.board)
    context = {
        "section": "board",
        "coaching_url": coaching_url(one.selection) if kind == "rep" and may_coach(one.viewer, setting, pk) else "",
        "file_url": selections.address("dashboards:board-file") + selections.written(one.selection.query),
        "tag": tag,
        "tour": tour.told(user, is_asked="tour" in request.GET),
        "organisation": organisation,
        "header": header.header(one.selection, one.found.allowed, current, organisation, now),
        "sections": [with_files(section, one.selection) for section in sections(one.selection, one.viewer, one.found, setting, current)],
    }
    response = render(request, "dashboards/board.html", context)
    response["ETag"] = tag
    return response


@page
@require_safe
def board_file(request: HttpRequest) -> HttpResponse:
    """Hand out a board as an Excel file, or one of its tables as CSV, in the same numbers."""
    user, form, key = who(request), request.GET.get("format", "xlsx"), request.GET.get("table", "")
    if form not in export.FORMATS:
        raise Unreadable(_("Write format=xlsx or format=csv."))
    setting, current = state.read(user)
    kind, pk = selections.read_scope_key(request.GET.get("scope", "company"))
    one = opened(request.GET, user, setting, kind, pk)
    inside = one.found if kind != "rep" else replace(one.found, members=(), branches=(), regions=(), peers=())
    read = group.read_all(one.selection, one.viewer, inside, current)
    found = export.tables(read, setting.stages, is_latest=current.is_latest(one.selection.on))
    keys = [table.key for table in found]
    if form == "csv" or key:
        key = key or "figures"
        if key not in {*TABLE_OF.values()}:
            raise Unreadable(_("There is no such table. Write table= and one of: %(keys)s.") % {"keys": ", ".join(keys)})
        found = [table for table in found if table.key == key]
    content = export.workbook(found) if form == "xlsx" else export.text(found[0]) if found else b""
    name = export.name_of(read, form, key)
    return HttpResponse(content, content_type=export.FORMATS[form], headers={"Content-Disposition": f'attachment; filename="{name}"'})


@page
@require_safe
def coaching(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a manager's page for a one-to-one with a rep; who leads nobody finds none."""
    user = who(request)
    setting, current = state.read(user)
    organisation = setting.organisation
    asked = {name: str(value) for name, value in request.GET.items() if name not in FIELDS}  # a one-to-one is about all that somebody does
    one = opened(asked, user, setting, "rep", pk)
    if not may_coach(one.viewer, setting, pk):
        raise Http404(_("There is no %(kind)s with number %(pk)s.") % {"kind": "rep", "pk": pk})
    scope, on = one.selection.scope, one.selection.on
    peers = [peer for peer in rosters.teammates(pk, min(on, one.selection.window.last_on)) if peer in one.found.allowed]
    reader = Reader(one.found.allowed, on, setting.calendar, organisation.currency, user, may_set=False)
    running = listing.visible(reader).filter(listing.at("running", on), rep=pk)
    context = {
        "section": "board",
        "organisation": organisation,
        "selection": one.selection,
        "narrowing": _("A one-to-one is about all that somebody does, whatever product or campaign the board before it was narrowed to.")
        if any(request.GET.get(name) for name in FIELDS)
        else "",
        "coaching": coach.build(one.selection, peers, current),
        "cards": cards.cards(scope, list(running), reader, is_own=False),
        "trees": trees.of_rep(user, scope, "running", on=on)[0],
        "goals_url": selections.address("dashboards:goals") + selections.written({"rep": str(pk)}),
    }
    return render(request, "dashboards/coaching.html", context)


def may_coach(viewer: Viewer, setting: Setting, rep: int) -> bool:
    """Say whether a viewer who may open a rep's board leads them, or looks on from above; nobody coaches themself."""
    return setting.own_rep != rep and (viewer.leads or access.sees_all(viewer.user))


def coaching_url(selection: Selection) -> str:
    """Return the address of a one-to-one with the rep of a board, over the same days."""
    asked = {name: value for name, value in selection.query.items() if name in ("period", "on", *FIELDS)}
    return selections.address("dashboards:coaching", selection.scope.id) + selections.written(asked)


TABLE_OF = {
    **dict.fromkeys(("hero", "tiles", "outreach"), "figures"),
    **dict.fromkeys(("teams", "regions", "people", "leaders"), "standings"),
    "course": "days",
    "deals": "deals",
    "flow": "funnel",
}


def with_files(section: Section, selection: Selection) -> Section:
    """Return a card of the standard board with where it goes out as a table, if it is one."""
    if section.id not in TABLE_OF:
        return section
    query = {**selection.query, "table": TABLE_OF[section.id]}
    address = selections.address("dashboards:board-file")
    return replace(section, files=Files(*(address + selections.written({**query, "format": form}) for form in ("csv", "xlsx"))))


def among(allowed: Iterable[Scope], kind: str, pk: int) -> Scope:
    """Return the scope with this number; what is not there and what is not theirs is equally not found."""
    found = next((scope for scope in allowed if (scope.kind, scope.id) == (kind, pk)), None)
    if found is None:
        raise Http404(_("There is no %(kind)s with number %(pk)s.") % {"kind": kind, "pk": pk})
    return found


def sections(selection: Selection, viewer: Viewer, found: Directory, setting: Setting, current: State) -> list[Section]:
    """Build the widgets of a rep's board, or of everybody else's, with an admin's list on the company's."""
    if selection.scope.kind == "rep":
        return person.build(selection, viewer, found.peers, current)
    built = group.build(selection, viewer, found, setting.stages, current)
    if selection.scope.kind == "company" and start.is_bare(built):
        built = start.sections(built, viewer)
    if viewer.is_admin and selection.scope.kind == "company":
        built.append(chores.section(selection))
    return built
