"""How far a goal has come: attainment, expected to date, pace, projection, what is needed a day. Pure arithmetic.

Source of the formulas: the KPI catalogue's section on goals (`docs/reference/goals.md`).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from apps.core.periods import Calendar

DAY = timedelta(days=1)
TOO_EARLY = Decimal("0.1")  # of the curve
AHEAD, AT_RISK = Decimal(1), Decimal("0.9")
STATUSES = ("ahead", "at_risk", "behind", "too_early", "met", "missed", "no_value")


@dataclass(frozen=True)
class Piece:
    """One goal's target and its days `[start_on, end_on)`."""

    target: Decimal
    start_on: date
    end_on: date


@dataclass(frozen=True)
class Progress:
    """A figure against its target. Attainment and pace are ratios (0.69 is 69 %), never capped; amounts are in the KPI's unit.

    `expected` is what the curve asks for by the end of day `on`, `projection` what the window ends at when it goes on like
    this, `per_working_day` what each working day left has to bring. None: cannot be told, or does not apply.
    Where better is not up the target is a limit; `is_held`: the goal itself says that its target is a floor or a limit.
    """

    target: Decimal
    attainment: Decimal | None
    expected: Decimal
    pace: Decimal | None
    projection: Decimal | None
    remaining: Decimal | None
    per_working_day: Decimal | None
    days_total: int
    days_elapsed: int
    status: str
    is_met: bool
    better_is_up: bool
    is_held: bool


def share_elapsed(calendar: Calendar, start_on: date, end_on: date, on: date) -> Decimal:
    """Return the share of a window's working days that are over at the end of `on` (of its days, where none is a working day)."""
    until = min(max(on + DAY, start_on), end_on)
    total = calendar.working_days(start_on, end_on)
    if total == 0:
        return Decimal((until - start_on).days) / Decimal((end_on - start_on).days)
    return Decimal(calendar.working_days(start_on, until)) / Decimal(total)


def expected(calendar: Calendar, pieces: tuple[Piece, ...], on: date) -> Decimal:
    """Return what the curve of some goals asks for by the end of `on`: nothing before the first day, the target after the last."""
    return sum((piece.target * share_elapsed(calendar, piece.start_on, piece.end_on, on) for piece in pieces), Decimal(0))


def measure(
    calendar: Calendar,
    pieces: tuple[Piece, ...],
    actual: Decimal | None,
    on: date,
    *,
    baseline: Decimal | None,
    is_cumulative: bool,
    better_is_up: bool,
    is_held: bool = False,
) -> Progress:
    """Return the progress of an actual value against goals that follow one another without a gap."""
    start_on, end_on = pieces[0].start_on, pieces[-1].end_on
    target = sum((piece.target for piece in pieces), Decimal(0))
    by_now = expected(calendar, pieces, on)
    share = by_now / target if is_cumulative and target else share_elapsed(calendar, start_on, end_on, on)
    due = by_now if is_cumulative else target
    total = calendar.working_days(start_on, end_on)
    elapsed = calendar.working_days(start_on, min(max(on + DAY, start_on), end_on))
    remaining = target - actual if is_cumulative and better_is_up and actual is not None else None
    is_met = actual is not None and (actual >= target if better_is_up else actual <= target)
    pace = ratio(actual, due) if better_is_up else ratio(due, actual)
    if not better_is_up and actual == 0:
        pace = AHEAD
    return Progress(
        target=target,
        attainment=attainment(actual, target, baseline, better_is_up=better_is_up),
        expected=due,
        pace=pace,
        projection=ratio(actual, share) if is_cumulative else None,
        remaining=remaining,
        per_working_day=max(remaining, Decimal(0)) / (total - elapsed) if remaining is not None and total > elapsed else None,
        days_total=total,
        days_elapsed=elapsed,
        status=status(pace, share, is_over=on >= end_on - DAY, is_met=is_met),
        is_met=is_met,
        better_is_up=better_is_up,
        is_held=is_held,
    )


def ratio(above: Decimal | None, below: Decimal | None) -> Decimal | None:
    return None if above is None or not below else above / below


def attainment(actual: Decimal | None, target: Decimal, baseline: Decimal | None, *, better_is_up: bool) -> Decimal | None:
    """Actual ÷ target; where lower is better, the way from the baseline that is done, and nothing without a baseline."""
    if actual is None or not target:
        return None
    if better_is_up:
        return actual / target
    return None if baseline is None or baseline == target else (baseline - actual) / (baseline - target)


def status(pace: Decimal | None, share: Decimal, *, is_over: bool, is_met: bool) -> str:
    """Say in one word how it stands: from pace while the window runs, from the target once it is over."""
    if share < TOO_EARLY:
        return "too_early"
    if pace is None:
        return "no_value"
    if is_over:
        return "met" if is_met else "missed"
    if pace >= AHEAD:
        return "ahead"
    return "at_risk" if pace >= AT_RISK else "behind"
