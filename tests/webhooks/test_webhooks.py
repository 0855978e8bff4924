"""Other programs are told what came to pass: once, signed, again where they do not answer, and nothing of before they asked."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from apps.core import periods
from apps.goals.models import Goal
from apps.kpis import closing, rollup
from apps.webhooks import delivering, sending, tasks, watching
from apps.webhooks.delivering import WAITS
from apps.webhooks.models import Attempt, Delivery, Event, Hook, Kind, choices
from tests import make
from tests.people import People
from tests.webhooks.receiver import Receiver, receiving

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 3, 14, 9, tzinfo=UTC)
EVERY = [key for key, _name in choices()]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def hook(receiver: Receiver, people: People) -> Hook:
    """Everything is watched from here on."""
    hook = Hook.objects.create(name="CRM", url=receiver.url, kinds=EVERY)
    make.goal("revenue", people.alice, target=1000)
    pass_by()
    return hook


def pass_by(at: datetime = NOW) -> int:
    """Count, look and send, as the worker does."""
    rollup.drain(on=make.TODAY, wait=True)
    watching.watch(on=make.TODAY, at=at)
    return delivering.deliver_due(at=at)


def win(people: People, amount: int = 1200) -> Any:
    return make.deal(rep=people.alice, won="2025-03-10", amount=amount)


def test_a_goal_that_is_reached_is_told_once_and_signed(hook: Hook, receiver: Receiver, people: People) -> None:
    deal = win(people)
    assert pass_by() == 1 and pass_by() == 0
    told, headers = receiver.told[0], receiver.headers[0]
    assert told["type"] == "goal.reached" and told["timestamp"] == NOW.isoformat()
    expected = {
        "kpi": "revenue",
        "scope": "rep:Alice Adler",
        "period": "2025-Q1",
        "value": "1200",
        "target": "1000",
        "attainment": "1.2",
        "last_on": "2025-03-31",
    }
    assert told["data"].items() >= expected.items()
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + receiver.bodies[0]
    digest = hmac.new(base64.b64decode(hook.secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode() and headers["webhook-id"] == told["id"]
    deal.amount = Decimal(10)
    deal.save()
    pass_by()
    deal.amount = Decimal(1300)
    deal.save()
    assert pass_by() == 0, "who was there once is not told of again"


def test_a_limit_is_reached_when_it_was_held_to_the_end(hook: Hook, receiver: Receiver, people: People) -> None:
    win(people, 10)
    make.goal("sales_cycle", people.alice, target=60, start="2025-03-01", last="2025-03-31")
    make.goal("sales_cycle", people.alice, target=60, start="2025-02-01", last="2025-02-28")
    make.deal(rep=people.alice, won="2025-02-10", amount=10)
    pass_by()
    assert [(one["data"]["kpi"], one["data"]["period"]) for one in receiver.told] == [("sales_cycle", "2025-02")]


def test_a_target_that_is_lowered_is_reached_too(hook: Hook, receiver: Receiver, people: People) -> None:
    win(people, 900)
    assert pass_by() == 0
    goal = Goal.objects.get()
    goal.target = Decimal(800)
    goal.save()
    assert pass_by() == 1 and receiver.told[0]["data"]["target"] == "800"


def test_a_period_that_is_closed_and_a_figure_that_is_restated_are_told(hook: Hook, receiver: Receiver, people: People) -> None:
    deal = make.deal(rep=people.alice, won="2025-02-10", amount=100)
    rollup.drain(on=make.TODAY, wait=True)
    closing.close(periods.calendar().parse("2025-02"), on=make.TODAY, at=NOW)
    assert pass_by() == 1
    closed = receiver.told[0]
    assert closed["type"] == "period.closed" and closed["data"]["period"] == "2025-02" and closed["data"]["closed_by"] is None
    deal.amount = Decimal(130)
    deal.save()
    pass_by()
    restated = {one["data"]["scope"]: one["data"] for one in receiver.told[1:] if one["data"]["kpi"] == "revenue"}
    assert set(restated) == {"company", "region:Europe", "team:North", "rep:Alice Adler"}
    assert restated["company"].items() >= {"reported": "100", "value": "130", "difference": "30", "period": "2025-02"}.items()
    assert pass_by() == 0


def test_who_comes_later_is_told_nothing_of_the_past(receiver: Receiver, people: People) -> None:
    make.goal("revenue", people.alice, target=1000)
    win(people)
    late = Hook.objects.create(name="Late", url=receiver.url, kinds=[Kind.GOAL_REACHED])
    assert pass_by() == 0 and Event.objects.count() == 1
    make.goal("deals_won", people.alice, target=1)
    assert pass_by() == 1 and receiver.told[0]["data"]["kpi"] == "deals_won"
    Hook.objects.update(is_active=False)
    make.goal("deals_won", people.north, target=1)
    assert pass_by() == 0
    Hook.objects.update(is_active=True)
    assert pass_by() == 0, "what came to pass while it rested is the past, too"
    assert late.deliveries.count() == 1


def test_what_does_not_arrive_is_sent_again_later_and_later_then_given_up(hook: Hook, receiver: Receiver, people: People) -> None:
    win(people)
    receiver.answers = [500, 302, 0, 429, 404, 410, 503]
    at = NOW
    assert pass_by(at) == 1
    for wait in WAITS:
        assert delivering.deliver_due(at=at + wait - timedelta(seconds=1)) == 0
        at += wait
        assert delivering.deliver_due(at=at) == 1
    assert delivering.deliver_due(at=at + timedelta(days=30)) == 0
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries, len(receiver.bodies)) == ("failed", 7, 7)
    assert [one.status for one in Attempt.objects.order_by("pk")] == [500, 302, None, 429, 404, 410, 503]
    assert Attempt.objects.get(status=None).problem and Attempt.objects.get(status=500).answer == "as you say"
    assert len(set(receiver.bodies)) == 1, "an event is the same however often it is sent"
    assert delivering.failing() == [hook] and "A webhook fails: CRM." in people.client("carol").get(reverse("dashboards:company")).content.decode()
    watching.replay(delivery, at=at)
    assert delivering.deliver_due(at=at) == 1 and delivering.failing() == [] and receiver.told[-1]["id"] == str(delivery.event_id)


def test_who_trickles_or_hangs_holds_nobody_up(hook: Hook, receiver: Receiver, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PATIENCE", 0.4)
    win(people)
    make.goal("deals_won", people.alice, target=1)
    receiver.answers = [1]
    assert pass_by() == 1, "what else is for the same hook waits, too"
    attempt = Attempt.objects.get()
    assert attempt.status is None and "no answer within" in attempt.problem and attempt.seconds < 2
    assert Delivery.objects.filter(next_at=NOW + WAITS[0]).count() == 2
    assert delivering.deliver_due(at=NOW + WAITS[0]) == 2 and not Delivery.objects.exclude(state="delivered").exists()


def test_nobody_there_keeps_nothing_from_others(hook: Hook, receiver: Receiver, people: People) -> None:
    Hook.objects.create(name="Gone", url="http://127.0.0.1:9/", kinds=[Kind.GOAL_REACHED])
    win(people)
    assert pass_by() == 2 and len(receiver.bodies) == 1
    assert {one.hook.name: one.state for one in Delivery.objects.all()} == {"CRM": "delivered", "Gone": "waiting"}


def test_a_claimed_delivery_is_nobody_elses_until_its_sender_is_gone(hook: Hook, receiver: Receiver, people: People) -> None:
    win(people)
    rollup.drain(on=make.TODAY, wait=True)
    watching.watch(on=make.TODAY, at=NOW)
    assert delivering.claim(at=NOW) is not None and delivering.claim(at=NOW) is None  # killed before it was sent
    assert delivering.deliver_due(at=NOW + delivering.CLAIMED) == 1 and len(receiver.bodies) == 1


def test_old_logs_go_and_their_events_stay(hook: Hook, people: People) -> None:
    win(people)
    pass_by()
    delivering.forget(at=NOW + delivering.KEPT + timedelta(days=1))
    assert not Delivery.objects.exists() and Event.objects.count() == 1 and pass_by() == 0


def test_admins_make_hooks_test_them_and_send_again(receiver: Receiver, people: People) -> None:
    admin, url = people.client("carol"), reverse("admin:webhooks_hook_add")
    wrong = admin.post(url, {"name": "CRM", "url": "ftp://example.com", "kinds": ["goal.reached"], "is_active": "on"})
    assert wrong.status_code == 200 and not Hook.objects.exists()
    assert admin.post(url, {"name": "CRM", "url": receiver.url, "kinds": ["goal.reached"], "is_active": "on"}).status_code == 302
    hook = Hook.objects.get()
    assert hook.secret in admin.get(reverse("admin:webhooks_hook_change", args=[hook.pk])).content.decode()
    admin.post(reverse("admin:webhooks_hook_changelist"), {"action": "send_test", "_selected_action": [hook.pk]})
    delivering.deliver_due(at=NOW)
    assert receiver.told[0]["type"] == "test"
    log = reverse("admin:webhooks_delivery_changelist")
    assert "Delivered" in admin.get(log).content.decode()
    assert "204" in admin.get(reverse("admin:webhooks_delivery_change", args=[hook.deliveries.get().pk])).content.decode()
    admin.post(log, {"action": "send_again", "_selected_action": [hook.deliveries.get().pk]})
    assert hook.deliveries.filter(is_replay=True).count() == 1
    admin.post(reverse("admin:webhooks_hook_changelist"), {"action": "renew_secret", "_selected_action": [hook.pk]})
    assert Hook.objects.get().secret != hook.secret
    for name in ("alice", "bob"):
        assert people.client(name).get(url).status_code in (302, 403)


def test_the_schedule_runs_it(hook: Hook, receiver: Receiver, people: People) -> None:
    win(people)
    rollup.drain(on=make.TODAY, wait=True)
    tasks.watch()
    assert tasks.deliver() == 1
    tasks.forget()
