"""The kinds of widgets that people put on their boards: what each is called, and what it asks to be told. How they are drawn is elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.kpis import catalogue
from apps.kpis.declarations import Basis, Kind, Kpi, Unit

Text = str | Promise
WIDTHS = (3, 4, 5, 6, 7, 8, 9, 12)  # twelfths of a page
MOST_KPIS = 8  # beside each other in a table
ACTIVITIES = ("calls", "emails", "meetings", "demos")

PROGRESS, CHARTS, PEOPLE, PIPELINE, WORK = _("Figures"), _("Charts"), _("People and teams"), _("Pipeline and customers"), _("Work")


@dataclass(frozen=True)
class WidgetKind:
    """One kind. `takes` names the settings it has a use for; `accepts` says which KPIs it can show, `most` how many, `usual` the ones it starts with.

    `reads_records`: it cannot be drawn from what is read for all of them at once, and costs queries of its own.
    """

    key: str
    name: Text
    about: Text
    group: Text
    takes: frozenset[str]
    width: int = 6
    accepts: Callable[[Kpi], bool] = lambda one: True
    most: int = 1
    usual: tuple[str, ...] = ()
    reads_records: bool = False


def has_steps(one: Kpi) -> bool:
    """Whether it can be followed step by step: not what is held against a target."""
    return not one.target_of


def is_divided(one: Kpi) -> bool:
    return bool(one.part)


def is_daily(one: Kpi) -> bool:
    """Whether it is a count that happens on days."""
    return (
        one.unit == Unit.COUNT
        and one.bases == {Basis.NOW}
        and catalogue.is_cumulative(one)
        and all(catalogue.MEASURES[key].kind == Kind.FLOW for key in one.measures)
    )


def _kind(key: str, name: Text, about: Text, group: Text, takes: str, **more: object) -> WidgetKind:
    return WidgetKind(key, name, about, group, frozenset(takes.split()), **more)  # type: ignore[arg-type]


KINDS = {
    kind.key: kind
    for kind in (
        _kind(
            "figure",
            _("Figure"),
            _("One number with its change, its target and the way it has gone."),
            PROGRESS,
            "kpi scope period comparison",
            width=3,
            usual=("revenue",),
        ),
        _kind(
            "goal",
            _("Goal"),
            _("A figure against its target and what is expected by now, drawn as a bullet."),
            PROGRESS,
            "kpi scope period",
            width=4,
            accepts=lambda one: one.has_goals,
            usual=("revenue",),
        ),
        _kind(
            "number",
            _("The number"),
            _("Won against target: pace, gap in money and in deals, projection."),
            PROGRESS,
            "scope period comparison",
            width=5,
        ),
        _kind("text", _("Text"), _("Your own words: what a board is for, what to look at first."), PROGRESS, "text", width=4),
        _kind(
            "course",
            _("Course of the period"),
            _("What came together day by day, against the plan’s curve, with a projection."),
            CHARTS,
            "kpi scope period",
            width=7,
            accepts=catalogue.is_cumulative,
            usual=("revenue",),
        ),
        _kind(
            "trend",
            _("Trend"),
            _("A KPI over the last days, weeks, months, quarters or years, beside the time before."),
            CHARTS,
            "kpi scope grain comparison",
            accepts=has_steps,
            usual=("revenue",),
        ),
        _kind(
            "comparison",
            _("Comparison"),
            _("People, teams or regions beside each other as bars."),
            CHARTS,
            "kpi scope period among",
            usual=("revenue",),
        ),
        _kind(
            "parts",
            _("By stage or campaign"),
            _("A KPI divided by stages, such as the pipeline by stage, or by campaigns."),
            CHARTS,
            "kpi scope period",
            accepts=is_divided,
            usual=("pipeline_value",),
            reads_records=True,
        ),
        _kind(
            "distribution",
            _("Distribution"),
            _("How an average comes about: how many records lie in which range."),
            CHARTS,
            "kpi scope period",
            accepts=catalogue.can_be_spread,
            usual=("average_deal_size",),
            reads_records=True,
        ),
        _kind(
            "heat",
            _("Heat map"),
            _("On which weekdays how much happened, week by week."),
            CHARTS,
            "kpi scope period",
            accepts=is_daily,
            usual=("calls",),
        ),
        _kind(
            "leaderboard",
            _("Leaderboard"),
            _("Who leads, by attainment of the target or by the figure. Ties share a rank."),
            PEOPLE,
            "kpi scope period among",
            width=4,
            usual=("revenue",),
        ),
        _kind(
            "pace",
            _("Gap to pace"),
            _("People, teams or regions, who is furthest behind first: target, attainment, pace."),
            PEOPLE,
            "scope period among",
            width=8,
            reads_records=True,
        ),
        _kind(
            "table",
            _("Table"),
            _("People, teams or regions by KPIs of your choice, sortable, with what stands out marked."),
            PEOPLE,
            "kpis scope period among",
            width=12,
            most=MOST_KPIS,
            usual=("revenue", "deals_won", "win_rate", "average_deal_size", "pipeline_value"),
        ),
        _kind("funnel", _("Funnel"), _("How deals went from stage to stage, with the weakest step marked."), PIPELINE, "scope period", width=8),
        _kind(
            "waterfall",
            _("Pipeline waterfall"),
            _("How the open pipeline came from its start to its end: new, won, lost, pushed out."),
            PIPELINE,
            "scope period",
            width=8,
            reads_records=True,
        ),
        _kind(
            "cohorts",
            _("Cohorts"),
            _("Of the deals created in each month, the share won by each month after."),
            PIPELINE,
            "scope period",
            width=12,
            reads_records=True,
        ),
        _kind(
            "movement",
            _("Recurring revenue"),
            _("How monthly recurring revenue moved: new, expansion, contraction, churn."),
            PIPELINE,
            "scope period",
            width=8,
            reads_records=True,
        ),
        _kind(
            "at_risk",
            _("Deals at risk"),
            _("Open deals that are overdue, forgotten or pushed out again."),
            WORK,
            "scope",
            width=4,
            reads_records=True,
        ),
        _kind("changes", _("Since yesterday"), _("Deals won, lost and reopened since the last working day."), WORK, "scope", width=4, reads_records=True),
        _kind(
            "closing",
            _("What would close the gap"),
            _("Open deals by expected close, until they would cover what is missing."),
            WORK,
            "scope period",
            width=5,
            reads_records=True,
        ),
        _kind("agenda", _("Today"), _("A rep’s day: what is overdue, due and done."), WORK, "scope", width=4, reads_records=True),
        _kind(
            "activities",
            _("Activities"),
            _("Calls, e-mails, meetings and demos, or other KPIs, against their goals."),
            WORK,
            "kpis scope period comparison",
            width=8,
            most=MOST_KPIS,
            usual=ACTIVITIES,
        ),
    )
}
