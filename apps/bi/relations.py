"""What each view is: its columns, what they mean, and the SELECT it is made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db import models

from apps.kpis import catalogue
from apps.kpis.declarations import Kind, Kpi
from apps.kpis.divisions import DIVISIONS
from apps.kpis.layouts import Layout, layouts

FACTS = {
    "regions": "reps.Region",
    "teams": "reps.Team",
    "reps": "reps.Rep",
    "memberships": "reps.Membership",
    "campaigns": "campaigns.Campaign",
    "expenses": "campaigns.Expense",
    "customers": "customers.Customer",
    "orders": "customers.Order",
    "subscriptions": "customers.Subscription",
    "revenue_movements": "customers.Movement",
    "leads": "leads.Lead",
    "products": "opportunities.Product",
    "stages": "opportunities.Stage",
    "deals": "opportunities.Opportunity",
    "deal_states": "opportunities.OpportunityVersion",
    "deal_credits": "opportunities.Credit",
    "quotes": "opportunities.Quote",
    "activities": "activities.Activity",
    "social_readings": "activities.SocialReading",
    "social_posts": "activities.SocialPost",
    "assessments": "activities.Assessment",
    "goals": "goals.Goal",
    "periods": "core.Period",
    "exchange_rates": "core.Rate",
}
PRIVATE = {("leads.Lead", "email"), ("leads.Lead", "phone")}  # how to reach a person is nobody's key figure
GRAINS = ("month", "quarter", "year")
STORED = f"grain IN {GRAINS} AND (kind = 'company' OR scope <> 0)"  # what no rep did stands below a rep without a number
SCOPE = """CASE s.kind WHEN 'company' THEN (SELECT name FROM core_organisation LIMIT 1) WHEN 'region' THEN (SELECT name FROM reps_region WHERE id = s.scope)
        WHEN 'team' THEN (SELECT name FROM reps_team WHERE id = s.scope) ELSE (SELECT name FROM reps_rep WHERE id = s.scope) END"""


@dataclass(frozen=True)
class Column:
    """One column: the SQL it is, and what it means."""

    name: str
    sql: str
    about: str


@dataclass(frozen=True)
class View:
    """One view; `tables` is what stands after FROM."""

    name: str
    about: str
    columns: tuple[Column, ...]
    tables: str

    @property
    def select(self) -> str:
        return f"SELECT {', '.join(f'{one.sql} AS {one.name}' for one in self.columns)} FROM {self.tables}"


@cache
def views() -> tuple[View, ...]:
    """Return every view, facts first."""
    return (*(_facts(name, label) for name, label in FACTS.items()), _sums(), _kpis())


def _facts(name: str, label: str) -> View:
    """A view of a model: its own fields, and beside each row it refers to that row's name."""
    model = apps.get_model(label)
    columns: list[Column] = []
    joins: list[str] = []
    for field in model._meta.concrete_fields:
        if (label, field.name) in PRIVATE or field.is_relation and field.related_model._meta.label == "accounts.User":  # type: ignore[union-attr]
            continue
        columns.append(Column(field.column, f"t.{field.column}", _about(field)))
        if isinstance(field, models.ForeignKey) and any(one.name == "name" for one in field.related_model._meta.get_fields()):
            joins.append(f"LEFT JOIN {field.related_model._meta.db_table} {field.name} ON {field.name}.id = t.{field.column}")
            columns.append(Column(field.name, f"{field.name}.name", f"{_about(field)}: its name"))
    return View(name, _first_line(model), tuple(columns), " ".join([f"{model._meta.db_table} t", *joins]))


def _about(field: "models.Field[object, object]") -> str:
    return " · ".join(filter(None, [str(field.verbose_name), str(field.help_text)]))


def _first_line(model: type[models.Model]) -> str:
    return " ".join((model.__doc__ or "").split("\n\n")[0].split())


def _sums() -> View:
    """Every stored sum by measure, scope and period, and by part where it is broken down."""
    arms = [_unfolded(layout) for layout in layouts().values()]
    tables = f"""({" UNION ALL ".join(arms)}) s LEFT JOIN core_period p ON p.grain = s.grain AND p.start_on = s.start_on
        LEFT JOIN opportunities_stage stage ON s.part_of = 'stage' AND stage.id = s.part LEFT JOIN campaigns_campaign campaign ON s.part_of = 'campaign' AND campaign.id = s.part"""
    return View("sums", "One measure's sum for one scope over one period, as it is stored; what is nothing has no row.", (*_whose(), *OF_SUMS), tables)


OF_SUMS = (
    Column("measure", "s.measure", "What is added up; see the reference of KPIs for which of them a KPI is made of"),
    Column(
        "part",
        "CASE s.part_of WHEN 'stage' THEN stage.name WHEN 'campaign' THEN campaign.name END",
        "The stage or campaign, where the sum is broken down by them",
    ),
    Column("amount", "s.amount", "The sum: a flow's over the period, a stock's at its end"),
)


def _unfolded(layout: Layout) -> str:
    values = ", ".join(f"('{measure.key}', t.amounts[{n}])" for n, measure in enumerate(layout.measures, 1))
    of = layout.stream.part_of if layout.stream.part_of in DIVISIONS else ""
    return f"""SELECT t.kind, t.scope, t.grain, t.start_on, t.part, '{of}' AS part_of, v.measure, v.amount
        FROM kpis_snapshot t CROSS JOIN LATERAL (VALUES {values}) v(measure, amount)
        WHERE t.stream = '{layout.key}' AND {STORED} AND v.amount <> 0"""


def _whose() -> tuple[Column, ...]:
    return (
        Column("scope_kind", "s.kind", "company, region, team or rep"),
        Column("scope_id", "s.scope", "Its number; 0 for the company"),
        Column("scope", SCOPE, "Its name"),
        Column("grain", "s.grain", "month, quarter or year"),
        Column("period", "p.key", "The period as KPIBoard names it, such as 2025-Q1"),
        Column("start_on", "s.start_on", "Its first day"),
        Column("end_on", "p.end_on", "The first day no longer in it"),
    )


def told() -> list[Kpi]:
    """Return the KPIs that a period's own stored sums say."""
    return [kpi for kpi in catalogue.KPIS.values() if all(term.sql for term in kpi.terms) and not _has_span(kpi)]


def untold() -> list[Kpi]:
    """Return those that need more."""
    return [kpi for kpi in catalogue.KPIS.values() if kpi not in told()]


def _has_span(kpi: Kpi) -> bool:
    return any(catalogue.MEASURES[key].kind == Kind.SPAN for key in kpi.measures)


def _kpis() -> View:
    """Every KPI that a period's own sums say, by scope and period."""
    kpis, streams = told(), layouts()
    wanted = sorted({key for kpi in kpis for key in kpi.measures})
    sums = (
        f"coalesce(sum(amounts[{_slot(streams[catalogue.MEASURES[key].stream], key)}]) FILTER (WHERE stream = '{catalogue.MEASURES[key].stream}'), 0) AS {key}"
        for key in wanted
    )
    summed = f"SELECT kind, scope, grain, start_on, {', '.join(sums)} FROM kpis_snapshot WHERE {STORED} GROUP BY kind, scope, grain, start_on HAVING bool_or(0 <> ANY(amounts))"
    values = ", ".join(f"('{kpi.key}', '{kpi.unit}', {_value(kpi)}, {_kinds(kpi.scopes)})" for kpi in kpis)
    tables = f"""({summed}) s CROSS JOIN LATERAL (VALUES {values}) v(kpi, unit, value, kinds)
        LEFT JOIN core_period p ON p.grain = s.grain AND p.start_on = s.start_on WHERE s.kind = ANY(v.kinds)"""
    of = (
        Column("kpi", "v.kpi", "The KPI, as the reference names it"),
        Column("unit", "v.unit", "money (in the organisation’s currency), count, percent, days, minutes, score or ratio"),
        Column("value", "v.value", "The value, rounded to six digits; empty where there is nothing to divide by"),
    )
    return View("kpis", "One KPI of one scope over one period in which anything was counted.", (*_whose(), *of), tables)


def _slot(layout: Layout, key: str) -> int:
    return 1 + [measure.key for measure in layout.measures].index(key)


def _value(kpi: Kpi) -> str:
    formula = kpi.formula
    if formula.denominator is None:
        return f"round(({formula.numerator.sql})::numeric, 6)"
    return f"round(({formula.numerator.sql})::numeric / nullif({formula.denominator.sql}, 0) * {formula.factor}, 6)"


def _kinds(scopes: Iterable[str]) -> str:
    return "ARRAY[" + ", ".join(f"'{scope}'" for scope in scopes) + "]"
