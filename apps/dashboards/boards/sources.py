"""What a board is made of, read in a fixed number of queries however many people and deals there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.core import dates
from apps.core.periods import Window
from apps.dashboards.selection import Selection
from apps.dashboards.widgets.funnel import Passage
from apps.goals import selectors as goals
from apps.goals.rows import Span
from apps.goals.selectors import GoalFigure, Loaded
from apps.kpis import reading, selectors
from apps.kpis.books import Need
from apps.kpis.figures import Figure, Point
from apps.reps.scopes import Scope

ACTIVITIES = ("calls", "emails", "meetings", "demos")
TILES = ("deals_won", "win_rate", "average_deal_size", "pipeline_coverage", "sales_cycle")
OWN = ("revenue", *TILES, "pipeline_value", *ACTIVITIES)
COMPARED = ("revenue", "deals_won", "win_rate", "average_deal_size", "pipeline_value", "sales_cycle", *ACTIVITIES)
COACHED = (
    *("revenue", "deals_won", "win_rate", "average_deal_size", "sales_cycle", "pipeline_value", "pipeline_coverage"),
    *("opportunities_created", "leads_created", "lead_response_time", *ACTIVITIES),
)
LINES = ("deals_won", "win_rate", "average_deal_size", "pipeline_value", "sales_cycle")
COACHED_LINES = ("revenue", *LINES)
INSIDE = ("revenue", "pipeline_coverage")  # of everybody and everything in the scope
STEPS = 12  # of a small line
PASSAGE = ("stage_entries", "stage_entry_amount", "stage_advances", "stage_losses", "stage_backs", "stage_exits", "stage_days", "open_count")


@dataclass(frozen=True)
class Comparison:
    """A KPI's figures at the same elapsed point of the period before, and how that point is called."""

    figures: dict[tuple[str, Scope], Figure]
    since: str

    def of(self, kpi: str, scope: Scope) -> Figure | None:
        return self.figures.get((kpi, scope))


@dataclass(frozen=True)
class Sources:
    """All stored sums and goals of one board, read at once."""

    selection: Selection
    loaded: Loaded

    def now(self, kpis: Iterable[str], scopes: Iterable[Scope], window: Window | None = None) -> dict[tuple[str, Scope], GoalFigure]:
        """Return figures of the board's window, or of another, with their progress."""
        look = self.selection
        return goals.figures(kpis, scopes, window or look.window, on=look.on, calendar=look.calendar, loaded=self.loaded)

    def before(self, kpis: Iterable[str]) -> Comparison:
        """Return the board's own figures at the same elapsed point of the period before."""
        look, (earlier, until) = self.selection, self.selection.earlier()
        name = dates.window_name(earlier)
        since = name if look.is_over else _("this point of %(period)s") % {"period": name}
        return Comparison(selectors.figures(kpis, [look.scope], earlier, on=until, calendar=look.calendar, book=self.loaded.book), since)

    def lines(self, kpis: Sequence[str] = LINES) -> tuple[dict[str, list[Point]], str]:
        """Return series, those of the tiles unless it says which, over the last twelve months or weeks, and what they show in words."""
        span, grain = _span(self.selection)
        caption = (
            _("Small lines: the last twelve months, the running one dashed.")
            if grain == "month"
            else _("Small lines: the last twelve weeks, the running one dashed.")
        )
        return self._series(kpis, span, grain), caption

    def daily(self) -> list[Point]:
        """Return what was won day by day."""
        return self._series(("revenue",), self.selection.window, "day")["revenue"]

    def by(self, grain: str, kpi: str, span: Window) -> list[Point]:
        """Return one KPI step by step."""
        return self._series((kpi,), span, grain)[kpi]

    def _series(self, kpis: Sequence[str], span: Window, grain: str) -> dict[str, list[Point]]:
        look = self.selection
        return selectors.several_series(kpis, look.scope, span, grain, on=look.on, calendar=look.calendar, book=self.loaded.book)

    def passages(self, stages: Iterable[tuple[int, str]]) -> list[Passage]:
        """Return what went through each open stage in the period."""
        look = self.selection
        found = reading.amounts(PASSAGE, [look.scope], look.window, on=look.on, calendar=look.calendar, book=self.loaded.book)
        return [_passage(name, found.of(look.scope, pk)) for pk, name in stages]

    def curve(self, found: GoalFigure) -> list[tuple[date, Decimal]]:
        """Return what a figure's goals ask for day by day."""
        return goals.curve_of(found.goals, self.selection.window, self.selection.calendar) if found.progress else []


def of_group(selection: Selection, inside: Sequence[Scope], *, counted_to: date | None) -> Sources:
    """Read what the board of a company, region or team is made of."""
    span, grain = _span(selection)
    more = [
        *_needs_before(selection),
        *_needs_of_series(selection, LINES, span, grain),
        *_needs_of_series(selection, ("revenue",), selection.window, "day"),
        Need(frozenset(PASSAGE), (selection.scope,), (selection.window,), selection.on, selection.calendar),
    ]
    return Sources(selection, _load(selection, {OWN: [selection.scope], INSIDE: inside}, more, counted_to))


def of_person(selection: Selection, peers: Sequence[Scope], month: Window, quarters: Window, *, counted_to: date | None) -> Sources:
    """Read what a rep's board is made of: also the running month's activities and the last quarters, with their targets."""
    more = [
        *_needs_before(selection),
        *_needs_of_series(selection, ("revenue",), selection.window, "day"),
        *_needs_of_series(selection, ("revenue",), quarters, "quarter"),
        *selectors.needs(ACTIVITIES, [selection.scope], month, on=selection.on, calendar=selection.calendar),
    ]
    first, last = min(month.start_on, quarters.start_on), max(month.last_on, quarters.last_on)
    also = Span([selection.scope], first, last)
    return Sources(selection, _load(selection, {OWN: [selection.scope], ("revenue",): peers}, more, counted_to, [also]))


def of_coaching(selection: Selection, others: Sequence[Scope], *, counted_to: date | None) -> Sources:
    """Read what a one-to-one is made of: a rep's figures beside those of the others in the team."""
    span, grain = _span(selection)
    more = [*_needs_before(selection), *_needs_of_series(selection, COACHED_LINES, span, grain)]
    return Sources(selection, _load(selection, {COACHED: [selection.scope, *others]}, more, counted_to))


def _load(selection: Selection, asked: dict[tuple[str, ...], Sequence[Scope]], more: list[Need], counted_to: date | None, also: Iterable[Span] = ()) -> Loaded:
    return goals.load(asked, selection.window, on=selection.on, calendar=selection.calendar, more=more, goals=also, counted_to=counted_to)


def _needs_before(selection: Selection) -> list[Need]:
    earlier, until = selection.earlier()
    return selectors.needs(COMPARED, [selection.scope], earlier, on=until, calendar=selection.calendar)


def _needs_of_series(selection: Selection, kpis: Iterable[str], span: Window, grain: str) -> list[Need]:
    return selectors.needs_of_series(kpis, selection.scope, span, grain, on=selection.on, calendar=selection.calendar)


def _span(selection: Selection) -> tuple[Window, str]:
    """Return the last twelve months or weeks, and which of the two."""
    grain = "month" if selection.window.days > 31 or selection.window.grain == "quarter" else "week"
    return last_of(grain, STEPS, selection), grain


def last_of(grain: str, steps: int, selection: Selection) -> Window:
    """Return the last so many weeks, months or quarters up to the day a board is as of, the running one with them."""
    last = first = selection.calendar.containing(grain, min(selection.on, selection.window.last_on))
    for _step in range(steps - 1):
        first = selection.calendar.previous(first)
    return Window("", None, first.start_on, last.end_on)


def _passage(stage: str, sums: dict[str, Decimal]) -> Passage:
    return Passage(
        stage=stage,
        entered=sums["stage_entries"],
        amount=sums["stage_entry_amount"],
        advanced=sums["stage_advances"],
        lost=sums["stage_losses"],
        moved_back=sums["stage_backs"],
        exits=sums["stage_exits"],
        days=sums["stage_days"],
        open_count=sums["open_count"],
    )
