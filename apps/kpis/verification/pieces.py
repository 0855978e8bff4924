"""Which days and periods a night looks at: the last five weeks, the running periods, and one more month, so that all of them come round."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from apps.core.models import Period
from apps.kpis.models import Run

TRAILING = timedelta(days=35)
STEP = timedelta(days=7)
DAY = timedelta(days=1)
NO_DAY = date(1, 1, 1)

ENDING = "p.end_on > %(start)s AND p.end_on <= %(end)s"
BEGINNING = "p.start_on >= %(start)s AND p.start_on < %(end)s"
RUNNING = "p.start_on <= %(to)s AND p.end_on > %(to)s"


@dataclass(frozen=True)
class Piece:
    """Days from one to another, the end not in it, and in SQL over `core_period p` which periods go with them."""

    start_on: date
    end_on: date
    periods: str

    @property
    def is_undated(self) -> bool:
        return self.start_on == NO_DAY


def trailing(on: date) -> Iterator[Piece]:
    """Return the last five weeks with the periods that ended in them, then the periods that run, then what has no day."""
    start = on - TRAILING
    while start <= on:
        end = min(start + STEP, on + DAY)
        yield Piece(start, end, ENDING)
        start = end
    yield Piece(on, on, RUNNING)
    yield Piece(NO_DAY, NO_DAY + DAY, "FALSE")


def month(period: Period) -> Iterator[Piece]:
    """Return one month's days, with the periods that begin in it."""
    start = period.start_on
    while start < period.end_on:
        end = min(start + STEP, period.end_on)
        yield Piece(start, end, BEGINNING)
        start = end


def next_month(on: date) -> Period | None:
    """Return the month whose turn it is: the one after the last night's, and after the last of all the first again."""
    months = Period.objects.filter(grain="month").exclude(start_on__gte=on - TRAILING, end_on__lte=on + DAY).order_by("start_on")
    last = Run.objects.exclude(month_on=None).order_by("-started_at", "-pk").values_list("month_on", flat=True).first()
    return (months.filter(start_on__gt=last).first() if last else None) or months.first()
