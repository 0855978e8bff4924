"""The demo company in the database: found once by its command, then looked at from all sides."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Max, Q, Sum
from django.test import Client

from apps.accounts.models import Role, User
from apps.activities.models import Activity
from apps.core import periods, waiting
from apps.core.models import Holiday, Organisation
from apps.customers.models import Movement, Order, Subscription
from apps.demo import cast, seasons, sign_ins
from apps.demo.sign_ins import SignIn
from apps.goals.models import Goal
from apps.kpis.reports import funnel, waterfall
from apps.opportunities import states
from apps.opportunities.models import Credit, Opportunity, OpportunityVersion, Stage
from apps.reps import scopes
from apps.reps.models import Membership, Region, Rep, Team, TeamManager
from tests import make
from tests.ground import laid
from tests.oracle.money import Rates

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("founded")]

STATE = ("opportunity_id", "sequence", "valid_from", "valid_to", "stage_id", "stage_since", "previous_stage_id", "previous_stage_since")


@dataclass(frozen=True)
class Founded:
    """Where the sign-ins are, what the command said, and which constraint the database would refuse the whole for."""

    path: Path
    said: str
    refusal: str

    @property
    def sign_ins(self) -> list[SignIn]:
        return sign_ins.read(self.path)


@pytest.fixture(scope="module")
def founded(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Founded]:
    path, said = tmp_path_factory.mktemp("demo") / "sign-ins.json", StringIO()

    def found() -> Founded:
        call_command("demo", sign_ins=path, stdout=said)
        return Founded(path, said.getvalue(), refusal())

    with laid(django_db_blocker, found) as company:
        yield company


def refusal() -> str:
    """Look at every deferred constraint now, once for all tests; say which does not hold."""
    try:
        with transaction.atomic():
            connection.check_constraints()
    except IntegrityError as error:
        return str(error)
    return ""


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (Rep, User, Opportunity, OpportunityVersion, Activity, Goal, Holiday)}


def test_there_are_three_regions_six_teams_and_forty_reps(founded: Founded) -> None:
    assert (Region.objects.count(), Team.objects.count(), Rep.objects.count()) == (3, 6, 40)
    assert Team.objects.filter(parent__isnull=False).count() >= 2
    assert Organisation.get().name == cast.ORGANISATION
    assert Holiday.objects.filter(day="2025-04-21", name="Easter Monday").exists()


def test_reps_move_leave_and_join(founded: Founded) -> None:
    start_on = seasons.history_start(make.TODAY)
    assert Rep.objects.filter(left_on__isnull=False).count() >= 5
    assert Rep.objects.filter(hired_on__gte=start_on).count() >= 8
    assert Membership.objects.filter(end_on=F("rep__memberships__start_on")).count() >= 4
    assert not Membership.objects.filter(rep__left_on__isnull=False).exclude(Q(end_on=F("rep__left_on")) | Q(end_on__lt=F("rep__left_on"))).exists()


def test_every_team_is_managed_and_one_changed_its_manager(founded: Founded) -> None:
    assert TeamManager.objects.filter(end_on=None).values("team").distinct().count() == 6
    assert TeamManager.objects.filter(end_on__lte=make.TODAY).count() == 1


def test_every_stage_is_used(founded: Founded) -> None:
    assert Stage.objects.count() == 7
    assert not Stage.objects.filter(opportunities=None).exists()


def test_the_last_version_of_every_deal_is_the_deal_as_it_is(founded: Founded) -> None:
    last = OpportunityVersion.objects.filter(valid_to=None)
    same = last.filter(owner=F("opportunity__owner"), stage=F("opportunity__stage"))
    assert last.count() == same.count() == Opportunity.objects.count()
    for field in ("amount", "probability", "expected_close_on"):
        assert not last.exclude(Q(**{field: F(f"opportunity__{field}")}) | Q(**{f"{field}__isnull": True, f"opportunity__{field}__isnull": True})).exists()


def test_closed_deals_came_to_their_stage_on_their_closing_day(founded: Founded) -> None:
    closed = OpportunityVersion.objects.filter(valid_to=None).exclude(stage__kind="open")
    assert closed.count() > 1000
    assert not closed.exclude(stage_since=F("opportunity__closed_on")).exists()


def test_versions_are_linked_as_the_database_links_them(founded: Founded) -> None:
    some = OpportunityVersion.objects.annotate(hand=F("opportunity_id") % 20).filter(hand=0)
    before = list(some.order_by("pk").values_list(*STATE))
    with transaction.atomic(), connection.cursor() as cursor:
        some.update(stage_since=None, previous_stage=None, previous_stage_since=None)
        cursor.execute(states.link("opportunity_id % 20 = 0"))
        assert len(before) > 200 and list(some.order_by("pk").values_list(*STATE)) == before
        transaction.set_rollback(True)


def test_shared_deals_are_shared_in_full(founded: Founded) -> None:
    totals = Credit.objects.values_list("opportunity").annotate(Sum("share")).values_list("share__sum", flat=True)
    assert len(totals) > 50 and set(totals) == {100}


def test_every_constraint_holds_when_the_transaction_ends(founded: Founded) -> None:
    assert Opportunity.objects.exists()
    assert founded.refusal == ""


def test_everybody_who_works_there_now_has_a_goal_for_the_running_quarter(founded: Founded) -> None:
    running = Goal.objects.filter(kpi="revenue", start_on="2025-01-01", last_on="2025-03-31")
    here = Rep.objects.filter(Q(left_on=None) | Q(left_on__gt=make.TODAY))
    assert not here.exclude(goals__in=running).exists()
    assert {goal.scope for goal in running} == {"company", "region", "team", "rep"}


def test_recurring_revenue_moves_from_month_to_month_as_the_subscriptions_say(founded: Founded) -> None:
    signs = {"new": 1, "expansion": 1, "contraction": -1, "churned": -1, "reactivated": 1, "passed": 0}
    moved = [(one.moved_on, one.kind, signs[one.kind] * one.amount) for one in Movement.objects.all()]
    assert {kind for _day, kind, _amount in moved} == signs.keys()
    starts = [periods.add_months(date(2023, 3, 1), number) for number in range(24)]
    for start_on, end_on in pairwise(starts):
        assert recurring(start_on) + sum(amount for day, _kind, amount in moved if start_on <= day < end_on) == recurring(end_on)
    assert recurring(starts[-1]) > recurring(starts[6]) > 0


def recurring(on: date) -> Decimal:
    """Add up what is paid a month on the evening before a day."""
    running = Subscription.objects.filter(Q(ended_on=None) | Q(ended_on__gte=on), started_on__lt=on)
    return running.aggregate(Sum("mrr"))["mrr__sum"] or Decimal(0)


def test_open_deals_stand_idle_or_have_a_next_step(founded: Founded) -> None:
    open_deals = Opportunity.objects.filter(closed_on=None).annotate(last=Max("activities__completed_on"))
    assert open_deals.filter(last__lt=make.TODAY - timedelta(days=21)).count() > 10
    assert open_deals.filter(activities__completed_on=None, activities__due_on__gte=make.TODAY).distinct().count() > 100


def test_customers_abroad_buy_in_their_own_currency_at_the_rates_of_the_day(founded: Founded) -> None:
    rates = Rates()
    deals = Opportunity.objects.exclude(currency="")
    assert {"USD", "GBP", "CHF"} == set(deals.values_list("currency", flat=True))
    assert 200 < deals.count() < Opportunity.objects.count() / 5
    for deal in deals.filter(closed_on__isnull=False):
        assert (deal.amount, deal.cost) == (rates.money(deal, deal.closed_on), rates.money(deal, deal.closed_on, "cost"))
    for order in Order.objects.exclude(currency=""):
        assert order.amount == rates.money(order, order.ordered_on)
    assert {one.currency for one in waiting.missing()} == {"CHF"}


def test_the_file_names_an_admin_a_viewer_each_manager_and_some_reps(founded: Founded) -> None:
    roles = [one.role for one in founded.sign_ins]
    assert roles == ["admin", *["manager"] * 6, *["rep"] * 4, "viewer"]
    first = TeamManager.objects.get(user__email=next(one.email for one in founded.sign_ins if one.role == Role.MANAGER), end_on=None)
    listed = Rep.objects.filter(user__email__in=[one.email for one in founded.sign_ins])
    assert listed.count() == 4 and listed.filter(memberships__team=first.team, memberships__end_on=None).exists()
    assert str(founded.path) in founded.said and all(one.password not in founded.said for one in founded.sign_ins)


def test_every_sign_in_works(founded: Founded) -> None:
    assert all(sign_ins.works(one) for one in founded.sign_ins)
    for one in founded.sign_ins:
        with transaction.atomic():
            response = Client().post("/sign-in/", {"username": one.email, "password": one.password})
            transaction.set_rollback(True)
        assert (response.status_code, response.url) == (302, "/")


def test_a_second_call_changes_nothing(founded: Founded) -> None:
    before, listed, said = counts(), founded.path.read_text(), StringIO()
    call_command("demo", if_empty=True, sign_ins=founded.path, stdout=said)
    assert (counts(), founded.path.read_text()) == (before, listed)
    assert "no demo company made" in said.getvalue()


def test_without_if_empty_a_second_call_is_refused(founded: Founded) -> None:
    before = counts()
    with pytest.raises(CommandError, match="Use an empty database"):
        call_command("demo", stdout=StringIO())
    assert counts() == before


def test_the_pipelines_way_and_the_funnel_balance_in_every_scope(founded: Founded) -> None:
    quarter = periods.calendar().parse("2025-Q1")
    first, on = quarter.start_on - timedelta(days=1), make.TODAY
    for scope in [scopes.company(), *map(scopes.of, [*Region.objects.all(), *Team.objects.all(), *Rep.objects.all()])]:
        for due in (None, quarter):
            found = waterfall.read(scope, waterfall.Span(first, on, due))
            assert sum(found[bar].amount for bar in waterfall.BARS[:-1]) == found["end"].amount, (scope.key, due)
    entered = OpportunityVersion.objects.filter(valid_from__range=(quarter.start_on, on)).exclude(previous_stage=F("stage"))
    read = funnel.read(scopes.company(), [], quarter, on=on)
    assert sum(one.skipped for one in read.of(scopes.company())) > 0
    for one in read.of(scopes.company()):
        assert one.entered.count - one.skipped == entered.filter(stage=one.stage).count(), one.name


def test_the_pipelines_way_begins_and_ends_where_the_states_do(founded: Founded) -> None:
    first, on = date(2024, 12, 31), make.TODAY
    found = waterfall.read(scopes.company(), waterfall.Span(first, on, None))
    for bar, day in (("start", first), ("end", on)):
        standing = OpportunityVersion.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), stage__kind="open", valid_from__lte=day)
        assert (found[bar].count, found[bar].amount) == (standing.count(), standing.aggregate(Sum("amount"))["amount__sum"]), bar
