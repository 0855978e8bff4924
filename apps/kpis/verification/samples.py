"""Figures against their records: some KPIs of some scopes and periods, drawn by the day, so that a night can be repeated."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from apps.core import periods
from apps.core.periods import Window
from apps.kpis import catalogue, recordlists, selectors
from apps.kpis.declarations import Basis, Inputs, Kpi
from apps.kpis.models import DirtyCell
from apps.kpis.streams import STREAMS
from apps.reps import scopes
from apps.reps.models import Region, Rep, Team
from apps.reps.scopes import Scope

GRAINS = ("week", "month", "month", "quarter")
BACK = 2 * 365  # days


@dataclass(frozen=True)
class Sample:
    """One figure to open."""

    kpi: Kpi
    scope: Scope
    window: Window


def draw(on: date, count: int) -> list[Sample]:
    """Draw figures: every family comes, and every kind of scope; the same ones for the same day and data."""
    random, calendar = Random(on.toordinal()), periods.calendar()
    rows = [model.objects.order_by("pk") for model in (Region, Team, Rep)]
    owners = [scopes.company(), *(scopes.of(random.choice(list(found))) for found in rows if found)]
    kpis = list(catalogue.KPIS.values())
    random.shuffle(kpis)
    samples = []
    for number in range(count):
        one = kpis[number % len(kpis)]
        fitting = [scope for scope in owners if scope.kind in (getattr(one, "scopes", ()) or scopes.KINDS)] or owners
        day = on - timedelta(days=random.randrange(BACK))
        samples.append(Sample(one, random.choice(fitting), calendar.containing(random.choice(GRAINS), day)))
    return samples


def differing(sample: Sample, on: date) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Tell in which part a figure is not the sum of its records: the part, what the records say, what the figure says."""
    one, scope, window = sample.kpi, sample.scope, sample.window
    shown = selectors.figures([one.key], [scope], window, on=on)[one.key, scope]
    sums: dict[Basis, dict[str, Decimal]] = {}
    for use, listed in zip(one.uses, recordlists.records(one.key, scope, window, on=on, limit=1), strict=True):
        sums.setdefault(use.basis, {})[use.measure] = listed.total
    opened = selectors.figure(one, scope, window, on, Inputs(sums, days=window.clipped(on).days), 0)
    for part in ("numerator", "denominator"):
        expected, found = getattr(opened, part), getattr(shown, part)
        if expected != found:
            yield part, expected or Decimal(0), found or Decimal(0)


def waits(sample: Sample) -> bool:
    """Whether anything that a figure reads waits to be counted."""
    sources = {STREAMS[catalogue.MEASURES[key].stream].source for key in sample.kpi.measures}
    return DirtyCell.objects.filter(source__in=sources).exists()
