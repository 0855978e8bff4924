"""Where somebody is strong among their peers, and where there is something to gain: never judged from too little."""

from decimal import Decimal
from typing import Any

import pytest

from apps.dashboards.widgets import strengths
from apps.dashboards.widgets.strengths import Standing
from apps.kpis.figures import Figure
from apps.reps.scopes import Scope
from tests.dashboards.shapes import figure, selection


def made(kpi: str, value: Any, *, n: int = 0, volume: int = 20) -> Figure:
    one = figure(kpi, value, Scope("rep", n, f"Peer {n}"))
    return Figure(one.kpi, one.scope, one.window, one.on, one.value, one.numerator, Decimal(volume), one.excluded)


def among(own: Any, *peers: Any, kpi: str = "revenue", volume: int = 20) -> Standing:
    others = [made(kpi, value, n=n) for n, value in enumerate(peers, start=1)]
    return strengths.standing(made(kpi, own, volume=volume), others, None, "", [], selection())


@pytest.mark.parametrize(
    ("own", "peers", "kpi", "mark", "place"),
    [
        (90, (50, 60), "revenue", "strength", "1 of 3"),
        (40, (50, 60), "revenue", "gap", "3 of 3"),
        (55, (50, 60), "revenue", "", "2 of 3"),
        (40, (50, 60), "sales_cycle", "strength", "1 of 3"),
        (90, (50, 60), "sales_cycle", "gap", "3 of 3"),
        (50, (50, 50), "revenue", "", "1 of 3"),
        (90, (50,), "revenue", "", ""),
        (90, (), "revenue", "", ""),
        (None, (50, 60), "revenue", "", ""),
        (90, (None, None), "revenue", "", ""),
    ],
)
def test_a_strength_or_a_gap_is_in_the_first_or_last_third_of_three(own: Any, peers: tuple[Any, ...], kpi: str, mark: str, place: str) -> None:
    found = among(own, *peers, kpi=kpi)
    assert (found.mark, found.place) == (mark, place)


def test_what_is_usual_is_the_median_of_the_others() -> None:
    assert among(1000, 10, 20, 90).usual == "20"
    assert among(1000).usual == among(1000, 10).usual == ""  # of one other it would be theirs


def test_a_rate_of_a_few_records_is_not_judged() -> None:
    assert among(100, 20, 30, kpi="win_rate", volume=4).mark == ""
    assert among(100, 20, 30, kpi="win_rate", volume=5).mark == "strength"
    assert among(9000, 20, 30, kpi="average_deal_size", volume=2).mark == ""


def test_what_lies_furthest_from_the_usual_is_talked_about_first() -> None:
    own = [made("revenue", 90), made("calls", 5), made("meetings", 1)]
    peers = {
        "revenue": [made("revenue", 50, n=1), made("revenue", 60, n=2)],
        "calls": [made("calls", 9, n=1), made("calls", 10, n=2)],
        "meetings": [made("meetings", 10, n=1), made("meetings", 10, n=2)],
    }
    found = strengths.strengths(own, peers, {}, "", {}, selection())
    assert found.strengths == ("Sales revenue: 90 where 55 is usual, place 1 of 3.",)
    assert [words.split(":")[0] for words in found.gaps] == ["Meetings", "Calls"]
    assert found.peers == 2
