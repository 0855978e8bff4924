"""How deals went from stage to stage: how many entered each, how many went on, how long it took, how many were lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core import numbers
from apps.core.remembering import remembered
from apps.dashboards.selection import Selection, address, written

ENOUGH = 5  # deals; below, a rate says nothing


@dataclass(frozen=True)
class Passage:
    """What went through one stage in the period, in deals, money and days."""

    stage: str
    entered: Decimal
    amount: Decimal
    advanced: Decimal
    lost: Decimal
    moved_back: Decimal
    exits: Decimal
    days: Decimal
    open_count: Decimal

    @property
    def conversion(self) -> Decimal | None:
        return self.advanced / self.entered if self.entered else None

    @property
    def days_each(self) -> Decimal | None:
        return self.days / self.exits if self.exits else None


@dataclass(frozen=True)
class Step:
    """One stage as a bar: `width` in hundredths of the longest."""

    stage: str
    width: str
    entered: str
    amount: str
    full: str
    conversion: str
    days: str
    lost: str
    here: str
    is_weakest: bool


@dataclass(frozen=True)
class Funnel:
    """The stages in their order, and what was lost altogether."""

    template: ClassVar[str] = "dashboards/widgets/_funnel.html"
    title: str
    steps: tuple[Step, ...]
    lost: str
    url: str
    report_url: str
    empty: str


def funnel(passages: Sequence[Passage], selection: Selection, *, title: str = "") -> Funnel:
    """Draw the funnel; the weakest step is the one from which the smallest share went on."""
    longest = max((one.entered for one in passages), default=Decimal(0))
    lost = sum((one.lost for one in passages), Decimal(0))
    weakest = _weakest(passages)
    return Funnel(
        title=title or _("Funnel"),
        steps=tuple(_step(one, longest, selection.currency, is_weakest=one is weakest) for one in passages) if longest else (),
        lost=ngettext("%(count)s deal was lost on the way", "%(count)s deals were lost on the way", int(lost)) % {"count": numbers.short(lost, "count")}
        if lost
        else "",
        url=selection.figure("stage_conversion"),
        report_url=address("dashboards:funnel") + written(selection.query),
        empty=_("No deal entered a stage in this period."),
    )


def _weakest(passages: Sequence[Passage]) -> Passage | None:
    judged = [one for one in passages if one.entered >= ENOUGH and one.conversion is not None]
    return min(judged, key=lambda one: one.conversion or Decimal(0)) if len(judged) > 1 else None


@remembered(most=5000)
def _step(one: Passage, longest: Decimal, currency: str, *, is_weakest: bool) -> Step:
    return Step(
        stage=one.stage,
        width=f"{one.entered / longest * 100:.2f}",
        entered=numbers.short(one.entered, "count"),
        amount=numbers.short(one.amount, "money"),
        full=numbers.whole(one.amount, "money", currency),
        conversion=numbers.share(one.conversion) if one.conversion is not None else "",
        days=numbers.days(one.days_each) if one.days_each is not None else "",
        lost=_("%(count)s lost") % {"count": numbers.short(one.lost, "count")} if one.lost else "",
        here=_("%(count)s open now") % {"count": numbers.short(one.open_count, "count")} if one.open_count else "",
        is_weakest=is_weakest,
    )
