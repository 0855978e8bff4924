"""What goals need in the background: one-line faces."""

from celery import shared_task

from apps.core import clock
from apps.goals import benchmarks


@shared_task
def apply_benchmarks() -> int:
    """Set the goals that benchmarks ask for: of people who came, in periods that come nearer."""
    return benchmarks.apply(clock.today()).total
