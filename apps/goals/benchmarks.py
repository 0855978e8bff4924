"""Sets the goals that benchmarks ask for: of every rep who has none of their own, in each period that is running or to come."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from apps.core import authorship, clock, periods
from apps.core.models import Organisation
from apps.core.periods import Calendar, Window
from apps.goals.models import Benchmark, Goal
from apps.goals.services import Saved
from apps.reps import rosters, scopes
from apps.reps.scopes import Scope

BATCH = 1000
Place = tuple[int, date, date]  # a rep, first and last day


@dataclass(frozen=True)
class Wanted:
    """One goal that a benchmark asks for."""

    benchmark: int
    target: Decimal


def apply(today: date, *, by: int | None = None) -> Saved:
    """Set, change and take away goals until they are what the benchmarks ask for; a rep's own goal, and what is locked, stays. Running it twice changes nothing."""
    organisation = Organisation.get()
    calendar = periods.calendar(organisation)
    done = Saved(0, 0, 0)
    for kpi, grain in sorted({(one.kpi, one.grain) for one in Benchmark.objects.all()}):
        done = _added(done, _apply(kpi, grain, calendar, organisation.targets_locked_until, today, by))
    return done


def remove(benchmark: Benchmark, today: date, *, by: int | None = None) -> None:
    """Take a benchmark away, with those of its goals that are still to come; those of running and past periods stay as people's own."""
    free_after = max(today, Organisation.get().targets_locked_until or today)
    with authorship.written(by=by, reason=str(benchmark)):
        Goal.objects.filter(benchmark=benchmark, start_on__gt=free_after).delete()
        benchmark.delete()


def _apply(kpi: str, grain: str, calendar: Calendar, locked_until: date | None, today: date, by: int | None) -> Saved:
    windows = [window for window in _windows(grain, calendar, today) if not locked_until or window.start_on > locked_until]
    if not windows:
        return Saved(0, 0, 0)
    wanted = _wanted(kpi, grain, windows)
    rows = Goal.objects.filter(kpi=kpi, scope="rep", start_on__gte=windows[0].start_on, last_on__lte=windows[-1].last_on)
    spans = {(window.start_on, window.last_on) for window in windows}
    present = {(goal.rep_id or 0, goal.start_on, goal.last_on): goal for goal in rows if (goal.start_on, goal.last_on) in spans}
    new = [_goal(kpi, place, one) for place, one in wanted.items() if place not in present]
    kept = {place: goal for place, goal in present.items() if goal.benchmark_id}
    differing = [_with(goal, wanted[place]) for place, goal in kept.items() if place in wanted and _differs(goal, wanted[place])]
    gone = [goal.pk for place, goal in kept.items() if place not in wanted and goal.start_on > today]
    with authorship.written(by=by, reason=str(Benchmark._meta.verbose_name)), _told():
        Goal.objects.filter(pk__in=gone).delete()
        Goal.objects.bulk_update(differing, ["target", "benchmark", "updated_at"], batch_size=BATCH)
        Goal.objects.bulk_create(new, batch_size=BATCH)
    return Saved(len(new), len(differing), len(gone))


@contextmanager
def _told() -> Iterator[None]:
    """Tell the database that benchmarks write: a target that anybody else changes is that person's own from then on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kpiboard.benchmarks', 'on', true)")
        yield
        cursor.execute("SELECT set_config('kpiboard.benchmarks', '', true)")


def _windows(grain: str, calendar: Calendar, today: date) -> list[Window]:
    """Return the running period and those to come until the end of the next fiscal year."""
    until = calendar.following(calendar.containing("year", today)).end_on
    return list(calendar.between(grain, calendar.containing(grain, today).start_on, until))


def _wanted(kpi: str, grain: str, windows: Iterable[Window]) -> dict[Place, Wanted]:
    """Return what is asked of whom and when: a team's benchmark goes before that of the teams above it, and of everybody."""
    order = [None, *(branch.scope.id for branch in rosters.teams(scopes.company()))]  # each team after those above it
    benchmarks = sorted(Benchmark.objects.filter(kpi=kpi, grain=grain), key=lambda one: order.index(one.team_id))
    inside = {one.team_id: _inside(one.team_id) for one in benchmarks}
    found: dict[Place, Wanted] = {}
    for window in windows:
        people = rosters.by_team(window)
        for one in benchmarks:
            if window.start_on < one.first_on or one.last_on and window.start_on > one.last_on:
                continue
            for team, reps in people.items():
                if one.team_id is None or team in inside[one.team_id]:
                    found |= {(rep.id, window.start_on, window.last_on): Wanted(one.pk, one.target) for rep in reps}
    return found


def _inside(team: int | None) -> set[int]:
    """Return a team and those below it."""
    return {team, *(branch.scope.id for branch in rosters.teams(Scope("team", team, "")))} if team else set()


def _goal(kpi: str, place: Place, one: Wanted) -> Goal:
    rep, start_on, last_on = place
    return Goal(kpi=kpi, scope="rep", rep_id=rep, start_on=start_on, last_on=last_on, target=one.target, benchmark_id=one.benchmark)


def _differs(goal: Goal, one: Wanted) -> bool:
    return (goal.target, goal.benchmark_id) != (one.target, one.benchmark)


def _with(goal: Goal, one: Wanted) -> Goal:
    goal.target, goal.benchmark_id, goal.updated_at = one.target, one.benchmark, clock.now()
    return goal


def _added(one: Saved, other: Saved) -> Saved:
    return Saved(one.created + other.created, one.changed + other.changed, one.deleted + other.deleted)
