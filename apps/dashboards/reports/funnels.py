"""The funnel as a page: stage by stage, the stage that got worse, and people and teams side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.models import User
from apps.core import dates, numbers
from apps.dashboards.records.sheets import Cell, Table
from apps.dashboards.reports import lists
from apps.dashboards.reports.lists import PAGE, Found, Listing, listing
from apps.dashboards.reports.places import Place, left_out
from apps.kpis.reports import bottleneck, funnel
from apps.kpis.reports.bottleneck import ENOUGH, Bottleneck
from apps.kpis.reports.funnel import OUTCOMES, Funnel, Passage, Tally, Visit
from apps.opportunities.models import Stage
from apps.reps import rosters
from apps.reps.scopes import Scope

MOST_PEOPLE = 100  # beside each other; a larger company is read team by team
NAMES = {
    "": gettext_lazy("Entered"),
    "advanced": gettext_lazy("Advanced"),
    "lost": gettext_lazy("Lost"),
    "moved_back": gettext_lazy("Moved back"),
    "here": gettext_lazy("Still here"),
}


@dataclass(frozen=True)
class Amount:
    """So many visits, worth so much; `url` opens them."""

    key: str
    name: str
    raw: int
    count: str
    amount: str
    full: str
    url: str
    x: str = ""
    width: str = ""


@dataclass(frozen=True)
class Row:
    """One stage: what became of whom, the shares that went on, how long they stayed."""

    stage: str
    entered: Amount
    outcomes: tuple[Amount, ...]
    step: str
    step_value: str
    sum: str
    sum_value: str
    median: str
    slow: str
    skipped: str
    is_bottleneck: bool


@dataclass(frozen=True)
class Side:
    """One team or person beside the others: per stage how many entered, the share that went on and the median days; and all steps together."""

    name: str
    url: str
    depth: int
    cells: tuple[tuple[str, str, str], ...]
    passed: str


@dataclass(frozen=True)
class Page:
    """Everything under the head."""

    rows: tuple[Row, ...]
    verdict: str
    verdict_tone: str
    stages: tuple[str, ...]
    teams: tuple[Side, ...]
    people: tuple[Side, ...]
    notes: tuple[str, ...]
    empty: str


def page(place: Place) -> Page:
    """Put the report together."""
    branches = rosters.teams(place.scope) if place.scope.kind != "rep" else []
    members = rosters.people(place.scope, place.window, on=place.on) if place.scope.kind != "rep" else []
    many = len(members) > MOST_PEOPLE
    members = [] if many else members
    others = [*(place.whose(one.scope) for one in branches), *(place.whose(one.scope) for one in members)]
    found = funnel.read(place.scope, others, place.window, on=place.on)
    now, before = found.of(place.scope), found.before(place.scope)
    worst = bottleneck.find(now, before)
    return Page(
        rows=_rows(now, worst, place) if any(one.entered.count for one in now) else (),
        verdict=_verdict(worst, is_enough=bottleneck.is_enough(now, before)),
        verdict_tone="warning" if worst else "",
        stages=tuple(one.name for one in now),
        teams=tuple(_side(place.whose(one.scope), found, place, one.depth) for one in branches),
        people=tuple(_side(one.scope, found, place) for one in members),
        notes=tuple(_notes(now, found, many=many)),
        empty=_empty(found, place),
    )


def _empty(found: Funnel, place: Place) -> str:
    if not found.stages:
        return _("There is no open stage yet. An admin enters the stages that deals go through under Admin.")
    return _("No deal came to a stage in this period.") if place.has_begun else _("The period has not begun.")


def _rows(passages: Sequence[Passage], worst: Bottleneck | None, place: Place) -> tuple[Row, ...]:
    longest = max(one.entered.count for one in passages)
    by_count, by_value = funnel.cumulative(passages), funnel.cumulative(passages, by_value=True)
    return tuple(_row(one, (count, value), longest, worst, place) for one, count, value in zip(passages, by_count, by_value, strict=True))


def _row(one: Passage, passed: tuple[Decimal | None, Decimal | None], longest: int, worst: Bottleneck | None, place: Place) -> Row:
    outcomes, x = [], Decimal(0)
    for key in OUTCOMES:
        tally = getattr(one, key)
        width = Decimal(tally.count) / longest * 100
        outcomes.append(_amount(one, key, tally, place, (x, width)))
        x += width
    words = {"count": numbers.short(Decimal(one.skipped), "count")}
    return Row(
        stage=one.name,
        entered=_amount(one, "", one.entered, place, (Decimal(0), Decimal(0))),
        outcomes=tuple(outcomes),
        step=_share(one.conversion),
        step_value=_share(one.value_conversion),
        sum=_share(passed[0]),
        sum_value=_share(passed[1]),
        median=_days(one.median_days),
        slow=_days(one.slow_days),
        skipped=ngettext("%(count)s passed without a stop", "%(count)s passed without a stop", one.skipped) % words if one.skipped else "",
        is_bottleneck=bool(worst and worst.stage == one.name),
    )


def _amount(one: Passage, key: str, tally: Tally, place: Place, drawn: tuple[Decimal, Decimal]) -> Amount:
    return Amount(
        key=key or "entered",
        name=str(NAMES[key]),
        raw=tally.count,
        count=numbers.short(Decimal(tally.count), "count"),
        amount=numbers.short(tally.amount, "money"),
        full=numbers.whole(tally.amount, "money", place.currency),
        url=place.list(stage=str(one.stage), **({"outcome": key} if key else {})) if tally.count else "",
        x=f"{drawn[0]:.2f}",
        width=f"{drawn[1]:.2f}",
    )


def _share(value: Decimal | None) -> str:
    return "" if value is None else numbers.share(value)


def _days(value: float | None) -> str:
    return "" if value is None else numbers.days(Decimal(str(value)))


def _side(scope: Scope, found: Funnel, place: Place, depth: int = 0) -> Side:
    passages = found.of(scope)
    passed = funnel.cumulative(passages)
    return Side(
        name=scope.name,
        url=place.at(scope=scope).board,
        depth=depth,
        cells=tuple((numbers.short(Decimal(one.entered.count), "count"), _share(one.conversion), _days(one.median_days)) for one in passages),
        passed=_share(passed[-1]) if passed else "",
    )


def _verdict(worst: Bottleneck | None, *, is_enough: bool) -> str:
    """Name the bottleneck, against the same stage's own twelve months before."""
    if not is_enough:
        return ""
    if worst is None:
        return _("No stage got slower, or lets fewer deals on, than in the twelve months before, seen at the same point.")
    words = {"stage": worst.stage, "by": numbers.share(worst.worse_by)}
    if worst.of == "days":
        days = {"now": numbers.days(worst.now), "before": numbers.days(worst.before)}
        return _("Bottleneck: %(stage)s. Deals stay %(now)s (median); in the twelve months before it was %(before)s, so they stay %(by)s longer.") % {
            **words,
            **days,
        }
    shares = {"now": numbers.share(worst.now), "before": numbers.share(worst.before)}
    return _("Bottleneck: %(stage)s. %(now)s of its deals went on; in the twelve months before it was %(before)s, so %(by)s fewer go on.") % {**words, **shares}


def _notes(now: Sequence[Passage], found: Funnel, *, many: bool) -> list[str]:
    notes = [_("Entered = advanced + lost + moved back + still here. A deal that comes to a stage twice counts twice; amounts are those on entering.")]
    if skipped := sum(one.skipped for one in now):
        text = ngettext(
            "%(count)s time a deal jumped over a stage: it counts there as entered and advanced, but not in the days.",
            "%(count)s times a deal jumped over a stage: it counts there as entered and advanced, but not in the days.",
            skipped,
        )
        notes.append(text % {"count": numbers.short(Decimal(skipped), "count")})
    notes.append(
        _("“All steps” is one step’s share times the next: of the deals entering the first stage, so many pass this one when every step keeps its share.")
    )
    notes.append(
        _(
            "The bottleneck is the stage that got worst by a tenth or more against its own twelve months before, seen at the same point; fewer than %(count)s deals are not judged."
        )
        % {"count": ENOUGH}
    )
    if many:
        notes.append(_("More than %(count)s people are here: open a team to see its people side by side.") % {"count": MOST_PEOPLE})
    if unpriced := sum(one.unpriced for one in now):
        notes.append(_("Entered without an amount, or without an exchange rate for it, so counted but not in the values: %(count)s.") % {"count": unpriced})
    return [*notes, *filter(None, [left_out(found.undated)])]


def visits(place: Place, user: User, query: Mapping[str, str], number: int) -> Listing:
    """Open one number of a stage into the visits behind it."""
    outcome, stage = query.get("outcome", ""), _stage(query.get("stage", ""))
    if outcome not in NAMES:
        raise Http404(_("There is no such part of the funnel."))
    found = funnel.visits(place.scope, place.window, stage.pk, outcome, on=place.on, limit=PAGE, offset=(number - 1) * PAGE)
    heads = (
        Cell(_("Deal")),
        Cell(_("Rep")),
        Cell(_("Entered")),
        Cell(_("Left")),
        Cell(_("What became of it")),
        Cell(_("Stayed"), is_number=True),
        Cell(_("Amount"), is_number=True),
    )
    cells = lists.names([(one.deal, one.name, one.customer) for one in found.rows], user, place)
    rows = tuple(_line(name, one, place) for name, one in zip(cells, found.rows, strict=True))
    title = f"{stage.name}: {NAMES[outcome]}"
    table = Table(title, heads, rows, _("No deal: nothing of this happened in the period."))
    asked = {"stage": str(stage.pk), **({"outcome": outcome} if outcome else {})}
    return listing(title, table, Found(found.count, found.amount, found.unpriced), number, place, asked)


def _stage(text: str) -> Stage:
    stage = Stage.objects.filter(pk=int(text), kind=Stage.Kind.OPEN).first() if text.isdecimal() and len(text) < 10 else None
    if stage is None:
        raise Http404(_("There is no such stage."))
    return stage


def _line(name: Cell, one: Visit, place: Place) -> tuple[Cell, ...]:
    became = _("passed without a stop") if one.is_skip else str(NAMES[one.outcome])
    days = "" if one.days is None else numbers.days(Decimal(one.days))
    return (
        name,
        Cell(one.rep),
        Cell(_day(one.entered_on)),
        Cell(_day(one.left_on)),
        Cell(became),
        Cell(days, is_number=True),
        lists.money(one.amount, place, lists.NO_AMOUNT),
    )


def _day(value: date | None) -> str:
    return dates.day(value) if value else ""
