"""How many opportunities a second one web worker takes by the API, five thousand in a request (see README.md).

`script/test benchmarks/bulk.py -s` measures, in a database of its own. Numbers are of the whole request: reading, checking, writing with every trigger, answering.
"""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from script.house.progress import say
from tests import make, people

ROWS, ROUNDS = 5_000, 2
LIMIT = 2_000  # rows a second
ADDRESS = "/api/v1/opportunities/bulk/"
JSON = {"content_type": "application/json"}


@pytest.mark.django_db(transaction=True)
def test_a_worker_takes_enough_rows_a_second() -> None:
    rates = dict(measure())
    for kind, rate in rates.items():
        say(f"{kind}: {rate:,.0f} rows a second")
    assert min(rates.values()) >= LIMIT


def measure() -> Iterator[tuple[str, float]]:
    """Send requests of each kind, and tell how many rows a second each took; the best of some rounds, for others may be at work."""
    everybody = people.arrive()
    make.stages()
    client = Client(headers={"Authorization": f"Token {make.token(everybody.carol)}"})
    everybody.alice.external_key = "R-1"
    everybody.alice.save()
    everybody.dave.external_key = "R-2"
    everybody.dave.save()
    for number in range(50):
        make.customer(f"Customer {number}", owner=everybody.alice, external_key=f"C-{number}")
    stage, further, won = (make.stage(name).pk for name in ("Qualified", "Proposal", "Won"))
    found: dict[str, list[float]] = {}
    for turn in range(ROUNDS):
        new = [_row(f"{turn}-{number}", stage) for number in range(ROWS)]
        kinds = {"new": new, "unchanged": new, "renamed": [{**row, "name": "Another"} for row in new]}
        kinds["of another amount"] = [{**row, "amount": "7.00"} for row in kinds["renamed"]]
        kinds["a stage further"] = [{**row, "stage": further} for row in kinds["of another amount"]]
        kinds["handed on"] = [{**row, "owner": {"external_key": "R-2"}} for row in kinds["a stage further"]]
        kinds["won"] = [{**row, "stage": won, "closed_on": "2025-04-01"} for row in kinds["handed on"]]
        for kind, rows in kinds.items():
            found.setdefault(kind, []).append(ROWS / _seconds(client, rows, kind))
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
    for kind, rates in found.items():
        yield kind, max(rates)


def _row(key: str, stage: int) -> dict[str, Any]:
    customer = {"external_key": f"C-{len(key) * 7 % 50}"}
    days = {"created_on": "2025-01-02", "expected_close_on": "2025-05-01"}
    return {"external_key": key, "name": f"Deal {key}", "owner": {"external_key": "R-1"}, "stage": stage, "customer": customer, "amount": "1250.50", **days}


def _seconds(client: Client, rows: list[dict[str, Any]], kind: str) -> float:
    body = json.dumps({"rows": rows})
    begun = time.perf_counter()
    answer = client.post(ADDRESS, body, **JSON)
    seconds = time.perf_counter() - begun
    counts = answer.json()
    assert answer.status_code == 200, answer.content[:500]
    assert counts[{"new": "created", "unchanged": "unchanged"}.get(kind, "changed")] == ROWS, counts
    return seconds
