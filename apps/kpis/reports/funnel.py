"""The funnel as a cohort of entries: every visit to a stage that began in a window, and what became of it by a day.

A visit is a deal's time in one open stage without a break. Stages that a deal jumped over count as passed: entered and advanced on the day of
the jump, in no time. Amounts are those on entering, so that values balance like counts do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from apps.core.periods import Window
from apps.kpis.reports import whose
from apps.kpis.reports.whose import DEAL, STAGE, STANDING, VERSION, Asked
from apps.opportunities.models import Stage
from apps.reps.scopes import Scope

DAY, YEAR = timedelta(days=1), 365
OUTCOMES = ("advanced", "lost", "moved_back", "here")
ENTERS = "v.previous_stage_id IS DISTINCT FROM v.stage_id"


# Every entry into a stage up to day `on`, and the next one of the same deal.
def _entries(asked: Asked) -> str:
    began = f"v.valid_from >= %(since)s AND v.valid_from < %(cut)s AND {ENTERS}"
    narrowed = "" if asked.is_everything else f"JOIN ({whose.near(began, asked)}) n ON n.deal = v.opportunity_id"
    return f"""entries AS MATERIALIZED (
        SELECT v.opportunity_id AS deal, v.sequence, v.valid_from AS day, v.owner_id AS owner, v.amount, v.stage_id AS stage, s.kind, s.position,
            p.kind AS came_as, p.position AS came_position, lead(v.valid_from) OVER w AS next_day, lead(s.kind) OVER w AS next_kind, lead(s.position) OVER w AS next_position
        FROM {VERSION} v {narrowed} JOIN {STAGE} s ON s.id = v.stage_id LEFT JOIN {STAGE} p ON p.id = v.previous_stage_id
        WHERE v.valid_from >= %(since)s AND v.valid_from <= %(on)s AND {ENTERS} WINDOW w AS (PARTITION BY v.opportunity_id ORDER BY v.sequence)
    )"""


# Those that begin a visit, each `back` stretches before the window. Earlier stretches are as long as the window and are seen only as far as the
# window is: so many of their days, and up to a day so long after them. `came_from` is the place of the open stage the deal was in last.
MOVES = f"""moves AS MATERIALIZED (
    SELECT e.*, n.back, n.seen_on, e.next_day <= n.seen_on AS is_left, CASE WHEN e.came_as = 'open' THEN e.came_position WHEN e.came_as IS NULL THEN -1 ELSE (
            SELECT q.position FROM {VERSION} w JOIN {STAGE} q ON q.id = w.stage_id AND q.kind = 'open'
            WHERE w.opportunity_id = e.deal AND w.sequence < e.sequence ORDER BY w.sequence DESC LIMIT 1) END AS came_from
    FROM entries e CROSS JOIN LATERAL (
        SELECT back, %(on)s::date - back * %(days)s AS seen_on, %(cut)s::date - back * %(days)s AS cut
        FROM (SELECT greatest(0, ceil((%(start)s::date - e.day)::numeric / %(days)s))::int AS back) b) n
    WHERE e.day < %(cut)s AND e.day < n.cut
)"""
VISITS = f"""visits AS MATERIALIZED (
    SELECT row_number() OVER () AS id, t.*, c.region_id AS region, CASE WHEN is_skip THEN NULL ELSE left_on - day END AS days FROM (
        SELECT deal, stage, day, owner, amount, back, FALSE AS is_skip, CASE WHEN is_left THEN next_day END AS left_on,
            CASE WHEN is_left IS NOT TRUE THEN 'here' WHEN next_kind = 'lost' THEN 'lost'
                WHEN next_kind = 'open' AND next_position < position THEN 'moved_back' ELSE 'advanced' END AS outcome
        FROM moves WHERE kind = 'open'
        UNION ALL
        SELECT m.deal, t.id, m.day, m.owner, m.amount, m.back, TRUE, m.day, 'advanced' FROM moves m
        JOIN {STAGE} t ON t.kind = 'open' AND t.position > m.came_from AND (m.kind = 'won' OR t.position < m.position)
        WHERE m.kind = 'open' OR m.kind = 'won' AND m.came_as = 'open'
    ) t JOIN {DEAL} ON o.id = t.deal
)"""
COUNTED = ", ".join(f"count(*) FILTER (WHERE outcome = '{one}'), coalesce(sum(amount * share) FILTER (WHERE outcome = '{one}'), 0)" for one in OUTCOMES)
DAYS = ", ".join(f"percentile_cont({part}) WITHIN GROUP (ORDER BY days) FILTER (WHERE days IS NOT NULL)" for part in (0.5, 0.75))
SUMS = f"""SELECT kind, scope, stage, back > 0 AS is_earlier, {COUNTED}, count(*) FILTER (WHERE is_skip), count(*) FILTER (WHERE amount IS NULL),
        count(days), {DAYS}
    FROM shares JOIN visits USING (id) WHERE back = 0 OR kind = %(kind)s AND scope = %(scope)s GROUP BY 1, 2, 3, 4"""
LIST = f"""SELECT v.deal, o.name, coalesce(c.name, ''), r.name, v.day, v.left_on, v.outcome, v.is_skip, v.days, v.amount * s.share,
        count(*) OVER (), sum(v.amount * s.share) OVER (), count(*) FILTER (WHERE v.amount IS NULL) OVER ()
    FROM shares s JOIN visits v USING (id) JOIN {DEAL} ON o.id = v.deal JOIN reps_rep r ON r.id = v.owner
    WHERE v.stage = %(stage)s AND (%(outcome)s = '' OR v.outcome = %(outcome)s)
    ORDER BY v.amount * s.share DESC NULLS LAST, v.deal, v.day, v.id LIMIT %(limit)s OFFSET %(offset)s"""


def _shares(asked: Asked) -> str:
    return f"WITH {STANDING}, {_entries(asked)}, {MOVES}, {VISITS}, shares AS ({whose.scoped('visits')})"


@dataclass(frozen=True)
class Tally:
    """So many visits, worth so much where the amount is known."""

    count: int = 0
    amount: Decimal = Decimal(0)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.count + other.count, self.amount + other.amount)


@dataclass(frozen=True)
class Passage:
    """What became of the visits to one stage. Days are of the visits that ended; `skipped` and `unpriced` are among those that entered."""

    stage: int
    name: str
    advanced: Tally = Tally()
    lost: Tally = Tally()
    moved_back: Tally = Tally()
    here: Tally = Tally()
    skipped: int = 0
    unpriced: int = 0
    ended: int = 0
    median_days: float | None = None
    slow_days: float | None = None

    @property
    def entered(self) -> Tally:
        return self.advanced + self.lost + self.moved_back + self.here

    @property
    def conversion(self) -> Decimal | None:
        """The share that advanced."""
        return Decimal(self.advanced.count) / self.entered.count if self.entered.count else None

    @property
    def value_conversion(self) -> Decimal | None:
        return self.advanced.amount / self.entered.amount if self.entered.amount else None


@dataclass(frozen=True)
class Funnel:
    """The passages of each asked scope in the order of the stages, and those of the first one over the year before."""

    stages: tuple[Stage, ...]
    found: dict[tuple[str, int, int, bool], Passage]
    undated: int

    def of(self, scope: Scope) -> tuple[Passage, ...]:
        return self._of(scope, is_earlier=False)

    def before(self, scope: Scope) -> tuple[Passage, ...]:
        return self._of(scope, is_earlier=True)

    def _of(self, scope: Scope, *, is_earlier: bool) -> tuple[Passage, ...]:
        return tuple(self.found.get((scope.kind, scope.id, s.pk, is_earlier), Passage(s.pk, s.name)) for s in self.stages)


@dataclass(frozen=True)
class Visit:
    """One deal's visit to a stage; `left_on` is empty while it is there, `days` when it was skipped."""

    deal: int
    name: str
    customer: str
    rep: str
    entered_on: date
    left_on: date | None
    outcome: str
    is_skip: bool
    days: int | None
    amount: Decimal | None


@dataclass(frozen=True)
class Visits:
    """One page of visits, and how many and how much all of them are."""

    rows: tuple[Visit, ...]
    count: int
    amount: Decimal
    unpriced: int


def cumulative(passages: Iterable[Passage], *, by_value: bool = False) -> list[Decimal | None]:
    """Return for each stage the share of those entering the first that passes this one, when every step keeps its conversion."""
    shares: list[Decimal | None] = []
    share: Decimal | None = Decimal(1)
    for one in passages:
        step = one.value_conversion if by_value else one.conversion
        share = None if share is None or step is None else share * step
        shares.append(share)
    return shares


def read(scope: Scope, others: Iterable[Scope], window: Window, *, on: date) -> Funnel:
    """Return the funnel of a scope and of others, over a window as of the end of day `on`, in four queries."""
    stages = tuple(Stage.objects.filter(kind=Stage.Kind.OPEN))
    names = {stage.pk: stage.name for stage in stages}
    asked, days, found = whose.ask(scope, *others), _days(window, on, is_compared=True), {}
    for kind, pk, stage, is_earlier, *sums in whose.run(f"{_shares(asked)} {SUMS}", asked, kind=scope.kind, scope=scope.id, **days):
        advanced, lost, moved_back, here = (Tally(*sums[n : n + 2]) for n in range(0, 2 * len(OUTCOMES), 2))
        found[kind, pk, stage, is_earlier] = Passage(stage, names[stage], advanced, lost, moved_back, here, *sums[2 * len(OUTCOMES) :])
    return Funnel(stages, found, whose.undated(asked, scope, on=on))


def visits(scope: Scope, window: Window, stage: int, outcome: str = "", *, on: date, limit: int = 100, offset: int = 0) -> Visits:
    """Return one page of a stage's visits, all or those that ended in one way, largest first."""
    asked, days = whose.ask(scope), _days(window, on, is_compared=False)
    rows = whose.run(f"{_shares(asked)} {LIST}", asked, stage=stage, outcome=outcome, limit=limit, offset=offset, **days)
    count, amount, unpriced = rows[0][-3:] if rows else (0, None, 0)
    return Visits(tuple(Visit(*row[:-3]) for row in rows), count, amount or Decimal(0), unpriced)


def _days(window: Window, on: date, *, is_compared: bool) -> dict[str, Any]:
    """A year before the window is cut into as many stretches of its length as fit best, one at least."""
    stretches = max(1, round(YEAR / window.days)) if is_compared else 0
    since = window.start_on - timedelta(days=stretches * window.days)
    return {"start": window.start_on, "cut": min(window.end_on, on + DAY), "since": since, "days": window.days, "on": on}
