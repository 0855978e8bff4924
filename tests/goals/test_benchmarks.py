"""A benchmark sets the goals of every rep who has none of their own, in each period that is running or to come."""

from decimal import Decimal

import pytest
from django.urls import reverse

from apps.core.models import Organisation
from apps.goals import benchmarks, tasks
from apps.goals.models import Benchmark, Goal, GoalVersion
from apps.goals.services import Saved
from apps.kpis import catalogue
from apps.reps.models import Membership, Rep, Team
from tests import make
from tests.conftest import Day
from tests.filling import post, problems
from tests.people import People

pytestmark = pytest.mark.django_db
TODAY = make.TODAY  # in March 2025: the running month and those to the end of 2026 are 22
MONTHS = 22


def benchmark(
    target: int = 50, *, team: Team | None = None, kpi: str = "calls", grain: str = "month", first: str = "2025-01-01", last: str | None = None
) -> Benchmark:
    return Benchmark.objects.create(kpi=kpi, team=team, grain=grain, target=target, first_on=first, last_on=last)


def targets(rep: Rep, **found: object) -> dict[str, Decimal]:
    return {f"{goal.start_on:%Y-%m}": goal.target for goal in Goal.objects.filter(rep=rep, **found).order_by("start_on")}


def test_everybody_gets_a_goal_in_the_running_period_and_in_those_to_come(people: People) -> None:
    benchmark()
    assert benchmarks.apply(TODAY) == Saved(2 * MONTHS, 0, 0)
    found = targets(people.alice)
    assert (next(iter(found)), [*found][-1], set(found.values())) == ("2025-03", "2026-12", {Decimal(50)})


def test_running_it_twice_changes_nothing(people: People) -> None:
    benchmark()
    benchmarks.apply(TODAY)
    kept = GoalVersion.objects.count()
    assert benchmarks.apply(TODAY).total == 0
    assert GoalVersion.objects.count() == kept


def test_a_goal_of_ones_own_stays(people: People) -> None:
    make.goal("calls", people.alice, start="2025-04-01", last="2025-04-30", target=7)
    benchmark()
    benchmarks.apply(TODAY)
    assert targets(people.alice)["2025-04"] == 7
    assert targets(people.dave)["2025-04"] == 50


def test_a_target_that_somebody_changes_is_their_own_from_then_on(people: People) -> None:
    benchmark()
    benchmarks.apply(TODAY)
    Goal.objects.filter(rep=people.alice, start_on="2025-04-01").update(target=33)
    Benchmark.objects.update(target=60)
    assert benchmarks.apply(TODAY).changed == 2 * MONTHS - 1
    assert (targets(people.alice)["2025-04"], targets(people.alice)["2025-05"]) == (33, 60)


def test_who_comes_gets_goals_and_who_leaves_keeps_none_to_come(people: People) -> None:
    benchmark()
    benchmarks.apply(TODAY)
    late = make.rep("Late", team=people.north, hired="2025-06-10")
    Rep.objects.filter(pk=people.dave.pk).update(left_on="2025-04-15")
    assert benchmarks.apply(TODAY) == Saved(19, 0, 20)
    assert [*targets(late)][0] == "2025-06"
    assert [*targets(people.dave)] == ["2025-03", "2025-04"]


def test_a_teams_benchmark_goes_before_that_of_the_teams_above_and_of_everybody(people: People) -> None:
    inner = make.team("Far North", parent=people.north)
    ann = make.rep("Ann", team=inner)
    benchmark(50)
    benchmark(60, team=people.north)
    benchmarks.apply(TODAY)
    assert [targets(rep)["2025-03"] for rep in (people.alice, ann, people.dave)] == [60, 60, 50]
    benchmark(70, team=inner)
    benchmarks.apply(TODAY)
    assert [targets(rep)["2025-03"] for rep in (people.alice, ann, people.dave)] == [60, 70, 50]


def test_who_moves_follows_their_team(people: People) -> None:
    benchmark(60, team=people.north)
    benchmarks.apply(TODAY)
    Membership.objects.filter(rep=people.alice).update(end_on="2025-05-01")
    make.membership(people.alice, people.south, since="2025-05-01")
    benchmarks.apply(TODAY)
    assert [*targets(people.alice)] == ["2025-03", "2025-04"]


def test_it_begins_and_ends_when_it_says_and_by_quarters_too(people: People) -> None:
    benchmark(first="2025-05-01", last="2025-07-31")
    benchmark(900, kpi="revenue", grain="quarter", first="2025-01-01", last="2025-04-01")
    benchmarks.apply(TODAY)
    assert [*targets(people.alice, kpi="calls")] == ["2025-05", "2025-06", "2025-07"]
    assert [*targets(people.alice, kpi="revenue")] == ["2025-01", "2025-04"]


def test_locked_days_are_left_as_they_are(people: People) -> None:
    Organisation.objects.update_or_create(pk=1, defaults={"targets_locked_until": "2025-04-30"})
    benchmark()
    benchmarks.apply(TODAY)
    assert [*targets(people.alice)][0] == "2025-05"
    Organisation.objects.update(targets_locked_until="2025-06-30")
    Benchmark.objects.update(target=60)
    benchmarks.apply(TODAY)
    assert (targets(people.alice)["2025-06"], targets(people.alice)["2025-07"]) == (50, 60)


def test_one_that_is_taken_away_takes_what_is_to_come_along(people: People) -> None:
    one = benchmark()
    benchmarks.apply(TODAY)
    benchmarks.remove(one, TODAY)
    assert [*targets(people.alice)] == ["2025-03"]
    assert Goal.objects.filter(benchmark=None).count() == 2
    assert benchmarks.apply(TODAY).total == 0


def test_a_new_year_brings_its_goals_by_itself(people: People, day: Day) -> None:
    benchmark()
    tasks.apply_benchmarks()
    day.to("2026-01-02")
    assert tasks.apply_benchmarks() == 24
    assert [*targets(people.alice)][-1] == "2027-12"


def test_an_admin_sets_one_and_sees_what_follows(people: People) -> None:
    carol = people.client("carol")
    add = reverse("admin:goals_benchmark_add")
    answer = post(carol, add, kpi="calls", grain="month", target="40", first_on="2025-01-01")
    assert answer.status_code == 302
    assert f"{2 * MONTHS} goals follow from it now." in carol.get(reverse("admin:goals_benchmark_changelist")).content.decode()
    assert set(GoalVersion.objects.values_list("set_by", "reason")) == {(people.carol.pk, "benchmark")}
    assert "There is a benchmark" in problems(post(carol, add, kpi="calls", grain="month", target="50", first_on="2025-01-01"))
    assert "more than zero" in problems(post(carol, add, kpi="emails", grain="month", target="0", first_on="2025-01-01"))
    carol.post(reverse("admin:goals_benchmark_delete", args=[Benchmark.objects.get().pk]), {"post": "yes"})
    assert Goal.objects.count() == 2


def test_a_kpi_that_reps_have_no_value_for_is_refused(people: People) -> None:
    of_company = next(kpi.key for kpi in catalogue.with_goals() if kpi.scopes == ("company",))
    answer = post(people.client("carol"), reverse("admin:goals_benchmark_add"), kpi=of_company, grain="month", target="5", first_on="2025-01-01")
    assert "cannot have this goal" in problems(answer)


def test_what_a_benchmark_set_counts_on_the_reps_page(people: People) -> None:
    benchmark()
    benchmarks.apply(TODAY)
    assert "0 of 50" in people.client("alice").get("/goals/").content.decode()
