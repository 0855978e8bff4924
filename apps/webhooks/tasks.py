"""Webhooks in the background."""

from celery import shared_task

from apps.core import clock
from apps.webhooks import delivering, watching


@shared_task
def watch() -> int:
    """Notice what came to pass."""
    return watching.watch(on=clock.today(), at=clock.now())


@shared_task
def deliver() -> int:
    """Send what is due."""
    return delivering.deliver_due(at=clock.now())


@shared_task
def forget() -> None:
    """Delete old logs."""
    delivering.forget(at=clock.now())
