"""Boards to begin with: one for each role and one for each family of the catalogue. Their titles are written in the language of whoever begins."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from apps.boards.kinds import Text
from apps.boards.services import Placed


@dataclass(frozen=True)
class Start:
    """A board to begin with: what it is called, what it is for, and what stands on it."""

    key: str
    name: Text
    about: Text
    widgets: Callable[[], list[Placed]]


def _figure(kpi: str, **settings: object) -> Placed:
    return Placed("figure", {"kpis": [kpi], **settings})


def _of(kind: str, *kpis: str, **settings: object) -> Placed:
    return Placed(kind, {**({"kpis": list(kpis)} if kpis else {}), **settings})


def _manager() -> list[Placed]:
    return [
        _of("number", width=5),
        _of("course", "revenue", width=7),
        *(_figure(kpi) for kpi in ("deals_won", "win_rate", "average_deal_size", "pipeline_coverage")),
        _of("pace", width=8),
        _of("at_risk", width=4),
        _of("funnel", width=8),
        _of("changes", width=4),
        _of("leaderboard", "revenue", width=4),
        _of("activities", width=8),
    ]


def _rep() -> list[Placed]:
    return [
        _of("number", width=5, scope="own"),
        _of("course", "revenue", width=7, scope="own"),
        _of("closing", width=5, scope="own"),
        _of("agenda", width=4, scope="own"),
        _figure("win_rate", scope="own"),
        _of("activities", width=12, scope="own"),
        _of("trend", "revenue", width=6, scope="own", grain="month", comparison="year"),
        _of("heat", "calls", width=6, scope="own"),
    ]


def _executive() -> list[Placed]:
    return [
        _of("number", width=5),
        _of("trend", "revenue", width=7, grain="month", comparison="year"),
        *(_figure(kpi) for kpi in ("sales_growth", "profit_margin", "mrr", "pipeline_value")),
        _of("comparison", "revenue", width=6, among="regions"),
        _of("pace", width=6, among="teams"),
        _of("movement", width=6),
        _of("waterfall", width=6),
    ]


def _revenue() -> list[Placed]:
    return [
        *(_figure(kpi) for kpi in ("revenue", "sales_growth", "profit_margin", "average_purchase_value")),
        _of("course", "revenue", width=7),
        _of("comparison", "revenue", width=5, among="teams"),
        _of("trend", "revenue", width=6, grain="quarter", comparison="year"),
        _of("distribution", "average_deal_size", width=6),
        _of("table", "revenue", "deals_won", "average_deal_size", "win_rate", "target_attainment", width=12),
    ]


def _pipeline() -> list[Placed]:
    return [
        *(_figure(kpi) for kpi in ("pipeline_value", "weighted_pipeline", "pipeline_coverage", "sales_velocity")),
        _of("waterfall", width=8),
        _of("parts", "pipeline_value", width=4),
        _of("funnel", width=8),
        _of("at_risk", width=4),
        _of("cohorts", width=12),
    ]


def _leads() -> list[Placed]:
    return [
        *(_figure(kpi) for kpi in ("leads_created", "lead_response_time", "lead_to_opportunity", "cost_per_lead")),
        _of("trend", "leads_created", width=6, grain="week"),
        _of("trend", "lead_to_opportunity", width=6, grain="month"),
        _of("comparison", "lead_conversion_rate", width=6),
        _of("heat", "leads_created", width=6),
    ]


def _customers() -> list[Placed]:
    return [
        *(_figure(kpi) for kpi in ("mrr", "nrr", "churn_rate", "new_customers")),
        _of("movement", width=8),
        _figure("clv", width=4),
        _of("trend", "mrr", width=6, grain="month", comparison="year"),
        _of("trend", "new_customers", width=6, grain="month"),
    ]


def _activity() -> list[Placed]:
    return [
        _of("activities", "calls", "emails", "meetings", "demos", width=12),
        _of("heat", "calls", width=6),
        _of("heat", "meetings", width=6),
        _of("table", "calls", "emails", "meetings", "demos", "opportunities_created", width=8),
        _of("leaderboard", "calls", width=4),
        _of("parts", "email_open_rate", width=6),
        _of("trend", "meetings", width=6, grain="week"),
    ]


def _social() -> list[Placed]:
    return [
        *(_figure(kpi) for kpi in ("followers", "follower_growth", "profile_views", "connection_acceptance")),
        _of("trend", "followers", width=6, grain="month"),
        _of("comparison", "profile_strength", width=6),
        _of("leaderboard", "followers", width=4),
        _of("trend", "inbound_inquiries", width=8, grain="month"),
    ]


def _enablement() -> list[Placed]:
    return [
        _figure("product_expertise", width=4),
        _of("trend", "product_expertise", width=8, grain="quarter"),
        _of("comparison", "product_expertise", width=6),
        _of("table", "product_expertise", "win_rate", "sales_cycle", "average_deal_size", width=6),
    ]


def _empty() -> list[Placed]:
    return []


STARTS = {
    start.key: start
    for start in (
        Start("manager", _("Team lead"), _("Will we make the number, who needs help, which deals are at risk."), _manager),
        Start("rep", _("My day"), _("My number, what would close the gap, what to do today."), _rep),
        Start("executive", _("Company at a glance"), _("Growth, margin, regions, recurring revenue."), _executive),
        Start("revenue", _("Revenue"), _("What was won, by whom, and how it grows."), _revenue),
        Start("pipeline", _("Pipeline"), _("What is open, how it moved, where it gets stuck."), _pipeline),
        Start("leads", _("Leads"), _("How many come in, how fast they are answered, what becomes of them."), _leads),
        Start("customers", _("Customers"), _("Recurring revenue, churn and new customers."), _customers),
        Start("activity", _("Activity"), _("Calls, e-mails, meetings and demos: how many, when, by whom."), _activity),
        Start("social", _("Social selling"), _("Followers, views and connections."), _social),
        Start("enablement", _("Enablement"), _("How well people know the product, and what follows from it."), _enablement),
        Start("empty", _("Empty board"), _("Nothing on it yet: add what you want."), _empty),
    )
}
