"""Boards: of the company, a region, a team or a rep."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.models import Role, User
from apps.core import clock
from apps.dashboards import selection as selections
from apps.dashboards.boards import chores, group, header, person, start, state
from apps.dashboards.boards import coaching as coach
from apps.dashboards.boards.board import Section, Viewer
from apps.dashboards.boards.state import Setting, State
from apps.dashboards.goals import cards, listing
from apps.dashboards.goals.listing import Reader
from apps.dashboards.objectives import trees
from apps.dashboards.selection import Selection
from apps.dashboards.views.pages import page, who
from apps.reps import access, directory, places, scopes
from apps.reps.directory import Directory
from apps.reps.scopes import Scope


@page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to whose board the viewer sees first, over the period and as of the day that the address asks for."""
    scope = access.home(who(request), clock.today())
    if scope is None:
        return render(request, "dashboards/nobody.html", {"section": "board"})
    asked = request.META.get("QUERY_STRING", "")
    return redirect(selections.board_path(scope) + (f"?{asked}" if asked else ""))


@page
@require_safe
def board(request: HttpRequest, kind: str = "company", pk: int = 0) -> HttpResponse:
    """Show a board, or say that nothing on it has changed."""
    user, now = who(request), clock.now()
    setting, current = state.read(user)
    organisation, calendar = setting.organisation, setting.calendar
    today = clock.today(organisation)
    tag = state.fingerprint(setting, current, request, today=today, now=now)
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    on = selections.read_on(request.GET, today)
    window = selections.read_window(request.GET, calendar, on)
    company = scopes.company(organisation)
    is_regrouped = selections.read_team(request.GET)
    is_own, members_on = kind == "rep" and pk == setting.own_rep, selections.members_on(today, is_regrouped=is_regrouped)
    found = directory.read(user, today, kind, pk, window, on=on, company=company, is_own=is_own, members_on=members_on)
    scope = among(found.allowed, kind, pk)
    selection = Selection(scope, window, on, today, places.calendar_of(calendar, scope, on), organisation.currency).seen(is_regrouped=is_regrouped)
    if request.GET.get("from"):
        return redirect(selection.board)
    viewer = viewing(user, setting, found)
    context = {
        "section": "board",
        "coaching_url": coaching_url(selection) if kind == "rep" and may_coach(viewer, pk) else "",
        "tag": tag,
        "organisation": organisation,
        "header": header.header(selection, found.allowed, current, organisation, now),
        "sections": sections(selection, viewer, found, setting, current),
    }
    response = render(request, "dashboards/board.html", context)
    response["ETag"] = tag
    return response


@page
@require_safe
def coaching(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a manager's page for a one-to-one with a rep; who leads nobody finds none."""
    user = who(request)
    setting, current = state.read(user)
    organisation, calendar = setting.organisation, setting.calendar
    today = clock.today(organisation)
    on = selections.read_on(request.GET, today)
    window = selections.read_window(request.GET, calendar, on)
    found = directory.read(user, today, "rep", pk, window, on=on, company=scopes.company(organisation), is_own=False)
    scope = among(found.allowed, "rep", pk)
    if not may_coach(viewing(user, setting, found), pk):
        raise Http404(_("There is no %(kind)s with number %(pk)s.") % {"kind": "rep", "pk": pk})
    selection = Selection(scope, window, on, today, places.calendar_of(calendar, scope, on), organisation.currency)
    reader = Reader(found.allowed, today, calendar, organisation.currency, frozenset())
    running = listing.visible(reader).filter(listing.at("running", today), rep=pk)
    context = {
        "section": "board",
        "organisation": organisation,
        "selection": selection,
        "coaching": coach.build(selection, found.peers, current),
        "cards": cards.cards(scope, list(running), reader, is_own=False),
        "trees": trees.of_rep(user, scope, "running")[0],
        "goals_url": selections.address("dashboards:goals") + selections.written({"rep": str(pk)}),
    }
    return render(request, "dashboards/coaching.html", context)


def may_coach(viewer: Viewer, rep: int) -> bool:
    """Say whether a viewer who may open a rep's board leads them, or looks on from above."""
    return viewer.rep_id != rep and (viewer.leads or access.sees_all(viewer.user))


def coaching_url(selection: Selection) -> str:
    """Return the address of a one-to-one with the rep of a board, over the same days."""
    asked = {name: value for name, value in selection.query.items() if name in ("period", "on")}
    return selections.address("dashboards:coaching", selection.scope.id) + selections.written(asked)


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


def viewing(user: User, setting: Setting, found: Directory) -> Viewer:
    own = setting.own_rep if user.role in (Role.REP, Role.MANAGER) else None
    return Viewer(user, own, access.may_write_goals(user), user.role == Role.ADMIN, leads=any(scope.kind == "team" for scope in found.allowed))
