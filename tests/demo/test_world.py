"""The made-up company, in memory: the same for the same day, and believable on any."""

from collections import Counter
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from statistics import mean
from zoneinfo import ZoneInfo

import pytest

from apps.core.periods import DAY, Calendar, Window, add_months
from apps.customers.models import Subscription
from apps.demo import seasons, targets, world
from apps.demo.world import World
from apps.kpis import catalogue

MIDDLE = date(2026, 11, 18)
DAYS = (date(2027, 1, 1), date(2028, 2, 29), date(2026, 12, 31), MIDDLE)


def plan(on: date) -> Calendar:
    return Calendar(holidays=frozenset(day for year in range(on.year - 3, on.year + 2) for day in seasons.holidays(year)))


@lru_cache
def company(on: date) -> World:
    return world.imagine(plan(on), on=on)


@pytest.fixture(params=DAYS, ids=str)
def on(request: pytest.FixtureRequest) -> date:
    return request.param


def told(made: World) -> list[list[object]]:
    """All that matters of a company, without ids."""
    deals = [(deal.row.name, [(t.since_on, t.owner.name, t.stage.name, t.amount, t.expected_close_on) for t in deal.turns]) for deal in made.deals]
    goals = [(goal.kpi, goal.owner_name, goal.start_on, goal.target) for goal in made.goals]
    activities = [(one.kind, one.rep.name, one.completed_on, one.completed_at, one.due_on) for one in made.activities]
    paid = [(one.rep.name, one.amount, one.started_on, one.ended_on) for one in made.subscriptions]
    return [deals, goals, activities, paid, [lead.created_at for lead in made.inbox.leads]]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the history be half a year: enough where every fact is looked at by itself."""
    monkeypatch.setattr(seasons, "MONTHS", 6)


@pytest.mark.usefixtures("short")
def test_the_same_day_makes_the_same_company() -> None:
    made = told(world.imagine(plan(MIDDLE), on=MIDDLE))
    assert all(len(kind) > 100 for kind in made)
    assert made == told(world.imagine(plan(MIDDLE), on=MIDDLE))


def test_nothing_but_plans_lies_in_the_future(on: date) -> None:
    made = company(on)
    days = [turn.since_on for deal in made.deals for turn in deal.turns]
    days += [day for lead in made.inbox.leads for day in (lead.created_on, lead.qualified_on, lead.opportunity_on, lead.converted_on) if day]
    days += [day for one in made.books.every for day in (one.acquired_on, one.lost_on) if day]
    days += [one.completed_on for one in made.activities if one.completed_on]
    days += [one.read_on for one in made.readings] + [one.posted_on for one in made.posts] + [one.taken_on for one in made.assessments]
    days += [day for one in made.subscriptions for day in (one.started_on, one.activated_on, one.cancelled_on) if day]
    days += [order.ordered_on for order in made.papers.orders] + [one.spent_on for one in made.spending.expenses]
    days += [day for quote in made.papers.quotes for day in (quote.sent_on, quote.accepted_on) if day]
    assert max(days) <= on


def test_every_month_has_facts_of_every_kind(on: date) -> None:
    made = company(on)
    kinds = {
        "won": [deal.row.closed_on for deal in made.deals if deal.row.stage is made.ladder.won],
        "lost": [deal.row.closed_on for deal in made.deals if deal.row.stage is made.ladder.lost],
        "opened": [deal.row.created_on for deal in made.deals],
        "leads": [lead.created_on for lead in made.inbox.leads],
        "customers": [one.acquired_on for one in made.books.every if one.acquired_on],
        "quotes": [quote.sent_on for quote in made.papers.quotes],
        "orders": [order.ordered_on for order in made.papers.orders],
        "activities": [one.completed_on for one in made.activities if one.completed_on],
        "readings": [one.read_on for one in made.readings],
        "posts": [one.posted_on for one in made.posts],
        "assessments": [one.taken_on for one in made.assessments],
        "answers": [one.completed_on for one in made.activities if one.lead and one.lead.created_at and one.completed_at],
        "mails of campaigns": [one.completed_on for one in made.activities if one.campaign],
        "expenses": [one.spent_on for one in made.spending.expenses],
    }
    months = {add_months(seasons.history_start(on), number) for number in range(seasons.MONTHS)}
    for kind, days in kinds.items():
        assert months <= {day.replace(day=1) for day in days}, kind


def test_numbers_are_of_a_believable_size(on: date) -> None:
    made, calendar = company(on), plan(on)
    won = [deal.row for deal in made.deals if deal.row.stage is made.ladder.won]
    closed = [deal.row for deal in made.deals if deal.row.closed_on]
    quarters = [q for q in calendar.between("quarter", seasons.history_start(on), on + DAY) if seasons.history_start(on) <= q.start_on and q.last_on < on]
    assert 6_000 < len(made.deals) < 9_000 and 4_000 < len(made.inbox.leads) < 6_000 and 35_000 < len(made.activities) < 55_000
    for quarter in quarters:
        assert 4_500_000 < sum(row.amount for row in won if row.closed_on in quarter) < 10_500_000
    assert 0.25 < len(won) / len(closed) < 0.40
    assert 30 < mean((row.closed_on - (row.first_contact_on or row.created_on)).days for row in won) < 75


def test_reps_are_seen_read_and_tested_as_people_are(on: date) -> None:
    made = company(on)
    mails = [one for one in made.activities if one.kind == "email" and one.completed_on]
    delivered = [one for one in mails if one.is_delivered]
    assert 0.9 < len(delivered) / len(mails) < 1 and 0.3 < sum(one.is_opened for one in delivered) / len(delivered) < 0.55
    assert not [one for one in made.activities if one.is_opened and not one.is_delivered]
    assert 5_000 < len(made.readings) < 9_000 and 1_000 < len(made.posts) < 4_000 and 150 < len(made.assessments) < 320
    assert len({(one.rep.name, one.network, one.read_on) for one in made.readings}) == len(made.readings)
    assert 0.6 < mean(float(one.score / one.maximum) for one in made.assessments) < 0.9
    assert all(one.rep.hired_on <= one.read_on and (one.rep.left_on is None or one.read_on < one.rep.left_on) for one in made.readings)


@pytest.mark.usefixtures("short")
def test_instants_lie_within_their_days_and_answers_after_their_leads() -> None:
    zone = ZoneInfo("Asia/Tokyo")
    made = world.imagine(plan(MIDDLE), on=MIDDLE, zone=zone)
    known = [lead for lead in made.inbox.leads if lead.created_at]
    answers = [one for one in made.activities if one.completed_at]
    assert 0.75 < len(known) / len(made.inbox.leads) < 0.95 and len(answers) > 250
    assert all(lead.created_at.astimezone(zone).date() == lead.created_on < MIDDLE for lead in known)
    assert all(one.completed_at.astimezone(zone).date() == one.completed_on < MIDDLE and one.completed_at > one.lead.created_at for one in answers)


def test_december_is_the_best_month_and_august_is_slow() -> None:
    made = company(MIDDLE)
    won = Counter(deal.row.closed_on.month for deal in made.deals if deal.row.stage is made.ladder.won and deal.row.closed_on > date(2024, 12, 1))
    assert won[8] < won[6] and won[8] < won[9] and won[12] > 1.5 * won[8]


def paces(made: World, quarter: Window, on: date) -> dict[str, float]:
    """Each team's revenue to date against what its target expects by working days."""
    calendar, wins = plan(on), targets.wins(made.deals, made.staff)
    share = calendar.working_days(quarter.start_on, on + DAY) / calendar.working_days(quarter.start_on, quarter.end_on)
    goals = [goal for goal in made.goals if goal.scope == "team" and (goal.start_on, goal.last_on) == (quarter.start_on, quarter.last_on)]
    return {
        goal.team.name: sum(amount for day, seller, amount in wins if day in quarter and goal.team in (seller.team_on(day), seller.team_on(day).parent))
        / (float(goal.target) * share)
        for goal in goals
    }


def test_some_teams_are_ahead_some_at_risk_and_some_behind() -> None:
    found = paces(company(MIDDLE), plan(MIDDLE).containing("quarter", MIDDLE), MIDDLE)
    assert len(found) == 6
    assert any(pace >= 1 for pace in found.values())
    assert any(0.9 <= pace < 1 for pace in found.values())
    assert any(pace < 0.9 for pace in found.values())


def test_the_open_pipeline_covers_what_is_left_of_the_quarter() -> None:
    made, quarter = company(MIDDLE), plan(MIDDLE).containing("quarter", MIDDLE)
    target = next(goal.target for goal in made.goals if goal.scope == "company" and goal.kpi == "revenue" and goal.start_on == quarter.start_on)
    won = sum(deal.row.amount for deal in made.deals if deal.row.stage is made.ladder.won and deal.row.closed_on in quarter)
    awaited = [deal.row for deal in made.deals if not deal.row.closed_on and deal.row.expected_close_on and deal.row.expected_close_on in quarter]
    assert 2 < sum(row.amount or 0 for row in awaited) / (target - won) < 5


def test_deals_run_late_are_put_off_come_back_and_change_hands() -> None:
    made = company(MIDDLE)
    ways = [deal.turns for deal in made.deals]
    is_late = [not deal.row.closed_on and deal.row.expected_close_on and deal.row.expected_close_on < MIDDLE for deal in made.deals]
    assert sum(map(bool, is_late)) > 10
    assert sum(len({turn.expected_close_on for turn in turns}) > 3 for turns in ways) > 100
    assert sum(before.stage is made.ladder.lost and after.stage in made.ladder.steps for turns in ways for before, after in pairwise(turns)) > 20
    assert sum(turns[0].owner is not turns[-1].owner for turns in ways) > 50
    assert sum(before.amount != after.amount for turns in ways for before, after in pairwise(turns)) > 500


def test_whoever_is_credited_works_there_on_that_day(on: date) -> None:
    made = company(on)
    sellers = {id(seller.rep): seller for seller in made.staff.sellers}
    for deal in made.deals:
        for turn in deal.turns:
            assert sellers[id(turn.owner)].team_on(turn.since_on), deal.row.name
    for one in made.activities:
        assert sellers[id(one.rep)].team_on(one.completed_on or on), one
    for order in made.papers.orders:
        assert order.rep.hired_on <= order.ordered_on
    for one in made.subscriptions:
        assert one.rep.hired_on <= one.started_on and (one.rep.left_on is None or one.started_on < one.rep.left_on)


def test_what_recurs_begins_grows_shrinks_ends_and_begins_again(on: date) -> None:
    made = company(on)
    by_customer: dict[str, list[Subscription]] = {}
    for one in made.subscriptions:
        by_customer.setdefault(one.customer.name, []).append(one)
        assert one.started_on <= on and (one.ended_on is None or one.started_on < one.ended_on <= on)
        assert one.cancelled_on is None or one.started_on <= one.cancelled_on <= one.ended_on
        assert one.customer.acquired_on < one.started_on and (one.customer.lost_on is None or one.ended_on <= one.customer.lost_on)
    kinds: Counter[str] = Counter()
    for rows in by_customer.values():
        for before, after in pairwise(rows):
            assert before.ended_on is not None and before.ended_on <= after.started_on
            if before.ended_on < after.started_on:
                kinds["reactivated"] += 1
            elif before.rep is not after.rep:
                kinds["passed"] += 1
            else:
                kinds["expansion" if after.amount > before.amount else "contraction"] += 1
        kinds["churned" if rows[-1].ended_on else "running"] += 1
    assert all(kinds[kind] > 5 for kind in ("reactivated", "passed", "expansion", "contraction", "churned")) and kinds["running"] > 100, kinds
    assert sum(one.activated_on is not None for one in made.subscriptions) > 100
    assert any(one.cancelled_on and one.cancelled_on < one.lost_on for one in made.books.every)


def test_something_is_due_today_and_something_is_overdue(on: date) -> None:
    due = Counter("today" if one.due_on == on else "late" if one.due_on < on else "later" for one in company(on).activities if one.completed_on is None)
    assert due["today"] > 10 and due["late"] > 5 and due["later"] > 50


def test_every_scope_has_its_goals_for_each_quarter_of_the_fiscal_year(on: date) -> None:
    made, calendar = company(on), plan(on)
    year = calendar.containing("year", on)
    revenue = [goal for goal in made.goals if goal.kpi == "revenue"]
    for quarter in calendar.between("quarter", year.start_on, year.end_on):
        goals = [goal for goal in revenue if (goal.start_on, goal.last_on) == (quarter.start_on, quarter.last_on)]
        reps = [seller.rep for seller in made.staff.sellers if seller.team_on(quarter.start_on) or seller.team_on(quarter.last_on)]
        assert Counter(goal.scope for goal in goals) == {"company": 1, "region": 3, "team": 6, "rep": len(reps)}
    assert [goal for goal in revenue if goal.scope == "company" and (goal.start_on, goal.last_on) == (year.start_on, year.last_on)]
    assert {goal.kpi for goal in made.goals} <= set(catalogue.KPIS)


def test_targets_add_up_from_regions_to_the_company_and_quarters_to_the_year() -> None:
    revenue = [goal for goal in company(MIDDLE).goals if goal.kpi == "revenue" and goal.start_on.year == MIDDLE.year]
    year = plan(MIDDLE).containing("year", MIDDLE)
    whole = sum(goal.target for goal in revenue if goal.scope == "company" and goal.last_on == year.last_on and goal.start_on == year.start_on)
    parts = [goal for goal in revenue if not (goal.start_on == year.start_on and goal.last_on == year.last_on)]
    assert whole == sum(goal.target for goal in parts if goal.scope == "company") == sum(goal.target for goal in parts if goal.scope == "region")
    assert whole > Decimal(20_000_000)
