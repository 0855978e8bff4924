"""What each KPI means, in words people read: the page in the product and the page in docs/reference are made of the same entries."""

import re
from dataclasses import dataclass
from itertools import groupby

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.kpis import catalogue
from apps.kpis.declarations import Better, Kind, Kpi, Measure, Unit
from apps.kpis.streams import STREAMS

SCOPES = {"company": gettext_lazy("company"), "region": gettext_lazy("region"), "team": gettext_lazy("team"), "rep": gettext_lazy("rep")}
UNITS = {
    Unit.MONEY: gettext_lazy("money"),
    Unit.COUNT: gettext_lazy("a number"),
    Unit.PERCENT: gettext_lazy("percent"),
    Unit.DAYS: gettext_lazy("days"),
    Unit.MINUTES: gettext_lazy("minutes"),
    Unit.SCORE: gettext_lazy("points"),
    Unit.RATIO: gettext_lazy("times"),
    Unit.MONEY_PER_DAY: gettext_lazy("money per day"),
}
DIRECTIONS = {Better.UP: gettext_lazy("higher"), Better.DOWN: gettext_lazy("lower")}
OVER_TIME = {
    Kind.FLOW: gettext_lazy("adds up over the days of the period"),
    Kind.STOCK: gettext_lazy("stands at the end of a day: what enters adds, what leaves takes away"),
    Kind.SPAN: gettext_lazy("is read from the rows that cover the period's days"),
    Kind.WINDOW: gettext_lazy("is counted for each period by itself, because it depends on the period's own ends"),
}


@dataclass(frozen=True)
class Amount:
    """One measure of a KPI: what one record adds to it, of which records, and how it adds up over time."""

    key: str
    name: str
    record: str
    adds: str
    share: str
    when: str
    unknown: str
    over_time: str


@dataclass(frozen=True)
class Entry:
    """One KPI as it is declared, every field a text."""

    key: str
    name: str
    definition: str
    formula: str
    unit: str
    better: str
    date_basis: str
    owner_basis: str
    left_out: str
    no_value: str
    median: str
    elsewhere: str
    scopes: tuple[str, ...]
    amounts: tuple[Amount, ...]


def families() -> list[tuple[str, list[Entry]]]:
    """Return every KPI by the family it belongs to, in the catalogue's order."""
    return [(str(name), [entry(one) for one in found]) for name, found in groupby(catalogue.KPIS.values(), key=lambda one: one.family)]


def entry(one: Kpi) -> Entry:
    return Entry(
        key=one.key,
        name=str(one.name),
        definition=str(one.definition),
        formula=in_words(one),
        unit=str(UNITS[one.unit]),
        better=str(DIRECTIONS[one.better]),
        date_basis=str(one.date_basis),
        owner_basis=str(one.owner_basis),
        left_out=str(one.left_out),
        no_value=str(one.no_value) if one.formula.denominator else "",
        median=median(one),
        elsewhere=str(one.elsewhere),
        scopes=tuple(str(SCOPES[kind]) for kind in one.scopes),
        amounts=tuple(amount(catalogue.MEASURES[key]) for key in one.measures),
    )


def median(one: Kpi) -> str:
    """Say what the median beside an average is; nothing for what has none."""
    if not one.has_median:
        return ""
    name = catalogue.MEASURES[one.measures[0]].name
    return _("Beside the average, where it is opened: “%(measure)s” of the one in the middle of the same records, or the mean of the two there.") % {
        "measure": name
    }


def amount(measure: Measure) -> Amount:
    """Say what one record adds; the conditions are those of the recount itself."""
    return Amount(
        key=measure.key,
        name=str(measure.name),
        record=str(apps.get_model(STREAMS[measure.stream].model)._meta.verbose_name),
        adds=measure.amount,
        share=_("× the rep’s credit") if measure.is_split else "",
        when="" if measure.when == "TRUE" else measure.when,
        unknown="" if measure.unknown == "FALSE" else measure.unknown,
        over_time=str(OVER_TIME[measure.kind]),
    )


def by_keys(one: Kpi) -> str:
    """Write a KPI's formula over its measures' keys."""
    above, below = one.formula.numerator.words, one.formula.denominator
    return above if below is None else f"{above} ÷ {below.words}" + (f" × {one.formula.factor}" if one.formula.factor != 1 else "")


def in_words(one: Kpi) -> str:
    """Write a KPI's formula with the names of its measures."""
    names = {
        **{key: f"“{measure.name}”" for key, measure in catalogue.MEASURES.items()},
        **{key: str(kpi.name) for key, kpi in catalogue.KPIS.items() if key not in catalogue.MEASURES},
    }
    text = re.sub(r"[a-z_]+", lambda word: names.get(word[0], word[0]), by_keys(one))
    return text[1:-1] if text.startswith("(") and text.endswith(")") and text.count("(") == 1 else text
