"""How far an objective has come, by itself and by its parts. Pure arithmetic.

Source of the formulas: the KPI catalogue's section on goals (`docs/reference/objectives.md`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from apps.core.periods import Calendar
from apps.goals import progress
from apps.goals.progress import Progress

DAY = timedelta(days=1)
NOTHING, WHOLE = Decimal(0), Decimal(1)
STATUSES = (*progress.STATUSES, "open", "no_target")


@dataclass(frozen=True)
class Standing:
    """Where an objective stands. Amounts are in its unit; `done`, `due` and attainment are ratios (0.69 is 69 %), never capped.

    `done` is what it counts for among the parts of a whole: its attainment or, where it has none, all or nothing; None where it
    has no target. `due` is how much of it is expected by now. `adds_up` names what is counted where actual values and targets
    may be added to those of others that count the same, and is empty elsewhere. None: cannot be told, or does not apply.
    """

    actual: Decimal | None
    target: Decimal | None
    expected: Decimal | None
    attainment: Decimal | None
    done: Decimal | None
    due: Decimal
    status: str
    is_met: bool
    adds_up: str = ""


@dataclass(frozen=True)
class Window:
    """The days of an objective, `[start_on, end_on)`, by the working days of where it is, and the day on which one looks."""

    calendar: Calendar
    start_on: date
    end_on: date
    on: date

    @property
    def elapsed(self) -> Decimal:
        return progress.share_elapsed(self.calendar, self.start_on, self.end_on, self.on)

    @property
    def is_over(self) -> bool:
        return self.on >= self.end_on - DAY

    def judged(self, done: Decimal, due: Decimal, *, is_met: bool) -> str:
        """Say in one word how it stands: from what is done and due while it runs; what is due only at the end is open until then."""
        if is_met and not self.is_over:
            return "ahead"
        if not due and not self.is_over and self.elapsed >= progress.TOO_EARLY:
            return "open"
        return progress.status(progress.ratio(done, due), self.elapsed, is_over=self.is_over, is_met=is_met)


NO_TARGET = Standing(None, None, None, None, None, NOTHING, "no_target", False)


def of_progress(found: Progress | None, actual: Decimal | None, *, is_cumulative: bool, counts: str) -> Standing:
    """Return where a KPI's figure stands against its target; `counts` names what is counted where amounts of several may be added."""
    if found is None:
        return replace(NO_TARGET, actual=actual)
    due = found.expected / found.target if is_cumulative and found.target else WHOLE
    done = found.attainment if found.attainment is not None else Decimal(found.is_met)
    adds_up = counts if is_cumulative and found.better_is_up else ""
    return Standing(actual, found.target, found.expected, found.attainment, done, due, found.status, found.is_met, adds_up)


def of_number(window: Window, actual: Decimal | None, target: Decimal, *, baseline: Decimal | None, stay: str, counts: str) -> Standing:
    """Return where a number that is told by hand stands: on its way from where it starts to its target, or within its limit.

    Before anything is told it stands where it starts.
    """
    start = baseline or NOTHING
    if stay:
        return _held(window, actual, target, stay)
    stands, way = start if actual is None else actual, target - start
    done = (stands - start) / way if way else Decimal(actual is not None and stands <= target)
    is_met = done >= WHOLE
    status = window.judged(done, window.elapsed, is_met=is_met)
    adds_up = "" if baseline or not target else counts
    return Standing(stands, target, start + way * window.elapsed, done, done, window.elapsed, status, is_met, adds_up)


def _held(window: Window, actual: Decimal | None, target: Decimal, stay: str) -> Standing:
    """Return where a floor or a limit stands: held or not, at risk where it is broken by a tenth at most; over without anything told, it is missed."""
    is_met = actual is not None and (actual >= target if stay == "above" else actual <= target)
    pace = progress.ratio(actual, target) if stay == "above" else progress.ratio(target, actual)
    status = "met" if is_met else "missed"
    if not window.is_over:
        is_near = pace is not None and pace >= progress.AT_RISK
        status = "ahead" if is_met else "no_value" if actual is None else "at_risk" if is_near else "behind"
    return Standing(actual, target, target, None, Decimal(is_met), WHOLE, status, is_met)


def of_answer(window: Window, is_so: bool) -> Standing:
    """Return where a yes or no stands: open through its last day."""
    is_due = window.on >= window.end_on
    done, due = Decimal(is_so), Decimal(is_due)
    status = ("met" if is_so else "missed") if is_due else "ahead" if is_so else "open"
    return Standing(None, None, None, done, done, due, status, is_so)


def not_begun(standing: Standing) -> Standing:
    """Return what an objective stands at before its first day: nothing is reached or missed, and nothing is expected."""
    if standing.done is None:
        return standing
    return replace(standing, done=NOTHING, due=NOTHING, expected=None if standing.expected is None else NOTHING, status="too_early", is_met=False)


def of_steps(window: Window, done: int, steps: int) -> Standing:
    """Return where a checklist stands: its steps are expected evenly over the working days. Without steps there is nothing to reach."""
    if not steps:
        return NO_TARGET
    share, total = Decimal(done) / steps, Decimal(steps)
    status = window.judged(share, window.elapsed, is_met=done == steps)
    return Standing(Decimal(done), total, total * window.elapsed, share, share, window.elapsed, status, done == steps)


@dataclass(frozen=True)
class Part:
    """One part of a whole: how much it counts, and where it stands. `is_within`: what it counts is counted by another part already."""

    weight: Decimal
    standing: Standing
    is_within: bool = False


@dataclass(frozen=True)
class RollUp:
    """Where a whole stands by its parts: added up where they count the same, else by their weights.

    `counted` parts have a target, `met` of them have reached it; `without_target` have none and are left out.
    """

    standing: Standing
    counted: int
    met: int
    without_target: int

    @property
    def is_sum(self) -> bool:
        return bool(self.standing.adds_up)


def rolled_up(window: Window, parts: Sequence[Part]) -> RollUp:
    """Return where some parts stand together: the sum of what they reached over the sum of their targets where all count the same, nothing
    twice; else the mean of what is done of each, by their weights. Without a part that has a target there is none."""
    counted = [part for part in parts if part.standing.done is not None]
    standing = NO_TARGET
    if counted:
        kinds = {part.standing.adds_up.casefold(): part.standing.adds_up for part in counted}
        once = [part for part in counted if not part.is_within]
        standing = _sum(window, once, *kinds.values()) if len(kinds) == 1 and "" not in kinds else _mean(window, counted)
    return RollUp(standing, len(counted), sum(part.standing.is_met for part in counted), len(parts) - len(counted))


def _sum(window: Window, parts: list[Part], counts: str) -> Standing:
    standings = [part.standing for part in parts]
    actual, target, expected = (_total(amounts) for amounts in zip(*((one.actual, one.target, one.expected) for one in standings), strict=True))
    done, due = actual / target, expected / target
    is_met = actual >= target
    return Standing(actual, target, expected, done, done, due, window.judged(done, due, is_met=is_met), is_met, counts)


def _total(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), NOTHING)


def _mean(window: Window, parts: list[Part]) -> Standing:
    weights = sum((part.weight for part in parts), NOTHING)
    done = sum((part.weight * (part.standing.done or NOTHING) for part in parts), NOTHING) / weights
    due = sum((part.weight * part.standing.due for part in parts), NOTHING) / weights
    is_met = done >= WHOLE
    return Standing(None, None, None, done, done, due, window.judged(done, due, is_met=is_met), is_met)
