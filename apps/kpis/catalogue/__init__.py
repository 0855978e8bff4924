"""Every number this product stores and shows, a module per family. To add one, add it to its family."""

from functools import cache

from apps.kpis.catalogue import activity, customers, enablement, leads, pipeline, quotes, recurring, revenue, social
from apps.kpis.declarations import Basis, Kind, Kpi, Sum, Unit

FAMILIES = (revenue, pipeline, quotes, leads, customers, recurring, activity, social, enablement)
MEASURES = {measure.key: measure for family in FAMILIES for measure in family.MEASURES}
KPIS = {kpi.key: kpi for family in FAMILIES for kpi in family.KPIS}


@cache
def is_cumulative(kpi: Kpi) -> bool:
    """Whether a KPI grows over its window, so that a part of the target is expected at a part of the window."""
    return isinstance(kpi.formula, Sum) and kpi.bases == {Basis.NOW} and {MEASURES[key].kind for key in kpi.measures} == {Kind.FLOW}


@cache
def can_be_spread(kpi: Kpi) -> bool:
    """Whether what single records add to a KPI says something: amounts and times, of one measure that happens on days, divided at most by how many they are."""
    uses, unit = kpi.formula.numerator.uses, kpi.unit in (Unit.MONEY, Unit.DAYS, Unit.MINUTES)
    if len(uses) != 1 or uses[0].basis != Basis.NOW or kpi.formula.factor != 1 or kpi.part == "stage" or not unit:
        return False
    own = MEASURES[uses[0].measure]
    below = kpi.formula.denominator.uses if kpi.formula.denominator else ()
    return own.kind == Kind.FLOW and all(use.basis == Basis.NOW and MEASURES[use.measure].stream == own.stream for use in below)


def with_goals() -> list[Kpi]:
    """The KPIs that can have a goal: not those that only make sense by stage, nor one that is made of a target itself."""
    return [kpi for kpi in KPIS.values() if kpi.has_goals]
