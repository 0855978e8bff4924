"""Deals that one statement adds get the same first states as a deal that is dated by itself, and are worth the same."""

from datetime import date
from itertools import product

import pytest
from django.db import connection

from apps.opportunities import states
from apps.opportunities.models import Opportunity
from apps.reps.models import Rep
from tests import make

pytestmark = pytest.mark.django_db
STAGES = ("Qualified", "Proposal", "Won", "Lost")
CREATED = (None, date(2025, 1, 5), date(2025, 2, 10))
EFFECTIVE = (None, date(2025, 1, 1), date(2025, 2, 20))
MONEY = ({"amount": None}, {"amount": 50}, {"currency": "USD", "original_amount": 80})
ALL = list(product(STAGES, CREATED, EFFECTIVE, MONEY))
STATE = ("sequence", "valid_from", "valid_to", "owner_id", "stage_id", "amount", "currency", "original_amount", "probability", "expected_close_on")
LINKED = ("stage_since", "previous_stage_id", "previous_stage_since")


def fields(rep: Rep, stage: str, created: date | None, effective: date | None, money: dict[str, object]) -> dict[str, object]:
    closed = date(2025, 3, 1) if stage in ("Won", "Lost") else None
    return {
        "owner": rep,
        "stage": make.stage(stage),
        "created_on": created,
        "effective_on": effective,
        "closed_on": closed,
        "expected_close_on": date(2025, 4, 1),
        **money,
    }


def past(deal: Opportunity) -> list[tuple[object, ...]]:
    return list(deal.versions.order_by("sequence").values_list(*STATE, *LINKED))


def test_many_at_once_are_what_each_would_be_alone() -> None:
    make.organisation()
    make.stages()
    for day in ("2025-01-05", "2025-02-10", "2025-02-20", "2025-03-01"):
        make.rate(on=day, rate="0.9" if day < "2025-02-15" else "0.8")
    rep = make.rep("Ann")
    many = Opportunity.objects.bulk_create(Opportunity(name=f"Deal {n}", **fields(rep, *one)) for n, one in enumerate(ALL))
    for deal, one in zip(many, ALL, strict=True):
        alone = Opportunity.objects.create(name="Alone", owner=rep, stage=make.stage("Qualified"))
        for name, value in fields(rep, *one).items():
            setattr(alone, name, value)
        alone.save()
        alone.refresh_from_db()
        deal.refresh_from_db()
        assert past(deal) == past(alone), one
        assert (deal.amount, deal.effective_on) == (alone.amount, None), one
    with connection.cursor() as cursor:
        cursor.execute(states.link("TRUE"))
        assert cursor.rowcount == 0, "they are linked already"
