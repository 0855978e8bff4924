"""Figures with the targets they are held against."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from django.db.models import Q

from apps.core import dates, periods
from apps.core.periods import Calendar, Window
from apps.goals import progress, rows
from apps.goals.models import Goal
from apps.goals.progress import Piece, Progress
from apps.goals.rows import GoalRow, Span
from apps.kpis import catalogue, restatements, selectors
from apps.kpis.books import Book, Need
from apps.kpis.declarations import Better, Kpi
from apps.kpis.figures import Figure, Point
from apps.kpis.regrouping import open_book
from apps.kpis.restatements import Reported
from apps.reps import places
from apps.reps.scopes import Scope

DAY = timedelta(days=1)
AnyGoal = Goal | GoalRow


@dataclass(frozen=True)
class GoalFigure:
    """A figure, its progress against the goals that cover its window exactly (None without), and those goals."""

    figure: Figure
    progress: Progress | None
    goals: tuple[AnyGoal, ...]


@dataclass(frozen=True)
class Loaded:
    """What was read at once for several calls of `figures`: goals, stored sums, what was reported of one closed period, and where people work."""

    goals: tuple[AnyGoal, ...]
    book: Book
    window: Window
    reported: Reported | None
    here: Mapping[Scope, Calendar] | None = None


def load(
    asked: Mapping[tuple[str, ...], Sequence[Scope]],
    window: Window,
    *,
    on: date,
    calendar: Calendar,
    more: Iterable[Need] = (),
    goals: Iterable[Span] = (),
    counted_to: date | None = None,
) -> Loaded:
    """Read what `figures` of some KPIs and scopes need over a window, in three queries at most; `more` sums and `goals` are read along.

    `counted_to`: see `books.open_book`.
    """
    scopes = dict.fromkeys(scope for some in asked.values() for scope in some)
    needs = [need for kpis, some in asked.items() for need in selectors.needs(kpis, some, window, on=on, calendar=calendar)]
    found = rows.read(Span(scopes, window.start_on, window.last_on), *goals, on=on)
    return Loaded(found, open_book([*needs, *more], counted_to=counted_to), window, restatements.of_period(scopes, window, on=on))


def figures(
    kpis: Iterable[str], scopes: Iterable[Scope], window: Window, *, on: date, calendar: Calendar | None = None, loaded: Loaded | None = None
) -> dict[tuple[str, Scope], GoalFigure]:
    """Return each KPI of each scope over a window with its progress by the working days of where it is, and with what was reported of a closed period.

    A fixed number of queries however many.
    """
    wanted, scopes = [selectors.kpi(key) for key in kpis], list(dict.fromkeys(scopes))
    calendar = calendar or periods.calendar()
    goals = covering(wanted, scopes, window, on=on, among=loaded.goals if loaded else None)
    targets = totals(goals)
    found = selectors.figures([kpi.key for kpi in wanted], scopes, window, on=on, targets=targets, calendar=calendar, book=loaded.book if loaded else None)
    reported = loaded.reported if loaded and loaded.window == window else restatements.of_period(scopes, window, on=on)
    found = restatements.attached(found, reported, targets=targets)
    here = loaded.here if loaded and loaded.here is not None else places.calendars(calendar, scopes, on)
    return {key: GoalFigure(figure, _progress(here[figure.scope], figure, goals.get(key, ())), goals.get(key, ())) for key, figure in found.items()}


def over_windows(asked: Mapping[Window, Collection[tuple[str, Scope]]], *, on: date, calendar: Calendar) -> dict[tuple[Window, str, Scope], GoalFigure]:
    """Return the figures of some KPIs and scopes over each of several windows, read together; without what was reported of closed periods."""
    if not asked:
        return {}
    wanted = {window: (list(dict.fromkeys(kpi for kpi, _scope in some)), list(dict.fromkeys(scope for _kpi, scope in some))) for window, some in asked.items()}
    needs = [need for window, (kpis, some) in wanted.items() for need in selectors.needs(kpis, some, window, on=on, calendar=calendar)]
    here = places.calendars(calendar, {scope for _kpis, some in wanted.values() for scope in some}, on)
    goals, book = rows.read(*(Span(some, window.start_on, window.last_on) for window, (_kpis, some) in wanted.items()), on=on), open_book(needs)
    return {
        (window, kpi, scope): found
        for window, (kpis, some) in wanted.items()
        for (kpi, scope), found in figures(kpis, some, window, on=on, calendar=calendar, loaded=Loaded(goals, book, window, None, here)).items()
    }


def series(key: str, scope: Scope, window: Window, grain: str, *, on: date, calendar: Calendar | None = None) -> list[Point]:
    """Return a KPI per step of a window, with each step's own target where the formula asks for one."""
    one, calendar = selectors.kpi(key), calendar or periods.calendar()
    targets: dict[date, dict[str, Decimal]] = {}
    if one.target_of:
        for step in selectors.steps_of(window, grain, on, calendar):
            goals = covering([one], [scope], step, on=on).get((one.target_of, scope), ())
            if goals:
                targets[step.start_on] = {one.target_of: sum((goal.target for goal in goals), Decimal(0))}
    return selectors.series(key, scope, window, grain, on=on, calendar=calendar, targets=targets)


def _progress(calendar: Calendar, figure: Figure, goals: tuple[AnyGoal, ...]) -> Progress | None:
    if not goals or not (sum(goal.target for goal in goals) or goals[0].stay == Goal.Stay.BELOW):
        return None
    return progress.measure(
        calendar,
        pieces(goals),
        figure.value,
        figure.on,
        baseline=goals[0].baseline if len(goals) == 1 else None,
        is_cumulative=catalogue.is_cumulative(figure.kpi),
        better_is_up=better_is_up(figure.kpi, goals[0].stay),
        is_held=bool(goals[0].stay),
    )


def better_is_up(kpi: Kpi, stay: str) -> bool:
    """Say whether a target is to be reached, or stayed above; else it is a limit to stay below."""
    return stay == Goal.Stay.ABOVE or (not stay and kpi.better == Better.UP)


def totals(goals: Mapping[tuple[str, Scope], tuple[AnyGoal, ...]]) -> dict[tuple[str, Scope], Decimal]:
    return {key: sum((goal.target for goal in found), Decimal(0)) for key, found in goals.items()}


def targets_over(window: Window, on: date) -> dict[tuple[str, Scope], Decimal]:
    """Return the target of every KPI and scope over a window as of day `on`, the scopes without their names; in one query."""
    found = rows.read_all(window.start_on, window.last_on, on=on)
    scopes = {Scope(*owner_of(goal), "") for goal in found}
    return totals(covering(catalogue.with_goals(), scopes, window, on=on, among=found))


def pieces(goals: tuple[AnyGoal, ...]) -> tuple[Piece, ...]:
    return tuple(Piece(goal.target, goal.start_on, goal.last_on + DAY) for goal in goals)


def covering(
    kpis: Iterable[Kpi], scopes: Iterable[Scope], window: Window, *, on: date, among: Iterable[AnyGoal] | None = None
) -> dict[tuple[str, Scope], tuple[AnyGoal, ...]]:
    """Return, per KPI and scope, the goal over exactly this window as of day `on`; else, where amounts add up, goals that fill it without a gap.

    A goal that only partly lies in the window is never cut to fit: see `overlapping`. `among`: goals that were read already.
    """
    by_key = {kpi.key: kpi for kpi in kpis}
    for kpi in list(by_key.values()):
        if kpi.target_of:
            by_key.setdefault(kpi.target_of, selectors.kpi(kpi.target_of))
    inside: dict[tuple[str, Scope], list[AnyGoal]] = defaultdict(list)
    owners = {(scope.kind, scope.id): scope for scope in scopes if scope.only is None}
    if among is None:
        among = rows.read(Span(owners.values(), window.start_on, window.last_on), on=on)
    for goal in among:
        owner = owners.get(owner_of(goal))
        if owner and goal.kpi in by_key and window.start_on <= goal.start_on and goal.last_on <= window.last_on:
            inside[goal.kpi, owner].append(goal)
    found = {}
    for (key, scope), goals in inside.items():
        exact = [goal for goal in goals if (goal.start_on, goal.last_on) == (window.start_on, window.last_on)]
        tiles = tuple(exact) or (_tiles(goals, window) if catalogue.is_cumulative(by_key[key]) else None)
        if tiles:
            found[key, scope] = tiles
    return found


def _tiles(goals: list[AnyGoal], window: Window) -> tuple[AnyGoal, ...] | None:
    """Return goals that fill a window and can be added up: all of them to be reached, or all of them limits of one kind."""
    alike = (tiling([goal for goal in goals if goal.stay == stay], window.start_on, window.end_on) for stay in dict.fromkeys(goal.stay for goal in goals))
    return next((tiles for tiles in alike if tiles), None)


def tiling(goals: list[AnyGoal], start_on: date, end_on: date) -> tuple[AnyGoal, ...] | None:
    """Return goals that follow one another from the first day to the last, the longest first; None when they leave a gap."""
    if start_on == end_on:
        return ()
    for goal in sorted((g for g in goals if g.start_on == start_on and g.last_on < end_on), key=lambda g: g.last_on, reverse=True):
        rest = tiling(goals, goal.last_on + DAY, end_on)
        if rest is not None:
            return (goal, *rest)
    return None


def of(scopes: Iterable[Scope]) -> Q:
    """Select the goals of some scopes."""
    ids: dict[str, list[int]] = defaultdict(list)
    for scope in scopes:
        ids[scope.kind].append(scope.id)
    rule = Q(pk__in=[])
    for kind, found in ids.items():
        rule |= Q(scope=kind) if kind == "company" else Q(scope=kind, **{f"{kind}__in": found})
    return rule


def owner_of(goal: AnyGoal) -> tuple[str, int]:
    """Return the kind and number of a goal's scope."""
    return goal.scope, goal.region_id or goal.team_id or goal.rep_id or 0


def overlapping(kpi: str, scope: Scope, window: Window, *, among: Iterable[AnyGoal]) -> list[AnyGoal]:
    """Return the goals that hold some days of a window without making up its target: longer, or across its ends."""
    own = [goal for goal in among if goal.kpi == kpi and owner_of(goal) == (scope.kind, scope.id)]
    used = covering([selectors.kpi(kpi)], [scope], window, on=window.last_on, among=own).get((kpi, scope), ())
    return [goal for goal in own if goal.start_on <= window.last_on and goal.last_on >= window.start_on and goal not in used]


def curve(kpi: str, scope: Scope, window: Window, *, on: date, calendar: Calendar | None = None) -> list[tuple[date, Decimal]]:
    """Return what the targets of day `on` expect by the end of each day of a window; empty without a target."""
    goals = covering([selectors.kpi(kpi)], [scope], window, on=on).get((kpi, scope), ())
    return curve_of(goals, window, calendar or periods.calendar())


def curve_of(goals: tuple[AnyGoal, ...], window: Window, calendar: Calendar) -> list[tuple[date, Decimal]]:
    """Return what some goals that make up a window's target ask for by the end of each of its days; empty without any."""
    return [*_curve(pieces(goals), window, calendar)] if goals else []


@lru_cache(maxsize=256)
def _curve(asked: tuple[Piece, ...], window: Window, calendar: Calendar) -> tuple[tuple[date, Decimal], ...]:
    """What was asked for stays the same while days pass."""
    return tuple((day, progress.expected(calendar, asked, day)) for day in dates.days_in(window))
