"""A count of everything: it mends whatever was stored wrongly, and writes nothing that is right already."""

import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from apps.kpis import priority, rollup
from apps.opportunities.models import Opportunity
from tests import make
from tests.kpis.histories import Company

ON = make.TODAY
UNDATED = date(1, 1, 1)

TABLES = ("kpis_measureday", "kpis_sharedday", "kpis_snapshot")


@pytest.fixture
def company(db: None) -> Company:
    """A year of deals, some of them shared, counted."""
    company = Company()
    for n in range(12):
        rep, opened = company.reps[n % 3], ON - timedelta(days=360 - 30 * n)
        deal = make.deal(rep=rep, created=opened, amount=100 + n, expected=opened + timedelta(days=30), customer=company.customers[n % 2])
        if n % 4 == 0:
            make.credit(deal, **{str(company.reps[0].pk): 60, str(company.reps[1].pk): 40})
    rollup.drain(on=ON)
    return company


def stored(columns: str = "*") -> list[list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        found = []
        for table in TABLES:
            cursor.execute(f"SELECT {columns} FROM {table} ORDER BY {columns}" if columns != "*" else f"SELECT t.* FROM {table} t ORDER BY t")
            found.append(cursor.fetchall())
    return found


def test_a_recount_that_finds_nothing_leaves_every_row_where_it_is(company: Company) -> None:
    before = stored("tableoid, ctid, xmin::text::bigint")
    assert all(before)
    rollup.recount_all(on=ON)
    assert stored("tableoid, ctid, xmin::text::bigint") == before


def test_what_several_reps_share_without_a_day_is_counted_once_too(company: Company) -> None:
    deal = make.deal(rep=company.reps[0], amount=5)
    Opportunity.objects.filter(pk=deal.pk).update(created_on=None)
    make.credit(deal, **{str(company.reps[0].pk): 60, str(company.reps[1].pk): 40})
    rollup.drain(on=ON)
    before = stored()
    rollup.recount_all(on=ON)
    assert stored() == before
    assert [row for row in before[1] if row[2] == UNDATED]


def every_fifth(table: str, first: int) -> str:
    """A condition on rows `t` of a table."""
    return f"""(t.tableoid, t.ctid) IN (SELECT tableoid, ctid FROM (
        SELECT x.tableoid, x.ctid, row_number() OVER (ORDER BY x) AS n FROM {table} x) numbered WHERE n % 5 = {first})"""


def test_a_recount_puts_right_what_is_wrong_missing_or_too_much(company: Company) -> None:
    right = stored()
    with connection.cursor() as cursor:
        for table in TABLES:
            for spoil in (
                f"DELETE FROM {table} t WHERE {every_fifth(table, 1)}",
                f"INSERT INTO {table} SELECT (jsonb_populate_record(t, jsonb_build_object('part', part + 1000000))).* FROM {table} t WHERE {every_fifth(table, 2)}",
                f"UPDATE {table} t SET amounts = (SELECT array_agg(a + 1) FROM unnest(amounts) a) WHERE {every_fifth(table, 3)}",
            ):
                cursor.execute(spoil)
                assert cursor.rowcount
    assert stored() != right
    rollup.recount_all(on=ON)
    assert stored() == right


def test_counting_stands_back_where_it_shares_a_machine(company: Company) -> None:
    rollup.recount_all(on=ON)
    pid = connection.connection.info.backend_pid
    if not priority.stand_back(connection):
        pytest.skip("The database runs elsewhere, or as somebody whose processes are not ours to slow down.")
    assert os.getpriority(os.PRIO_PROCESS, pid) == priority.NICE
    group = Path(f"/proc/{pid}/autogroup")
    assert not group.exists() or group.read_text().split()[-1] == str(priority.NICE)


def test_who_may_not_slow_the_database_down_counts_all_the_same(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refuse)
    monkeypatch.setattr(os, "getpriority", lambda *_args: 0)
    before = stored()
    rollup.recount_all(on=ON)
    assert stored() == before
    assert not priority.stand_back(connection)


def test_what_a_page_counts_does_not_stand_back(company: Company, settings: Any) -> None:
    settings.STANDS_BACK = False
    pid = connection.connection.info.backend_pid
    before = os.getpriority(os.PRIO_PROCESS, pid)
    assert not priority.stand_back(connection)
    assert os.getpriority(os.PRIO_PROCESS, pid) == before


def test_a_process_that_is_not_the_databases_is_left_alone(db: None) -> None:
    class Elsewhere:
        settings_dict = connection.settings_dict

        class connection:  # noqa: N801
            class info:  # noqa: N801
                backend_pid = os.getpid()

    before = os.getpriority(os.PRIO_PROCESS, os.getpid())
    assert not priority.stand_back(Elsewhere())  # type: ignore[arg-type]
    assert os.getpriority(os.PRIO_PROCESS, os.getpid()) == before
