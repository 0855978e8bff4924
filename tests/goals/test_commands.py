"""The commands `figure` and `records`: one flat list, plain digits, clear refusals."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.kpis import catalogue
from tests import make

KEYS = [
    "kpi",
    "scope",
    "period",
    "value",
    "numerator",
    "denominator",
    "target",
    "attainment",
    "expected",
    "pace",
    "projection",
    "remaining",
    "per_working_day",
    "status",
    "target_changed_on",
    "excluded",
    "reported",
    "restated_by",
    "restated_because",
    "closed_on",
    "as_of",
    "reason",
]


def said(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out, stderr=StringIO())
    return out.getvalue()


def asked(*words: str) -> list[dict[str, Any]]:
    return json.loads(said(*words, "--json"))


@pytest.fixture(autouse=True)
def alice(db: None) -> None:
    rep = make.rep("Alice Adler", team=make.team("North", region=make.region("Europe")))
    make.deal(rep=rep, won="2025-01-15", amount="300.50")
    make.deal(rep=rep, lost="2025-01-20", amount=50)
    make.deal(rep=rep, won="2025-03-03", amount=None)
    make.goal(scope=rep, target=601)


def test_every_combination_is_answered_in_one_flat_list() -> None:
    rows = asked("figure", "revenue", "win_rate", "--scope", "company", "--scope", "rep:Alice Adler", "--period", "2025-01", "--period", "2025-Q1")
    assert len(rows) == 8 and all(list(row) == KEYS for row in rows)
    assert {(row["kpi"], row["scope"], row["period"]) for row in rows} == {
        (kpi, scope, period) for kpi in ("revenue", "win_rate") for scope in ("company", "rep:Alice Adler") for period in ("2025-01", "2025-Q1")
    }


def test_a_figure_holds_its_parts_target_and_what_was_left_out() -> None:
    row = asked("figure", "revenue", "--scope", "rep:Alice Adler", "--period", "2025-Q1", "--on", "2025-03-13")[0]
    assert (row["value"], row["target"], row["attainment"], row["excluded"], row["as_of"]) == ("300.5", "601", "0.5", 1, "2025-03-13")


def test_no_value_is_null_and_not_zero() -> None:
    row = asked("figure", "win_rate", "--period", "2025-02")[0]
    assert (row["value"], row["numerator"], row["denominator"]) == (None, "0", "0")


def test_percent_is_in_hundredths() -> None:
    assert asked("figure", "win_rate", "--period", "2025-01")[0]["value"] == "50"


def test_the_list_names_every_kpi_with_unit_and_direction() -> None:
    rows = asked("figure", "--list")
    assert [row["key"] for row in rows] == list(catalogue.KPIS)
    assert all({"key", "name", "unit", "better"} <= row.keys() for row in rows)


def test_records_add_up_to_the_figure() -> None:
    found = asked("records", "revenue", "--scope", "region:Europe", "--period", "2025-Q1")[0]
    assert (found["sum"], found["count"], found["excluded"]) == ("300.5", 2, 1)
    assert [row["amount"] for row in found["rows"]] == ["300.5", "0"]


def test_without_json_there_is_a_table_for_people() -> None:
    assert "revenue\tcompany\t2025-01\t300.5" in said("figure", "revenue", "--period", "2025-01")
    assert "sum\t300.5" in said("records", "revenue", "--period", "2025-01")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("figure",), "at least one KPI"),
        (("figure", "income"), "income"),
        (("figure", "revenue", "--scope", "team:Nowhere"), "Nowhere"),
        (("figure", "revenue", "--scope", "everybody"), "region:NAME"),
        (("figure", "revenue", "--period", "2017-Q5"), "2017-Q2"),
        (("figure", "revenue", "--on", "yesterday"), "2017-12-31"),
        (("figure", "revenue", "--on", "2025-03-15"), "lies ahead"),
        (("records", "income"), "income"),
    ],
)
def test_a_wrong_question_says_what_to_write(words: tuple[str, ...], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        said(*words)
