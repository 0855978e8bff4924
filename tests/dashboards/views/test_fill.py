"""Each way to fill a plan shows what comes of it in the fields; nothing is saved before somebody saves."""

from decimal import Decimal

import pytest

from apps.core.models import Organisation
from apps.goals.models import Goal, Ramp
from apps.reps.models import Rep
from tests import make
from tests.dashboards import world
from tests.dashboards.views.test_plan import YEAR, field, fields
from tests.people import People

pytestmark = pytest.mark.django_db
UNIT = {"fill-unit": "1"}


class Plan:
    """A plan that carol has open."""

    def __init__(self, people: People, url: str = YEAR) -> None:
        self.client, self.url = people.client("carol"), url
        self.html = self.client.get(url).content.decode()
        self.status = 200

    def fill(self, way: str, **said: str) -> str:
        answer = self.client.post(self.url, {**fields(self.html), **UNIT, **{f"fill-{name}": text for name, text in said.items()}, "fill": way})
        self.html, self.status = answer.content.decode(), answer.status_code
        return self.html

    def row(self, kind: str, pk: int = 0, columns: int = 12) -> list[str]:
        sent = fields(self.html)
        found = {name.partition("=")[0]: text for name, text in sent.items()}
        return [found.get(f"t-{kind}-{pk}-{n}", "·") for n in range(columns)]

    def write(self, start: str, text: str) -> None:
        name = field(self.html, start)
        self.html = self.html.replace(f'name="{name}" value=""', f'name="{name}" value="{text}"')


def test_a_years_amount_is_split_by_working_days_and_adds_up(people: People) -> None:
    plan = Plan(people)
    html = plan.fill("spread", spread_whose="company-0", spread_amount="1,000,000", spread_by="days")
    row = [Decimal(text.replace(",", "")) for text in plan.row("company")]
    assert sum(row) == 1_000_000 and row[0] > row[1]  # January has 23 working days, February 20
    assert "12 targets filled in. Check them, and save." in html
    assert not Goal.objects.exists()


def test_a_years_amount_is_split_by_ones_own_weights_and_evenly(people: People) -> None:
    plan = Plan(people, "/goals/year/?kpi=revenue&period=2025&by=quarter")
    plan.fill("spread", spread_whose="company-0", spread_amount="100", spread_by="weights", spread_weights="1 1 1 7")
    assert plan.row("company", columns=4) == ["10", "10", "10", "70"]
    plan.fill("spread", spread_whose="company-0", spread_amount="101", spread_by="even")
    assert plan.row("company", columns=4) == ["26", "25", "25", "25"]


def test_a_years_amount_takes_last_years_shape_and_a_newcomer_the_companys(people: People) -> None:
    make.deal(rep=people.alice, won="2024-02-05", amount=300)
    make.deal(rep=people.alice, won="2024-08-05", amount=100)
    world.count()
    plan = Plan(people, "/goals/year/?kpi=revenue&period=2025&by=quarter")
    for whose in (f"rep-{people.alice.pk}", f"rep-{people.dave.pk}"):
        plan.fill("spread", spread_whose=whose, spread_amount="1000", spread_by="shape")
        assert plan.row(*whose.split("-"), columns=4) == ["750", "", "250", ""]  # type: ignore[arg-type]


def test_last_year_is_copied_with_a_percentage_on_top(people: People) -> None:
    make.goal("revenue", people.alice, start="2024-01-01", last="2024-01-31", target=100)
    make.goal("revenue", people.alice, start="2024-02-01", last="2024-02-29", target=101)
    make.goal("revenue", people.dave, start="2024-01-01", last="2024-01-31", target=100)
    plan = Plan(people)
    plan.fill("copy", copy_from="targets", copy_whose=f"team-{people.north.pk}", copy_percent="10")
    assert plan.row("rep", people.alice.pk)[:3] == ["110", "111.1", ""]
    assert plan.row("rep", people.dave.pk)[0] == ""


def test_last_years_results_are_copied(people: People) -> None:
    make.deal(rep=people.alice, won="2024-02-05", amount=300)
    world.count()
    plan = Plan(people)
    plan.fill("copy", copy_from="results", copy_whose="all", copy_percent="-50")
    assert plan.row("rep", people.alice.pk)[:3] == ["", "150", ""]
    assert plan.row("company")[:3] == ["", "150", ""]


def test_what_a_team_has_is_handed_down_to_who_is_there_for_as_long_as_they_are(people: People) -> None:
    Rep.objects.filter(pk=people.alice.pk).update(hired_on="2020-01-01")
    late = make.rep("Late", team=people.north, hired="2025-02-15")
    plan = Plan(people)
    plan.write(f"t-team-{people.north.pk}-0=", "300")
    plan.write(f"t-team-{people.north.pk}-1=", "300")
    plan.write(f"t-team-{people.north.pk}-2=", "300")
    plan.fill("cascade", cascade_whose=f"team-{people.north.pk}", cascade_to="people", cascade_by="equal")
    assert plan.row("rep", people.alice.pk)[:4] == ["300", "200", "150", ""]
    assert plan.row("rep", late.pk)[:4] == ["·", "100", "150", ""]


def test_the_companys_is_handed_down_to_teams_by_head_count_and_to_people_by_last_year(people: People) -> None:
    make.rep("Ann", team=people.north)
    make.deal(rep=people.alice, won="2024-02-05", amount=300)
    make.deal(rep=people.dave, won="2024-02-05", amount=100)
    world.count()
    plan = Plan(people)
    plan.write("t-company-0-0=", "300")
    plan.fill("cascade", cascade_whose="company-0", cascade_to="teams", cascade_by="heads")
    assert [plan.row("team", team.pk)[0] for team in (people.north, people.south)] == ["200", "100"]
    plan.fill("cascade", cascade_whose="company-0", cascade_to="people", cascade_by="last_year", cascade_percent="10")
    assert [plan.row("rep", rep.pk)[0] for rep in (people.alice, people.dave)] == ["248", "82"]


def test_what_people_have_is_added_up(people: People) -> None:
    make.goal("revenue", people.alice, start="2025-01-01", last="2025-01-31", target=100)
    make.goal("revenue", people.dave, start="2025-01-01", last="2025-01-31", target=20)
    plan = Plan(people)
    plan.fill("rollup", rollup_whose="all")
    assert plan.row("company")[:2] == ["120", ""]
    assert plan.row("team", people.north.pk)[0] == "100"


def test_nobody_to_add_up_is_said(people: People) -> None:
    assert "Nobody below has a target to add up." in Plan(people).fill("rollup", rollup_whose="all")


def test_the_first_months_of_who_starts_are_lowered(people: People) -> None:
    late = make.rep("Late", team=people.north, hired="2025-03-20")
    plan = Plan(people)
    plan.fill("default", default_whose=f"team-{people.north.pk}", default_amount="100")
    assert plan.row("rep", late.pk)[:4] == ["·", "·", "38", "100"]  # 8 of 21 working days
    plan.fill("ramp", ramp_whose="all", ramp_shares="50 80%")
    assert plan.row("rep", late.pk)[:5] == ["·", "·", "19", "80", "100"]
    assert plan.row("rep", people.alice.pk)[:2] == ["100", "100"]
    assert plan.row("rep", people.dave.pk)[:2] == ["", ""]


def test_a_kept_ramp_is_chosen_by_its_name(people: People) -> None:
    ramp = Ramp.objects.create(name="New people", shares="10 20")
    late = make.rep("Late", team=people.north, hired="2025-03-01")
    make.goal("revenue", late, start="2025-03-01", last="2025-03-31", target=100)
    plan = Plan(people)
    assert "New people: 10 20" in plan.html
    plan.fill("ramp", ramp_whose="all", ramp_kept=str(ramp.pk), ramp_shares="90")
    assert plan.row("rep", late.pk)[2] == "10"


def test_a_default_leaves_targets_that_are_there(people: People) -> None:
    make.goal("revenue", people.alice, start="2025-01-01", last="2025-01-31", target=7)
    plan = Plan(people)
    plan.fill("default", default_whose="all", default_amount="100")
    assert plan.row("rep", people.alice.pk)[:2] == ["7", "100"]


def test_rates_get_a_default_whole_and_are_never_split(people: People) -> None:
    late = make.rep("Late", team=people.north, hired="2025-03-20")
    plan = Plan(people, "/goals/year/?kpi=win_rate&period=2025&by=month")
    plan.fill("default", default_whose="all", default_amount="40")
    assert plan.row("rep", late.pk)[2:4] == ["40", "40"]
    assert "Win rate cannot be parted" in plan.fill("spread", spread_whose="company-0", spread_amount="50")


def test_amounts_are_rounded_as_wanted_and_still_add_up(people: People) -> None:
    plan = Plan(people, "/goals/year/?kpi=revenue&period=2025&by=quarter")
    plan.fill("spread", spread_whose="company-0", spread_amount="1,000,000.50", unit="1000", spread_weights="1 2 2 1", spread_by="weights")
    assert plan.row("company", columns=4) == ["167,000", "333,000.5", "333,000", "167,000"]


@pytest.mark.parametrize(
    ("way", "said", "words"),
    [
        ("spread", {"spread_whose": "company-0"}, "Write the amount of the year"),
        ("spread", {"spread_whose": "company-0", "spread_amount": "lots"}, "Enter a number."),
        ("spread", {"spread_whose": "company-0", "spread_amount": "1", "spread_by": "weights", "spread_weights": "1 2"}, "Write 12 weights"),
        ("spread", {"spread_whose": "company-0", "spread_amount": "1", "spread_by": "weights", "spread_weights": "a b"}, "Write weights as numbers"),
        ("spread", {"spread_whose": "company-0", "spread_amount": "1", "spread_by": "shape"}, "Nothing was counted in the year before"),
        ("copy", {"copy_whose": "all"}, "The year before has nothing to copy."),
        ("copy", {"copy_whose": "all", "copy_percent": "-101"}, "Less than nothing cannot be planned"),
        ("cascade", {"cascade_whose": "company-0"}, "has no targets to hand down"),
        ("ramp", {"ramp_shares": "25 50"}, "Nobody here starts in these months"),
        ("ramp", {"ramp_shares": "a"}, "Write percentages from 0 to 100"),
        ("ramp", {"ramp_shares": "120"}, "Write percentages from 0 to 100"),
        ("default", {}, "Write the target that people get who have none"),
        ("nonsense", {}, "Choose one of the ways to fill."),
        ("spread", {"spread_whose": "rep-999999", "spread_amount": "1"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_filled_says_why_and_keeps_what_was_typed(people: People, way: str, said: dict[str, str], words: str) -> None:
    plan = Plan(people)
    plan.write("t-rep-" + str(people.alice.pk) + "-5=", "55")
    html = plan.fill(way, **said)
    assert words in html
    assert plan.status == 400
    assert plan.row("rep", people.alice.pk)[5] == "55"
    assert not Goal.objects.exists()


def test_what_was_filled_in_is_saved_when_the_form_is_sent_again(people: People) -> None:
    plan = Plan(people)
    plan.fill("default", default_whose="all", default_amount="100")
    plan.client.post(YEAR, {**fields(plan.html), "reason": "Everybody"})
    assert Goal.objects.filter(target=100).count() == 24


def test_what_is_handed_down_adds_up_in_every_column_however_it_is_rounded(people: People) -> None:
    plan = Plan(people)
    for n in range(3):
        plan.write(f"t-company-0-{n}=", "50400")
    make.goal("revenue", people.alice, start="2025-06-01", last="2025-06-30", target=9)
    plan.fill("cascade", cascade_whose="company-0", cascade_to="people", cascade_by="equal", unit="1000")
    rows = [plan.row("rep", rep.pk)[:3] for rep in (people.alice, people.dave)]
    assert [sum(int(text.replace(",", "")) for text in column) for column in zip(*rows, strict=True)] == [50400] * 3


def test_columns_without_a_target_above_are_left_as_they_are(people: People) -> None:
    make.goal("revenue", people.alice, start="2025-06-01", last="2025-06-30", target=9)
    plan = Plan(people)
    plan.write("t-company-0-0=", "100")
    plan.fill("cascade", cascade_whose="company-0", cascade_to="people", cascade_by="equal")
    assert (plan.row("rep", people.alice.pk)[0], plan.row("rep", people.alice.pk)[5]) == ("50", "9")


def test_months_of_last_year_that_are_not_over_are_taken_from_the_year_before(people: People) -> None:
    make.deal(rep=people.alice, won="2024-02-05", amount=100)
    make.deal(rep=people.alice, won="2024-12-05", amount=300)
    make.deal(rep=people.alice, won="2025-01-05", amount=200)
    make.deal(rep=people.alice, won="2025-03-05", amount=999)
    world.count()
    plan = Plan(people, YEAR.replace("2025", "2026"))
    plan.fill("copy", copy_from="results", copy_whose=f"rep-{people.alice.pk}")
    assert plan.row("rep", people.alice.pk) == ["200", *[""] * 10, "300"]  # February 2025 had nothing, March is not over


def test_a_years_amount_holds_what_is_locked(people: People) -> None:
    make.goal("revenue", start="2025-01-01", last="2025-01-31", target=300)
    Organisation.objects.update_or_create(pk=1, defaults={"targets_locked_until": "2025-01-31"})
    plan = Plan(people)
    plan.fill("spread", spread_whose="company-0", spread_amount="1400")
    assert sum(int(text) for text in plan.row("company")[1:]) == 1100
    assert "Locked targets make up all of it already." in plan.fill("spread", spread_whose="company-0", spread_amount="300")


@pytest.mark.parametrize("weights", ["nan " * 12, "1e999999 " * 12, "inf " * 12, "-1 " * 12])
def test_weights_that_are_none_are_refused(people: People, weights: str) -> None:
    assert "Write 12 weights" in Plan(people).fill("spread", spread_whose="company-0", spread_amount="1", spread_by="weights", spread_weights=weights)
