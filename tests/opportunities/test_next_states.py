"""Deals that one statement changes get the same states as deals that change one by one."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection

from apps.opportunities.models import Opportunity, Stage
from apps.reps.models import Rep
from tests import make

pytestmark = pytest.mark.django_db
DEALS, ROUNDS = 60, 3
FIRST, DAYS = date(2025, 1, 1), 60
WRITTEN = ("owner_id", "stage_id", "created_on", "closed_on", "effective_on", "expected_close_on", "amount", "currency", "original_amount", "probability")
STATE = ("sequence", "valid_from", "valid_to", "owner_id", "stage_id", "amount", "currency", "original_amount", "probability", "expected_close_on")
LINKED = ("stage_since", "previous_stage_id", "previous_stage_since")


def drawn(chance: Random, reps: list[Rep], stages: list[Stage]) -> dict[str, Any]:
    """Draw what a deal may be, whether or not it was known before."""

    def day() -> date:
        return FIRST + timedelta(days=chance.randrange(DAYS))

    stage, created = chance.choice(stages), chance.choice([None, day(), day()])
    currency = chance.choice(["", "", "USD"])
    return {
        "owner_id": chance.choice(reps).pk,
        "stage_id": stage.pk,
        "created_on": created,
        "closed_on": None if stage.kind == "open" else max(created or FIRST, day()),
        "effective_on": chance.choice([None, day()]),
        "expected_close_on": chance.choice([None, day()]),
        "amount": None if currency else chance.choice([None, 10, 20]),
        "currency": currency,
        "original_amount": chance.choice([50, 60]) if currency else None,
        "probability": chance.choice([None, 50]),
    }


def next_of(before: dict[str, Any], drawn: dict[str, Any], chance: Random) -> dict[str, Any]:
    """Take over some of what was drawn; days, stage and money as they go together."""
    together = chance.choice([("owner_id",), ("expected_close_on", "probability"), ("amount", "currency", "original_amount"), WRITTEN])
    closing = chance.choice([(), ("stage_id", "closed_on", "created_on")])
    after = {**before, "effective_on": drawn["effective_on"], **{name: drawn[name] for name in (*together, *closing)}}
    return {**after, "amount": None} if after["currency"] else after


def past(deal: Opportunity) -> list[tuple[object, ...]]:
    return list(deal.versions.order_by("sequence").values_list(*STATE, *LINKED))


def write(deals: list[Opportunity], rows: list[dict[str, Any]]) -> None:
    for deal, row in zip(deals, rows, strict=True):
        for name, value in row.items():
            setattr(deal, name, value)
    Opportunity.objects.bulk_update(deals, WRITTEN)


def test_many_at_once_become_what_each_would_alone() -> None:
    make.organisation()
    stages = [make.stages()[name] for name in ("Qualified", "Proposal", "Won", "Lost")]
    for day in ("2025-01-05", "2025-02-10", "2025-02-20"):
        make.rate(on=day, rate="0.9" if day < "2025-02-15" else "0.8")
    chance, reps = Random(5), [make.rep(name) for name in ("Ann", "Ben", "Cleo")]
    rows = [drawn(chance, reps, stages) for _ in range(DEALS)]
    together, alone = (Opportunity.objects.bulk_create(Opportunity(name=name, **row) for row in rows) for name in ("Together", "Alone"))
    assert {len(past(deal)) for deal in together} == {0, 1, 2}
    for number in range(ROUNDS):
        rows = [next_of(row, drawn(chance, reps, stages), chance) for row in rows]
        write(together, rows)
        for deal, row in zip(alone, rows, strict=True):
            write([deal], [row])
        for one, other, row in zip(together, alone, rows, strict=True):
            assert past(one) == past(other), (number, row)
            one.refresh_from_db()
            other.refresh_from_db()
            assert (one.amount, one.effective_on) == (other.amount, None), (number, row)
    assert max(len(past(deal)) for deal in together) > 3
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
