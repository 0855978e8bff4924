"""Brings deliveries on their way: claims what is due, sends it, keeps how that went, and tries again later and later."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery

from apps.webhooks import sending
from apps.webhooks.models import Attempt, Delivery, Hook
from apps.webhooks.sending import PATIENCE, Sent

# After each try that failed; then it is given up.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 1440))
CLAIMED = timedelta(seconds=3 * PATIENCE)  # who sends and is killed leaves it to others after so long
BATCH = 20
KEPT = timedelta(days=90)


def deliver_due(*, at: datetime) -> int:
    """Send what is due, one after the other; return how many were sent."""
    sent = 0
    while sent < BATCH and (delivery := claim(at=at)):
        settle(delivery, sending.send(delivery.hook, delivery.event, at=at), at=at)
        sent += 1
    return sent


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


def forget(*, at: datetime) -> None:
    """Delete the log of what was told long ago; the events stay, so that nothing is told twice."""
    Delivery.objects.filter(event__happened_at__lt=at - KEPT).exclude(state=Delivery.State.WAITING).delete()


def failing() -> list[Hook]:
    """Return the active hooks whose latest delivery that was tried did not arrive."""
    tried = Delivery.objects.filter(hook=OuterRef("pk"), tries__gt=0)
    return list(Hook.objects.filter(is_active=True).alias(last=Subquery(tried.values("state")[:1])).exclude(last=Delivery.State.DELIVERED).exclude(last=None))
