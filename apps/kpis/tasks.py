"""The engine's work in the background: one-line faces on `rollup`."""

from celery import shared_task

from apps.core import clock
from apps.kpis import closing, rollup
from apps.kpis.verification import nights


@shared_task
def drain() -> int:
    """Count what writes have touched."""
    return rollup.drain(on=clock.today(), at=clock.now())


@shared_task
def nightly() -> None:
    """Open the new day, compare what is stored with what it should be, and close the periods that the organisation's rule asks for."""
    nights.nightly(on=clock.today(), started_at=clock.now(), finished_at=clock.now)
    closing.close_due(on=clock.today(), at=clock.now())
