"""The hero says what is won, what is missing, and where it leads."""

from apps.dashboards.widgets.hero import Hero, Surroundings, hero
from tests.dashboards.shapes import figure, held, selection


def made(value: float, target: float | None, *, average: float | None = 10, period: str = "2025-Q1", **around: object) -> Hero:
    surroundings = Surroundings(average=figure("average_deal_size", average), before=None, since="", **around)  # type: ignore[arg-type]
    return hero(held(value, target, period=period), surroundings, selection(period))


def facts(one: Hero) -> dict[str, str]:
    return {fact.term: fact.value for fact in one.facts}


def test_the_gap_is_told_in_money_in_deals_and_per_working_day() -> None:
    found = facts(made(64, 100))  # 53 of 64 working days are over
    assert found["Still to win"] == "36"
    assert found["In average deals"] == "4"
    assert found["Per working day"] == "3.27"


def test_the_projection_carries_its_method() -> None:
    one = made(53, 100)
    assert facts(one)["Projected"] == "64"
    assert "53 of 64" in one.method


def test_more_than_the_target_is_told_as_such() -> None:
    found = facts(made(130, 100))
    assert found["Over target by"] == "30"
    assert "Still to win" not in found


def test_a_period_that_is_over_has_no_projection() -> None:
    one = made(60, 100, period="2024-Q4")
    assert facts(one) == {"Missing": "40", "In average deals": "4"}
    assert one.status.word == "Missed"


def test_without_an_average_deal_the_gap_is_not_told_in_deals() -> None:
    assert "In average deals" not in facts(made(64, 100, average=None))


def test_without_a_target_it_says_who_can_set_one() -> None:
    one = made(64, None)
    assert one.status.word == "No target"
    assert "An admin can set one" in one.pointers[0].text


def test_without_a_target_an_admin_is_led_to_where_it_is_set(db: None) -> None:
    one = made(64, None, may_set=True)
    assert one.pointers[0].url == "/goals/enter/?kpi=revenue&period=2025-Q1"


def test_targets_of_the_people_are_mentioned_where_all_of_them_have_none() -> None:
    one = made(64, None, members_with_target=3)
    assert "3 of the people below have a target" in one.pointers[1].text
