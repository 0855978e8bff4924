"""The one number of a board: what was won, against its target."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core import dates, numbers
from apps.dashboards.selection import Selection, written
from apps.dashboards.shown import Amount, Number, amount, number
from apps.dashboards.widgets.bullet import Bullet, bullet, expected_share
from apps.dashboards.widgets.change import Change, change
from apps.dashboards.widgets.earlier import changed_since
from apps.dashboards.widgets.restated import Restated, restated
from apps.dashboards.widgets.status import Status, no_target, status
from apps.goals.progress import Progress
from apps.goals.selectors import AnyGoal, GoalFigure
from apps.kpis.figures import Figure


@dataclass(frozen=True)
class Fact:
    """One term of the hero's list, with its value and what it is in full."""

    term: str
    value: str
    full: str = ""


@dataclass(frozen=True)
class Pointer:
    """A sentence that leads somewhere else."""

    text: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True)
class Hero:
    """Won against target, what is expected, what is left, and where it ends when it goes on like this."""

    template: ClassVar[str] = "dashboards/widgets/_hero.html"
    title: str
    currency: str
    number: Number
    target: Amount | None
    attained: str
    expected: str
    ahead_by: str
    status: Status
    bullet: Bullet | None
    change: Change | None
    restated: Restated | None
    facts: tuple[Fact, ...]
    method: str
    pointers: tuple[Pointer, ...]


@dataclass(frozen=True)
class Surroundings:
    """What the hero says beside its number."""

    average: Figure | None
    before: Figure | None
    since: str
    overlapping: tuple[AnyGoal, ...] = ()
    members_with_target: int = 0
    may_set: bool = False
    title: str = ""


def hero(found: GoalFigure, around: Surroundings, selection: Selection) -> Hero:
    """Put the hero together."""
    figure, progress = found.figure, found.progress
    return Hero(
        title=around.title or (_("Won") if selection.only else _("Won against target")),
        currency=selection.currency,
        number=number(figure, selection),
        target=amount(progress.target, "money", selection.currency) if progress else None,
        attained=numbers.share(progress.attainment) if progress and progress.attainment is not None else "",
        expected=expected_share(figure.kpi, progress) if progress and selection.has_begun else "",
        ahead_by=_distance(progress) if progress and selection.has_begun else "",
        status=status(progress),
        bullet=bullet(figure, progress),
        change=change(figure, around.before, around.since) if selection.has_begun else None,
        restated=restated(figure, selection),
        facts=tuple(_facts(progress, around.average, selection)) if progress else (),
        method=_method(progress, selection) if progress else "",
        pointers=tuple(_pointers(found, around, selection)),
    )


def _distance(progress: Progress) -> str:
    """Say how far attainment lies from what is expected by now, in points."""
    if progress.attainment is None or not progress.target or progress.status in ("met", "missed"):
        return ""
    points = (progress.attainment - progress.expected / progress.target) * 100
    sign = "+" if points > 0 else ""
    return _("%(points)s points") % {"points": sign + numbers.decimal(points, 1)}


def _facts(progress: Progress, average: Figure | None, selection: Selection) -> list[Fact]:
    facts = []
    if progress.projection is not None and not selection.is_over and selection.has_begun:
        facts.append(_money(_("Projected"), progress.projection, selection))
    if progress.remaining is None:
        return facts
    if progress.remaining <= 0:
        facts.append(_money(_("Over target by"), -progress.remaining, selection))
        return facts
    facts.append(_money(_("Missing") if selection.is_over else _("Still to win"), progress.remaining, selection))
    if average is not None and average.value:
        deals = (progress.remaining / average.value).to_integral_value(ROUND_CEILING)
        each = numbers.whole(average.value, "money", selection.currency)
        facts.append(Fact(_("In average deals"), numbers.short(deals, "count"), _("of %(amount)s each") % {"amount": each}))
    if progress.per_working_day is not None:
        facts.append(_money(_("Per working day"), progress.per_working_day, selection))
    return facts


def _money(term: str, value: Decimal, selection: Selection) -> Fact:
    return Fact(term, numbers.short(value, "money"), numbers.whole(value, "money", selection.currency))


def _method(progress: Progress, selection: Selection) -> str:
    if selection.is_over or not selection.has_begun:
        return ""
    days = {"elapsed": progress.days_elapsed, "total": progress.days_total}
    return _("Expected follows working days (%(elapsed)s of %(total)s over). Projected: won so far ÷ the share of them that is over.") % days


def _pointers(found: GoalFigure, around: Surroundings, selection: Selection) -> list[Pointer]:
    progress = found.progress
    pointers = [Pointer(text)] if (text := changed_since(found.goals)) else []
    if progress is None:
        pointers.append(_no_target(around, selection))
    for goal in around.overlapping:
        window = selection.calendar.from_to(goal.start_on, goal.last_on)
        text = _("A target of %(target)s runs %(days)s and lies only partly in this period, so it is not used here.")
        words = {"target": numbers.short(goal.target, "money"), "days": dates.interval(window)}
        there = selection.at(window=window)
        pointers.append(Pointer(text % words, there.board, _("Show those days")) if there.can_be_opened else Pointer(text % words))
    if progress is None and around.members_with_target:
        count = around.members_with_target
        text = _("%(count)s of the people below have a target of their own; a target for all of them is set apart from theirs.") % {"count": count}
        pointers.append(Pointer(text))
    return pointers


def _no_target(around: Surroundings, selection: Selection) -> Pointer:
    if selection.only:
        return Pointer(no_target(selection))
    if not around.may_set:
        return Pointer(_("No target is set for %(period)s. An admin can set one under Goals.") % {"period": selection.period_name})
    url = reverse("dashboards:goals-enter") + written({"kpi": "revenue", "period": selection.window.key})
    return Pointer(no_target(selection), url, _("Set one now"))
