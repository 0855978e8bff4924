"""A rep's goals page: each morning it says what today asks, what would close it, and how it went before."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make
from tests.conftest import Day
from tests.dashboards import world
from tests.people import People

pytestmark = pytest.mark.django_db
MARCH = {"start": "2025-03-01", "last": "2025-03-31"}


def page(people: People, name: str = "alice", query: str = "") -> str:
    answer = people.client(name).get(f"/goals/{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def texts(html: str) -> list[str]:
    """Return the words of each card."""
    cards = re.findall(r'<section class="card goal-card.*?</section>', html, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", card).split()) for card in cards]


def test_a_goal_says_what_is_to_go_and_what_each_working_day_has_to_bring(people: People) -> None:
    make.deal(rep=people.alice, won="2025-02-10", amount=400)
    make.goal("revenue", people.alice, target=1500)
    world.count()
    (card,) = texts(page(people))
    assert "400 of 1,500 · 27% · expected 83%" in card
    assert "1,100 to go: 100 on each of the 11 working days left." in card
    assert "Going on like this, it ends at 483." in card  # 53 of 64 working days are over


def test_on_the_last_working_day_everything_is_due_on_it(people: People, day: Day) -> None:
    make.goal("calls", people.alice, **MARCH, target=5)
    world.count()
    day.to("2025-03-28")
    assert "5 to go, on the one working day that is left." in texts(page(people))[0]
    day.to("2025-03-31")
    assert "5 missing, and no working day is left." in texts(page(people))[0]


def test_few_are_due_every_so_many_days(people: People) -> None:
    make.goal("meetings", people.alice, **MARCH, target=3)
    world.count()
    assert "3 to go: one every 3 of the 11 working days left." in texts(page(people))[0]


def test_deals_that_are_not_shown_count_as_well(people: People) -> None:
    for n in range(10):
        make.deal(rep=people.alice, amount=100, created="2025-03-01", expected=f"2025-03-{18 + n}")
    make.goal("revenue", people.alice, target=900)
    world.count()
    (card,) = texts(page(people))
    assert "900 to go: these deals and 4 more of this period, worth 1,000 together, would cover it." in card
    make.goal("revenue", people.alice, start="2025-01-01", last="2025-12-31", target=5000)
    assert "all deals expected in this period are worth 1,000. New ones are needed." in texts(page(people))[1]


def test_the_deals_that_would_close_it_are_named_until_they_do(people: People) -> None:
    for n, (amount, expected) in enumerate(((300, "2025-03-20"), (800, "2025-03-25"), (900, "2025-03-28"), (50, "2025-05-02"))):
        make.deal(rep=people.alice, name=f"Deal {n}", amount=amount, created="2025-03-01", expected=expected)
    make.goal("revenue", people.alice, target=1000)
    world.count()
    (card,) = texts(page(people))
    assert "What would close it" in card
    assert [name for name in ("Deal 0", "Deal 1", "Deal 2", "Deal 3") if name in card] == ["Deal 0", "Deal 1"]


def test_the_periods_before_tell_how_they_went(people: People) -> None:
    make.deal(rep=people.alice, won="2024-11-10", amount=450)
    make.goal("revenue", people.alice, start="2024-10-01", last="2024-12-31", target=500)
    make.goal("revenue", people.alice, start="2024-07-01", last="2024-09-30", target=500)
    make.goal("revenue", people.alice, target=1000)
    world.count()
    (card,) = texts(page(people))
    assert "Before Q4 2024 90% missed Q3 2024 0% missed" in card


def test_a_goal_that_is_reached_is_celebrated_quietly(people: People) -> None:
    make.deal(rep=people.alice, won="2025-03-10", amount=1200)
    make.deal(rep=people.alice, amount=800, created="2025-03-01", expected="2025-03-25")
    make.goal("revenue", people.alice, target=1000)
    world.count()
    (card,) = texts(page(people))
    assert "Reached, by 200 more." in card
    assert "to go" not in card and "What would close it" not in card


def test_the_shortest_comes_first_and_each_is_counted_over_its_own_days(people: People) -> None:
    for n in range(3):
        make.activity(rep=people.alice, kind="call", done=f"2025-03-0{n + 3}")
    make.goal("calls", people.alice, **MARCH, target=50)
    make.goal("revenue", people.alice, start="2025-02-15", last="2025-04-15", target=100)
    make.goal("revenue", people.alice, target=1000)
    world.count()
    found = texts(page(people))
    assert [card.split(" ")[0] for card in found] == ["Calls", "Sales", "Sales"]
    assert "3 of 50" in found[0] and "47 to go: 4.3 on each of the 11 working days left." in found[0]
    assert "Feb 15 – Apr 15, 2025" in found[2]


def test_goals_to_come_and_past_stay_a_list_of_their_own(people: People) -> None:
    make.goal("revenue", people.alice, start="2024-10-01", last="2024-12-31", target=111)
    world.count()
    assert texts(page(people)) == []
    assert "No such goal." in page(people)
    assert "of 111" in page(people, query="?when=past")


def test_a_manager_opens_the_goals_of_their_reps_and_of_nobody_else(people: People) -> None:
    make.goal("revenue", people.alice, target=1000)
    make.goal("revenue", people.dave, target=2000)
    world.count()
    html = page(people, "bob", f"?rep={people.alice.pk}")
    assert "Goals of Alice Adler" in html and len(texts(html)) == 1
    assert f"?rep={people.alice.pk}" in page(people, "bob")
    assert people.client("bob").get(f"/goals/?rep={people.dave.pk}").status_code == 400
    assert people.client("alice").get(f"/goals/?rep={people.dave.pk}").status_code == 400
    assert people.client("erin").get("/goals/?rep=x").status_code == 400


def test_however_many_goals_are_read_in_few_questions(people: People, day: Day) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            page(people)
        return len(found)

    make.goal("revenue", people.alice, target=1000)
    world.count()
    asked()
    before = asked()
    for kpi in ("calls", "emails", "meetings", "demos"):
        make.goal(kpi, people.alice, target=10)
    world.count()
    assert asked() == before
