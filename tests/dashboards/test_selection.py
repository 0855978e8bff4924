"""What an address says is what it is read as."""

from datetime import date

import pytest
from django.urls import resolve

from apps.dashboards import selection as selections
from apps.dashboards.selection import Unreadable
from apps.reps.scopes import Scope
from tests.dashboards.shapes import PLAN, selection

TODAY = date(2025, 3, 14)


def test_what_goes_without_saying_is_left_out_of_the_address() -> None:
    assert selection().board == "/boards/rep/1/"
    assert selection("2025-02").board == "/boards/rep/1/?period=2025-02"


def test_another_day_stays_in_every_address() -> None:
    one = selection().at(on=date(2025, 2, 1))
    assert one.board == "/boards/rep/1/?on=2025-02-01"
    assert one.figure("revenue") == "/figures/revenue/?scope=rep%3A1&period=2025-Q1&on=2025-02-01"


@pytest.mark.parametrize("scope", [Scope("company", 0, "Acme"), Scope("region", 2, "Europe"), Scope("team", 3, "North"), Scope("rep", 4, "Alice")])
def test_a_scope_reads_back_as_it_was_written(scope: Scope) -> None:
    assert selections.read_scope_key(selections.scope_key(scope)) == (scope.kind, scope.id)
    assert resolve(selections.board_path(scope)).url_name in ("board", "company")


def test_the_running_quarter_is_shown_when_no_period_is_named() -> None:
    assert selections.read_window({}, PLAN, TODAY).key == "2025-Q1"
    assert selections.read_window({}, PLAN, date(2024, 5, 1)).key == "2024-Q2"


@pytest.mark.parametrize("text", ["", "team", "team:", "team:x", "company:1", "rep:-1", "rep:99999999999999999999"])
def test_what_is_no_scope_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        selections.read_scope_key(text)


@pytest.mark.parametrize("text", ["2025-03-15", "1200-01-01", "yesterday", "2025-02-30"])
def test_what_is_no_day_so_far_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        selections.read_on({"on": text}, TODAY)


@pytest.mark.parametrize("scope", [Scope("company", 0, "Acme"), Scope("region", 2, "Europe"), Scope("team", 3, "North"), Scope("rep", 4, "Alice")])
@pytest.mark.parametrize("period", ["2025-Q1", "2025-02"])
def test_another_board_is_looked_at_in_the_same_way(scope: Scope, period: str) -> None:
    for look in (selection(period), selection(period).at(on=date(2025, 2, 1)), selection(period).seen(is_regrouped=True)):
        there = look.at(scope=scope)
        assert look.board_of(scope) == there.board
        assert look.figure_of("revenue", scope, look.window) == there.figure("revenue")
