"""Of which stored sums a window is put together: one period, or several and the days beside them. Pure arithmetic."""

from datetime import date, timedelta

from apps.core.calendars.calendar import Calendar
from apps.core.calendars.windows import Window
from apps.kpis.declarations import Kind
from apps.kpis.streams import Stream

DAY = timedelta(days=1)
LONG = ("month", "quarter", "year")
Piece = tuple[str, date]  # grain and first day


def of(stream: Stream, kind: Kind, window: Window, on: date, *, is_rep: bool, is_counted_day: bool, calendar: Calendar) -> tuple[Piece, ...] | None:
    """Return the stored sums that add up to a window as of the end of day `on`; None where no stored sum says it.

    A running period is stored as of the counted day alone. What stood at the end of a rep's week is not stored; a flow's week is its days.
    """
    is_held = is_counted_day or window.last_on <= on and not stream.is_so_far
    whole = ((window.grain, window.start_on),) if window.grain else None
    if kind == Kind.SPAN:
        return None
    if kind == Kind.WINDOW:
        return whole if is_held and window.grain != "day" else None
    if is_held and window.grain in LONG and not (kind == Kind.STOCK and window.start_on > on):
        return whole
    if stream.is_so_far:
        return None
    if kind == Kind.FLOW:
        return of_days(window.start_on, min(window.end_on, on + DAY), calendar)
    if is_held and window.grain == "week" and not is_rep and window.start_on <= on:
        return whole
    return standing(min(window.last_on, on), calendar, by="month" if is_rep else "week")


def of_days(start_on: date, end_on: date, calendar: Calendar) -> tuple[Piece, ...]:
    """Return the whole months of `[start_on, end_on)`, and the days before and after them."""
    pieces: list[Piece] = []
    day = start_on
    while day < end_on:
        month = calendar.containing("month", day)
        if month.start_on == day and month.end_on <= end_on:
            pieces.append(("month", day))
            day = month.end_on
        else:
            last = min(month.end_on, end_on)
            pieces += [("day", day + DAY * n) for n in range((last - day).days)]
            day = last
    return tuple(pieces)


def standing(day: date, calendar: Calendar, *, by: str) -> tuple[Piece, ...]:
    """Return the last period of a grain that is over at the end of a day, and the days since: what stood then, and what came to it."""
    running = calendar.containing(by, day + DAY)
    before = calendar.previous(running)
    return ((by, before.start_on), *(("day", running.start_on + DAY * n) for n in range((day + DAY - running.start_on).days)))
