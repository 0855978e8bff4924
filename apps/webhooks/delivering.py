"""Brings deliveries on their way: claims what is due, sends it, keeps how that went, and tries again later and later."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from apps.webhooks import sending
from apps.webhooks.models import Attempt, Delivery, Hook
from apps.webhooks.sending import PATIENCE, Sent

# After each try that failed; then it is given up.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 1440))
CLAIMED = timedelta(seconds=3 * PATIENCE)  # who sends and is killed leaves it to others after so long
BATCH = 20
LOCK = 0x6B706978  # one sends at a time
KEPT = timedelta(days=90)


def deliver_due(*, at: datetime) -> int:
    """Send what is due, one after the other, for some seconds at most; return how many were sent. None while another worker does: others have work to do."""
    sent, began = 0, time.monotonic()
    with _alone() as is_ours:
        while is_ours and sent < BATCH and time.monotonic() - began < PATIENCE and (delivery := claim(at=at)):
            settle(delivery, sending.send(delivery.hook, delivery.event, at=at), at=at)
            sent += 1
    return sent


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        (is_ours,) = cursor.fetchone()
        try:
            yield is_ours
        finally:
            if is_ours:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def claim(*, at: datetime) -> Delivery | None:
    """Take the delivery that is due first, so that nobody else sends it meanwhile. What is for a hook that rests is given up."""
    with transaction.atomic():
        due = Delivery.objects.select_for_update(skip_locked=True).filter(state=Delivery.State.WAITING, next_at__lte=at)
        due.filter(hook__is_active=False).update(state=Delivery.State.FAILED, next_at=None)
        delivery = due.order_by("next_at", "pk").first()
        if delivery is None:
            return None
        delivery.next_at = at + CLAIMED
        delivery.save(update_fields=["next_at"])
    return Delivery.objects.select_related("hook", "event").get(pk=delivery.pk)


def settle(delivery: Delivery, sent: Sent, *, at: datetime) -> None:
    """Keep how a try went, and say when the next one is."""
    tries = delivery.tries + 1
    if sent.is_taken:
        state, next_at = Delivery.State.DELIVERED, None
    elif tries > len(WAITS):
        state, next_at = Delivery.State.FAILED, None
    else:
        state, next_at = Delivery.State.WAITING, at + WAITS[tries - 1]
    with transaction.atomic():
        Attempt.objects.create(delivery=delivery, at=at, status=sent.status, answer=sent.answer, problem=sent.problem, seconds=sent.seconds)
        Delivery.objects.filter(pk=delivery.pk).update(state=state, next_at=next_at, tries=tries)
        if not sent.is_taken:  # the others for the same hook wait, so that one that hangs holds nobody up again and again
            rest = at + WAITS[min(tries, len(WAITS)) - 1]
            Delivery.objects.filter(hook=delivery.hook_id, state=Delivery.State.WAITING, next_at__lt=rest).exclude(pk=delivery.pk).update(next_at=rest)


def forget(*, at: datetime) -> None:
    """Delete the log of what was told long ago; the events stay, so that nothing is told twice."""
    Delivery.objects.filter(event__happened_at__lt=at - KEPT).exclude(state=Delivery.State.WAITING).delete()


def failing() -> list[Hook]:
    """Return the active hooks whose latest delivery that was tried did not arrive."""
    tried = Delivery.objects.filter(hook=OuterRef("pk"), tries__gt=0)
    return list(Hook.objects.filter(is_active=True).alias(last=Subquery(tried.values("state")[:1])).exclude(last=Delivery.State.DELIVERED).exclude(last=None))
