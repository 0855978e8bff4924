"""The first page leads to the viewer's own board and keeps what the address asks for."""

from tests.people import People


def test_period_and_day_of_the_address_are_kept(people: People) -> None:
    answer = people.client("bob").get("/?period=2024-Q2&on=2024-12-31")
    assert answer.status_code == 302
    assert answer["Location"] == f"/boards/team/{people.north.pk}/?period=2024-Q2&on=2024-12-31"


def test_without_a_wish_the_board_is_todays(people: People) -> None:
    assert people.client("alice").get("/")["Location"] == f"/boards/rep/{people.alice.pk}/"
