"""Trees of objectives, each with where it stands by itself and by its parts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL

from apps.core import periods
from apps.core.periods import Calendar
from apps.core.replica import connection
from apps.goals import progress
from apps.goals import selectors as goals
from apps.goals.selectors import DAY, GoalFigure
from apps.kpis import catalogue
from apps.kpis.declarations import Unit
from apps.objectives import standing
from apps.objectives.models import BY_HAND, WITH_TARGET, CheckIn, Measured, Objective, Step
from apps.objectives.standing import Part, RollUp, Standing, Window
from apps.reps import places, scopes
from apps.reps.scopes import Scope

BELOW = """
    WITH RECURSIVE tree(id) AS (
        SELECT unnest(%s::bigint[])
        UNION
        SELECT o.id FROM objectives_objective o JOIN tree t ON o.parent_id = t.id
    ) SELECT id FROM tree
"""
MONEY = "money"


@dataclass(frozen=True)
class Node:
    """One objective: where it stands, where its parts stand together (None without parts), and the parts.

    `figure` is the KPI's that measures it, `told` what was told last of one that is measured by hand, `steps` its checklist.
    `is_within`: another part of the same whole has the same figure of whose people and days hold its own, so that a sum counts it there;
    `is_partly_within`: it has some of it.
    """

    objective: Objective
    scope: Scope
    standing: Standing
    by_parts: RollUp | None
    parts: tuple["Node", ...]
    figure: GoalFigure | None
    told: CheckIn | None
    steps: tuple[Step, ...]
    is_within: bool = False
    is_partly_within: bool = False

    def all(self) -> "Iterable[Node]":
        """Yield the node and every node below it, from the top."""
        yield self
        for part in self.parts:
            yield from part.all()


def below(roots: Iterable[int]) -> QuerySet[Objective]:
    """Return some objectives and all their parts, whoever may see them."""
    return Objective.objects.filter(pk__in=RawSQL(BELOW, [list(roots)]))


def moving_along(whole: Objective) -> list[int]:
    """Return the parts, at any depth, that are over the same days as a whole, by number."""
    alike = below([whole.pk]).filter(start_on=whole.start_on, last_on=whole.last_on).exclude(pk=whole.pk)
    return list(alike.values_list("pk", flat=True))


def trees(roots: Sequence[int], *, on: date, calendar: Calendar | None = None) -> list[Node]:
    """Return the trees below some objectives, by number, as of the end of day `on`; a fixed number of queries however many and deep."""
    rows = list(below(roots).select_related("region", "team", "rep"))
    evidence = _evidence(rows, on, calendar or periods.calendar())
    parts: dict[int | None, list[Objective]] = {}
    for row in rows:
        parts.setdefault(row.parent_id, []).append(row)
    return [_node(row, parts, evidence) for row in rows if row.pk in set(roots)]


@dataclass(frozen=True)
class _Evidence:
    """All that tells where objectives stand."""

    on: date
    calendars: dict[Scope, Calendar]
    scopes: dict[int, Scope]
    figures: dict[int, GoalFigure]
    told: dict[int, CheckIn]
    steps: dict[int, list[Step]]
    stands: dict[tuple[str, int, str, int], list[tuple[date, date]]]

    def holds(self, one: Objective, other: Objective) -> bool | None:
        """Say whether all that a KPI counts for one is counted for another, too; None where only some is. Of two alike the first holds the second."""
        if (one.measured, one.kpi) != (other.measured, other.kpi) or one.pk == other.pk or not one.kpi:
            return False
        if one.last_on < other.start_on or other.last_on < one.start_on:
            return False
        is_inside = other.start_on <= one.start_on and one.last_on <= other.last_on
        if (one.scope, one.owner_id) == (other.scope, other.owner_id):
            is_later = (one.start_on, one.last_on) != (other.start_on, other.last_on) or other.pk < one.pk
            return is_later if is_inside else None
        if other.scope == "company":
            return is_inside or None
        first, last = max(one.start_on, other.start_on), min(one.last_on, other.last_on, max(self.on, one.start_on))
        days = [(start, end) for start, end in self.stands.get((one.scope, one.owner_id, other.scope, other.owner_id), ()) if start <= last and end > first]
        if not days:
            return False
        is_all = is_inside and other.scope == "team" and any(start <= first and end > last for start, end in days)
        return is_all or None

    def window(self, objective: Objective) -> Window:
        return Window(self.calendars[self.scopes[objective.pk]], objective.start_on, objective.last_on + DAY, self.on)


def _evidence(rows: list[Objective], on: date, calendar: Calendar) -> _Evidence:
    company = scopes.company()
    whose = {row.pk: scope_of(row) or company for row in rows}
    counted = [row for row in rows if row.measured == Measured.KPI and row.kpi in catalogue.KPIS]
    asked: dict[periods.Window, set[tuple[str, Scope]]] = {}
    for row in counted:
        asked.setdefault(calendar.from_to(row.start_on, row.last_on), set()).add((row.kpi, whose[row.pk]))
    found = goals.over_windows(asked, on=on, calendar=calendar)
    figures = {row.pk: found[calendar.from_to(row.start_on, row.last_on), row.kpi, whose[row.pk]] for row in counted}
    told = {one.objective_id: one for one in _check_ins(rows, on)}
    steps: dict[int, list[Step]] = {}
    for step in Step.objects.filter(objective__in=rows).select_related("done_by"):
        steps.setdefault(step.objective_id, []).append(step)
    return _Evidence(on, places.calendars(calendar, dict.fromkeys(whose.values()), on), whose, figures, told, steps, _stands(rows))


def _check_ins(rows: list[Objective], on: date) -> QuerySet[CheckIn]:
    """Return what counts of what was told of some objectives up to a day, the latest last."""
    found = CheckIn.objects.filter(objective__in=rows, day__lte=on, taken_back_at=None)
    return found.filter(day__gte=F("objective__start_on"), day__lte=F("objective__last_on")).order_by("day", "pk").select_related("told_by")


# The teams and regions in which teams and people stand, and from when until when; before they came and after they left there is nothing to count.
STANDS = """
    SELECT 'team', team, kind, scope, DATE '0001-01-01' AS start_on, DATE '9999-12-31' FROM reps_above WHERE team = ANY(%(teams)s)
    UNION ALL
    SELECT 'rep', s.rep, s.kind, s.scope, CASE WHEN s.start_on <= r.hired_on THEN DATE '0001-01-01' ELSE s.start_on END AS start_on,
        CASE WHEN s.end_on >= r.left_on THEN DATE '9999-12-31' ELSE s.end_on END
    FROM reps_standing s JOIN reps_rep r ON r.id = s.rep WHERE s.rep = ANY(%(reps)s)
    ORDER BY start_on
"""


def _stands(rows: list[Objective]) -> dict[tuple[str, int, str, int], list[tuple[date, date]]]:
    """Return when the teams and people of some objectives stand in which teams and regions, as days `[start, end)`, those without a gap as one."""
    found: dict[tuple[str, int, str, int], list[tuple[date, date]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(STANDS, {"teams": [row.team_id for row in rows if row.team_id], "reps": [row.rep_id for row in rows if row.rep_id]})
        for kind, pk, above, scope, start, end in cursor.fetchall():
            stays = found.setdefault((kind, pk, above, scope), [])
            if stays and start <= stays[-1][1]:
                start, end = stays[-1][0], max(end, stays.pop()[1])
            stays.append((start, end))
    return found


def scope_of(objective: Objective) -> Scope | None:
    """Return whose an objective is; None for the company's."""
    row = objective.region or objective.team or objective.rep
    return scopes.of(row) if row else None


def _node(row: Objective, parts: dict[int | None, list[Objective]], evidence: _Evidence) -> Node:
    below = _once(tuple(_node(part, parts, evidence) for part in parts.get(row.pk, [])), evidence)
    window = evidence.window(row)
    by_parts = standing.rolled_up(window, [Part(node.objective.weight, node.standing, node.is_within) for node in below]) if below else None
    figure, told, steps = _held(row, window, evidence.figures.get(row.pk)), evidence.told.get(row.pk), tuple(evidence.steps.get(row.pk, ()))
    if row.measured == Measured.PARTS:
        own = by_parts.standing if by_parts else standing.NO_TARGET
    elif by_parts and is_counted_by_parts(row, by_parts):
        own = standing.of_number(window, by_parts.standing.actual, row.target or standing.NOTHING, baseline=None, stay="", counts=counted_as(row))
    else:
        own = _own(row, window, figure, told, steps)
    if window.on < window.start_on:
        own = standing.not_begun(own)
    return Node(row, evidence.scopes[row.pk], own, by_parts, below, figure, told, steps)


def _once(parts: tuple[Node, ...], evidence: _Evidence) -> tuple[Node, ...]:
    """Say of each part whether another that counts holds all of what it counts, or some."""
    counted = [part.objective for part in parts if part.standing.done is not None]
    found = []
    for part in parts:
        held = [evidence.holds(part.objective, other) for other in counted] if part.standing.done is not None else []
        found.append(replace(part, is_within=any(held), is_partly_within=not any(held) and None in held))
    return tuple(found)


def _own(row: Objective, window: Window, figure: GoalFigure | None, told: CheckIn | None, steps: tuple[Step, ...]) -> Standing:
    if row.measured == Measured.KPI:
        return _counted(figure) if figure else standing.NO_TARGET  # a KPI may be no longer there
    if row.measured == Measured.CHECKLIST:
        return standing.of_steps(window, sum(step.done_on is not None and window.start_on <= step.done_on <= window.on for step in steps), len(steps))
    if row.measured == Measured.YES_NO:
        return standing.of_answer(window, bool(told and told.value))
    assert row.target is not None  # the database holds it
    return standing.of_number(window, told.value if told else None, row.target, baseline=row.baseline, stay=row.stay, counts=counted_as(row))


def counted_as(row: Objective) -> str:
    """Name what an objective that is a number by hand counts; nothing where it does not say, or where it is held or starts somewhere."""
    if row.stay or row.baseline:
        return ""
    return MONEY if row.measured == Measured.MONEY else f"hand:{row.unit}" if row.unit else ""


def is_told(row: Objective, *, on: date) -> bool:
    """Say whether an objective is told by hand itself: not where it is what its parts reached together."""
    if row.measured not in WITH_TARGET or not row.parts.exists():
        return row.measured in BY_HAND
    (node,) = trees([row.pk], on=on)
    return not is_counted_by_parts(row, node.by_parts)


def is_counted_by_parts(row: Objective, by_parts: RollUp | None) -> bool:
    """Say whether a number by hand is what its parts reached together: they count the same, so nothing is told of it itself."""
    if by_parts is None or row.measured not in WITH_TARGET or not counted_as(row):
        return False
    return by_parts.standing.adds_up.casefold() == counted_as(row).casefold()


def _counted(found: GoalFigure) -> Standing:
    kpi = found.figure.kpi
    counts = MONEY if kpi.unit == Unit.MONEY else f"kpi:{kpi.key}"
    return standing.of_progress(found.progress, found.figure.value, is_cumulative=catalogue.is_cumulative(kpi), counts=counts)


def _held(row: Objective, window: Window, found: GoalFigure | None) -> GoalFigure | None:
    """Return a KPI's figure against the objective's own target or, without one, against the plan's."""
    if found is None or row.target is None:
        return found
    kpi, piece = found.figure.kpi, progress.Piece(row.target, window.start_on, window.end_on)
    held = progress.measure(
        window.calendar,
        (piece,),
        found.figure.value,
        found.figure.on,
        baseline=row.baseline,
        is_cumulative=catalogue.is_cumulative(kpi),
        better_is_up=goals.better_is_up(kpi, row.stay),
        is_held=bool(row.stay),
    )
    return GoalFigure(found.figure, held, ())
