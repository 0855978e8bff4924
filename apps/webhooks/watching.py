"""Notices what came to pass since it last looked, and puts it on its way to whoever asked for it."""

from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Count as Counted
from django.db.models import Max

from apps.goals.models import Goal
from apps.kpis.models import Close, Count
from apps.webhooks import happenings
from apps.webhooks.happenings import Happening
from apps.webhooks.models import Delivery, Event, Hook, Kind, Watch

LOCK = 0x6B706977  # one looks at a time


def watch(*, on: date, at: datetime) -> int:
    """Keep what is new of the kinds that somebody is told of; return how many deliveries that makes. Nothing has changed: three small queries.

    Of a kind that nobody was told of before, what is so already is kept, but told nobody.
    """
    hooks = list(Hook.objects.filter(is_active=True))
    wanted = {kind for hook in hooks for kind in hook.kinds}
    Watch.objects.exclude(kind__in=wanted).delete()
    seen, state, made = {row.kind: row for row in Watch.objects.all()}, _state() if wanted else "", 0
    for kind in sorted(wanted):
        row = seen.get(kind)
        if row is None or (row.state, row.looked_on) != (state, on):
            made += _look(kind, hooks if row else [], state, on, at)
    return made


def _state() -> str:
    """Return a text that changes when there may be something new: another count, a goal or a close written."""
    count, goals, closes = (
        Count.objects.first(),
        Goal.objects.aggregate(Max("updated_at"), Counted("pk")),
        Close.objects.aggregate(Counted("pk"), Counted("reopened_at")),
    )
    return " ".join(str(one) for one in (count.version if count else 0, *goals.values(), *closes.values()))


def _look(kind: str, hooks: list[Hook], state: str, on: date, at: datetime) -> int:
    """Look for one kind; another worker that looks at the same time waits, and finds nothing new."""
    found = list(happenings.FIND[kind](on))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        known = set(Event.objects.filter(key__in=[one.key for one in found]).values_list("key", flat=True))
        events = [_event(kind, one, at) for one in found if one.key not in known]
        Event.objects.bulk_create(events)
        made = [Delivery(event=event, hook=hook, next_at=at) for event in events for hook in hooks if kind in hook.kinds]
        Delivery.objects.bulk_create(made)
        Watch.objects.update_or_create(kind=kind, defaults={"state": state, "looked_on": on})
    return len(made)


def _event(kind: str, found: Happening, at: datetime) -> Event:
    return Event(kind=kind, key=found.key, happened_at=at, data=found.data)


def test(hook: Hook, *, at: datetime) -> Delivery:
    """Put a test event on its way to one hook."""
    event = Event(kind=Kind.TEST, happened_at=at, data={"name": hook.name})
    event.key = f"{Kind.TEST}:{event.pk}"
    event.save()
    return Delivery.objects.create(event=event, hook=hook, next_at=at)


def replay(delivery: Delivery, *, at: datetime) -> Delivery:
    """Send an event to a hook once more, under the same id; the log of the first way stays."""
    return Delivery.objects.create(event=delivery.event, hook=delivery.hook, next_at=at, is_replay=True)
