"""What a board is made of, read in a fixed number of queries however many people and deals there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.core import dates
from apps.core.periods import Window
from apps.dashboards.selection import Selection
from apps.dashboards.widgets.funnel import Passage
from apps.goals import selectors as goals
from apps.goals.selectors import GoalFigure
from apps.kpis import reading, selectors
from apps.kpis.figures import Figure, Point
from apps.opportunities.models import Stage
from apps.reps.scopes import Scope

ACTIVITIES = ("calls", "emails", "meetings", "demos")
TILES = ("deals_won", "win_rate", "average_deal_size", "pipeline_coverage", "sales_cycle")
OWN = ("revenue", *TILES, "pipeline_value", *ACTIVITIES)
COMPARED = ("revenue", "deals_won", "win_rate", "average_deal_size", "pipeline_value", "sales_cycle", *ACTIVITIES)
LINES = ("deals_won", "win_rate", "average_deal_size", "pipeline_value", "sales_cycle")
STEPS = 12  # of a small line
PASSAGE = ("stage_entries", "stage_entry_amount", "stage_advances", "stage_losses", "stage_backs", "stage_exits", "stage_days", "open_count")


@dataclass(frozen=True)
class Comparison:
    """A KPI's figures at the same elapsed point of the period before, and how that point is called."""

    figures: dict[tuple[str, Scope], Figure]
    since: str

    def of(self, kpi: str, scope: Scope) -> Figure | None:
        return self.figures.get((kpi, scope))


def now(selection: Selection, others: Iterable[Scope]) -> dict[tuple[str, Scope], GoalFigure]:
    """Return the board's own figures and those of the scopes in it, each with its progress."""
    return goals.figures(OWN, [selection.scope, *others], selection.window, on=selection.on, calendar=selection.calendar)


def before(selection: Selection) -> Comparison:
    """Return the board's own figures at the same elapsed point of the period before."""
    earlier, until = selection.calendar.same_elapsed(selection.window, selection.on)
    name = dates.window_name(earlier)
    since = name if selection.is_over else _("this point of %(period)s") % {"period": name}
    return Comparison(selectors.figures(COMPARED, [selection.scope], earlier, on=until, calendar=selection.calendar), since)


def lines(selection: Selection) -> tuple[dict[str, list[Point]], str]:
    """Return the tiles' series over the last twelve months or weeks, and what they show in words."""
    grain = "month" if selection.window.days > 31 or selection.window.grain == "quarter" else "week"
    until = min(selection.on, selection.window.last_on)
    last = first = selection.calendar.containing(grain, until)
    for _step in range(STEPS - 1):
        first = selection.calendar.previous(first)
    span = Window("", None, first.start_on, last.end_on)
    found = selectors.several_series(LINES, selection.scope, span, grain, on=selection.on, calendar=selection.calendar)
    caption = (
        _("Small lines: the last twelve months, the running one dashed.")
        if grain == "month"
        else _("Small lines: the last twelve weeks, the running one dashed.")
    )
    return found, caption


def daily(selection: Selection) -> list[Point]:
    """Return what was won day by day."""
    return selectors.series("revenue", selection.scope, selection.window, "day", on=selection.on, calendar=selection.calendar)


def curve(found: GoalFigure, selection: Selection) -> list[tuple[date, Decimal]]:
    """Return what a figure's goals ask for day by day."""
    return goals.curve_of(found.goals, selection.window, selection.calendar) if found.progress else []


def passages(selection: Selection) -> list[Passage]:
    """Return what went through each open stage in the period."""
    found = reading.amounts(PASSAGE, [selection.scope], selection.window, on=selection.on)
    stages = Stage.objects.filter(kind=Stage.Kind.OPEN)
    return [_passage(stage, found.of(selection.scope, stage.pk)) for stage in stages]


def _passage(stage: Stage, sums: dict[str, Decimal]) -> Passage:
    return Passage(
        stage=stage.name,
        entered=sums["stage_entries"],
        amount=sums["stage_entry_amount"],
        advanced=sums["stage_advances"],
        lost=sums["stage_losses"],
        moved_back=sums["stage_backs"],
        exits=sums["stage_exits"],
        days=sums["stage_days"],
        open_count=sums["open_count"],
    )
