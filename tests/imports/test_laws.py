"""What holds for every file: importing twice changes nothing, and the order of its rows means nothing."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.imports import importing, parsing
from apps.imports.importing import Order
from apps.imports.report import ImportReport
from apps.opportunities.models import Opportunity, OpportunityVersion
from apps.reps.models import Membership
from tests import make
from tests.imports.test_importing import DEALS, HEADER, ORDERS
from tests.imports.test_writing import MEMBERS

DAYS = st.sampled_from(["", "2024-01-01", "2024-02-01", "2024-03-01", "2024-02-30"])
DEAL_ROWS = st.tuples(
    st.sampled_from(["a", "b", "c", "d", "e", ""]),
    st.sampled_from(["Deal", ""]),
    st.sampled_from(["Ann", "Ann", "Ben", "Zed"]),
    st.sampled_from(["Qualified", "Proposal", "Won", "Closed", "Lost"]),
    st.sampled_from(["", "0", "1", "2.50", "x"]),
    DAYS,
    DAYS,
)
MEMBER_ROWS = st.tuples(st.sampled_from(["Ann", "Ben"]), st.sampled_from(["North", "South"]), DAYS, DAYS)
LINE_ROWS = st.tuples(
    st.sampled_from("ABC"),
    st.sampled_from(["Ann", "Ann", "Ben"]),
    st.sampled_from(["2024-01-01", "2024-01-02"]),
    st.sampled_from(["$1", "$2.5", "x", ""]),
    st.just("$1"),
)
CASES = [
    (DEALS, "deals.csv", HEADER.strip(), DEAL_ROWS),
    (MEMBERS, "m.csv", "Rep,Team,From,Until", MEMBER_ROWS),
    (ORDERS, "lines.csv", "Order,Rep,Day,Sales,Cost", LINE_ROWS),
]
FAST = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def world(db: None) -> None:
    make.stages()
    for name in ("Ann", "Ben"):
        make.rep(name, hired="2020-01-01")
    make.team("North"), make.team("South")


def imported(mapping: str, name: str, header: str, rows: list[tuple[str, ...]]) -> ImportReport:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_text("\n".join([header, *map(",".join, rows)]) + "\n")
        return importing.run(Order(parsing.parse('title = "T"\n' + mapping), Path(folder)), tell=lambda report: None)


def state() -> list[Any]:
    deals = Opportunity.objects.order_by("external_key").values_list("external_key", "name", "owner", "stage", "amount", "created_on", "closed_on")
    versions = OpportunityVersion.objects.order_by("opportunity__external_key", "sequence").values_list(
        "opportunity__external_key", "valid_from", "stage", "amount"
    )
    members = Membership.objects.order_by("rep", "start_on").values_list("rep", "team", "start_on", "end_on")
    return [list(rows) for rows in (deals, versions, members)]


class Undone:
    """Takes back what an example wrote."""

    def __enter__(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()

    def __exit__(self, *error: Any) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(*error)


@pytest.mark.parametrize(("mapping", "name", "header", "row"), CASES, ids=["deals", "memberships", "order lines"])
@FAST
@given(data=st.data())
def test_the_same_import_twice_changes_nothing(mapping, name, header, row, data):
    rows = data.draw(st.lists(row, max_size=8))
    with Undone():
        first = imported(mapping, name, header, rows)
        before = state()
        second = imported(mapping, name, header, rows)
        assert state() == before
        assert (second.totals.created, second.totals.updated, second.files[0].errors) == (0, 0, first.files[0].errors)


@pytest.mark.parametrize(("mapping", "name", "header", "row"), CASES, ids=["deals", "memberships", "order lines"])
@FAST
@given(data=st.data())
def test_the_order_of_the_rows_means_nothing(mapping, name, header, row, data):
    rows = data.draw(st.lists(row, max_size=8))
    shuffled = data.draw(st.permutations(rows))
    with Undone():
        report, result = imported(mapping, name, header, rows), state()
    with Undone():
        again, other = imported(mapping, name, header, shuffled), state()
    assert other == result
    assert again.totals == report.totals
