"""Refuses a wrong declaration when the product starts, before any query runs."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.core.checks import CheckMessage, Error, register

from apps.kpis import catalogue
from apps.kpis.declarations import EVERY_SCOPE, Basis, Kind, Kpi
from apps.kpis.divisions import DIVISIONS
from apps.kpis.streams import STREAMS
from apps.kpis.streams.arms import NO_CREW


@register()
def catalogue_is_sound(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check every stream's arms, every measure's stream and every KPI's measures."""
    return [*_streams(), *_measures(), *_kpis()]


def _streams() -> Iterator[CheckMessage]:
    for stream in STREAMS.values():
        if any((arm.crew != NO_CREW) != bool(arm.is_first) for arm in stream.arms):
            yield Error(f"Stream {stream.key} has a crew without the condition under which records have one, or the other way round.", id="kpis.E014")


def _measures() -> Iterator[CheckMessage]:
    for measure in catalogue.MEASURES.values():
        if measure.stream not in STREAMS:
            yield Error(f"Measure {measure.key} names the stream {measure.stream}, which is not declared.", id="kpis.E001")
        elif STREAMS[measure.stream].is_windowed != (measure.kind == Kind.WINDOW):
            yield Error(f"Measure {measure.key} and its stream disagree on being counted per period.", id="kpis.E002")
        elif measure.kind == Kind.STOCK and "sign" not in STREAMS[measure.stream].columns:
            yield Error(f"Measure {measure.key} is a stock, so its stream gives increments (a column `sign`).", id="kpis.E003")
        if len(measure.key) > 32:
            yield Error(f"Measure {measure.key} has a key of more than 32 characters.", id="kpis.E004")


def _kpis() -> Iterator[CheckMessage]:
    for kpi in catalogue.KPIS.values():
        for key in kpi.measures:
            if key not in catalogue.MEASURES:
                yield Error(f"KPI {kpi.key} names the measure {key}, which is not declared.", id="kpis.E005")
        for use in kpi.uses:
            wanted = {Basis.START: Kind.STOCK, Basis.YEAR: Kind.FLOW}.get(use.basis)
            if wanted and use.measure in catalogue.MEASURES and catalogue.MEASURES[use.measure].kind != wanted:
                yield Error(f"KPI {kpi.key} reads {use.measure} over a basis that is for a {wanted} only.", id="kpis.E008")
        if kpi.part and not _is_divided(kpi):
            yield Error(f"KPI {kpi.key} is divided by {kpi.part}, which is no division, or not one of all its measures.", id="kpis.E009")
        if kpi.target_of and kpi.target_of not in catalogue.KPIS:
            yield Error(f"KPI {kpi.key} asks for the target of {kpi.target_of}, which is no KPI.", id="kpis.E006")
        if not str(kpi.definition).endswith("."):
            yield Error(f"KPI {kpi.key} has no sentence that defines it.", id="kpis.E007")
        if kpi.has_median and not _is_average(kpi):
            yield Error(f"KPI {kpi.key} has a median, but is no average over the records that its denominator counts.", id="kpis.E013")
        yield from _scopes(kpi)


def _scopes(kpi: Kpi) -> Iterator[CheckMessage]:
    """Scopes are the widest ones, in their order; what belongs to no rep is the company's only; a target is one that can be set."""
    if not kpi.scopes or kpi.scopes != EVERY_SCOPE[: len(kpi.scopes)]:
        yield Error(f"KPI {kpi.key} names scopes that are not the first of {', '.join(EVERY_SCOPE)}.", id="kpis.E010")
    measures = [catalogue.MEASURES[key] for key in kpi.measures if key in catalogue.MEASURES]
    if kpi.scopes != EVERY_SCOPE[:1] and any(STREAMS[m.stream].is_of_company for m in measures if m.stream in STREAMS):
        yield Error(f"KPI {kpi.key} reads what belongs to no rep, so it makes sense for the company only.", id="kpis.E011")
    wanted = catalogue.KPIS.get(kpi.target_of)
    if wanted and (not wanted.has_goals or set(kpi.scopes) - set(wanted.scopes)):
        yield Error(f"KPI {kpi.key} asks for targets of {kpi.target_of} that nobody can set.", id="kpis.E012")


def _is_divided(kpi: Kpi) -> bool:
    streams = [STREAMS.get(catalogue.MEASURES[key].stream) for key in kpi.measures if key in catalogue.MEASURES]
    return kpi.part in DIVISIONS and all(stream and stream.part_of == kpi.part for stream in streams)


def _is_average(kpi: Kpi) -> bool:
    """Whether a KPI is what some records add, divided by the number of just those records."""
    if not kpi.formula.denominator or kpi.formula.factor != 1:
        return False
    above, below = (catalogue.MEASURES.get(term.words) for term in kpi.terms)
    if not above or not below or above.is_split or above.kind != Kind.FLOW:
        return False
    return replace(below, key=above.key, name=above.name, amount=above.amount, is_whole=above.is_whole) == above and below.amount == "1"
