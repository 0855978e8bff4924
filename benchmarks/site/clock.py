"""Lets the product believe that it is the last day of the company that was made, so that every run asks the same questions."""

from datetime import UTC, datetime, time, timedelta

from django.apps import AppConfig

from benchmarks.company.sizes import LAST


class CompanyClock(AppConfig):
    """Moves the product's clock by whole days, once, when it starts."""

    name = "benchmarks.site"
    label = "benchmarks"

    def ready(self) -> None:
        from apps.core import clock

        real, started = clock.now, clock.now()
        midnight = datetime.combine(started.date(), time(), tzinfo=UTC)
        moved = datetime.combine(LAST, time(), tzinfo=UTC) - midnight
        end_of_day = timedelta(hours=23, minutes=59)

        def now() -> datetime:
            return min(real() + moved, datetime.combine(LAST, time(), tzinfo=UTC) + end_of_day)

        clock.now = now
