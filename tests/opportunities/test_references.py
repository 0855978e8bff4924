"""Owners and stages of deals and their states are kept as by foreign keys, by any path."""

import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from apps.api import violations
from apps.opportunities.models import Opportunity, OpportunityVersion, Pulse, Stage
from apps.reps.models import Rep
from tests import make
from tests.script import waiting

NOBODY = 1 << 40
DEAL, STATE = "opportunities_opportunity", "opportunities_opportunityversion"


@pytest.fixture
def deal(db: Any) -> Opportunity:
    """A deal that was handed on from Ada to Bea in the middle."""
    return make.change(make.deal(rep=make.rep("Ada"), created="2025-01-02"), on="2025-02-03", owner=make.rep("Bea"))


def run(sql: str, *params: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["owner_id", "stage_id"])
@pytest.mark.parametrize("table", [DEAL, STATE])
def test_what_is_not_there_cannot_be_referred_to(table: str, column: str, deal: Opportunity) -> None:
    with pytest.raises(IntegrityError, match="not there") as raised:
        run(f"UPDATE {table} SET {column} = %s", NOBODY)
    assert violations.fault(raised.value)[0] == column.removesuffix("_id")


@pytest.mark.django_db
def test_a_new_deal_needs_an_owner_and_a_stage_that_are_there(deal: Opportunity) -> None:
    for owner, stage in ((NOBODY, deal.stage_id), (deal.owner_id, NOBODY)):
        with pytest.raises(IntegrityError):
            run(f"INSERT INTO {DEAL} (name, owner_id, stage_id, lost_reason, currency, created_on) VALUES ('x', %s, %s, '', '', '2025-01-02')", owner, stage)
    assert Opportunity.objects.count() == 1


@pytest.mark.django_db
def test_a_state_needs_a_deal_that_is_there(deal: Opportunity) -> None:
    with pytest.raises(IntegrityError, match="opportunity_id refers"):
        run(
            f"INSERT INTO {STATE} (opportunity_id, sequence, valid_from, owner_id, stage_id, currency) VALUES (%s, 1, '2025-01-02', %s, %s, '')",
            NOBODY,
            deal.owner_id,
            deal.stage_id,
        )


@pytest.mark.django_db
def test_who_owned_a_deal_once_cannot_be_deleted_by_sql_until_the_deal_is(deal: Opportunity) -> None:
    ada = Rep.objects.get(name="Ada")
    with pytest.raises(IntegrityError, match="owner_id refers"):
        run("DELETE FROM reps_rep WHERE id = %s", ada.pk)
    run(f"DELETE FROM {DEAL}")
    assert not OpportunityVersion.objects.exists() and not Pulse.objects.exists()
    run("DELETE FROM reps_membership")
    run("DELETE FROM reps_rep WHERE id = %s", ada.pk)
    assert not Rep.objects.filter(pk=ada.pk).exists()


@pytest.mark.django_db
def test_a_stage_that_a_deal_was_once_in_cannot_be_deleted_by_sql(deal: Opportunity) -> None:
    first = deal.stage_id
    make.change(deal, on="2025-02-05", stage="Proposal")
    with pytest.raises(IntegrityError, match="stage_id refers"):
        run("DELETE FROM opportunities_stage WHERE id = %s", first)


@pytest.mark.django_db
@pytest.mark.parametrize("sql", ["TRUNCATE opportunities_stage", "UPDATE opportunities_stage SET id = id + 1000"])
def test_stages_of_deals_are_not_emptied_or_numbered_anew(sql: str, deal: Opportunity) -> None:
    with pytest.raises(IntegrityError, match="refers to a row of opportunities_stage that is to go"):
        run(sql)


@pytest.mark.django_db
@pytest.mark.parametrize(("stage", "kind"), [("Qualified", "won"), ("Won", "open")])
def test_a_stage_with_deals_neither_ends_them_nor_opens_them_again(stage: str, kind: str, deal: Opportunity) -> None:
    make.deal(rep=deal.owner, won="2025-02-01")
    with pytest.raises(IntegrityError, match="stage that is to become open, or closed"):
        run("UPDATE opportunities_stage SET kind = %s WHERE name = %s", kind, stage)
    run("UPDATE opportunities_stage SET kind = 'lost' WHERE name = 'Won'")
    run("UPDATE opportunities_stage SET kind = 'won' WHERE name = 'Proposal'")  # nobody is in it


@pytest.mark.django_db(transaction=True)
def test_a_stage_that_a_deal_just_comes_to_waits_with_its_kind_and_the_other_way_round(deal: Opportunity, elsewhere: Any) -> None:
    proposal = make.stage("Proposal")
    with transaction.atomic():
        Opportunity.objects.update(stage=proposal)
        with pytest.raises(psycopg.errors.LockNotAvailable):
            elsewhere.execute("UPDATE opportunities_stage SET kind = 'won' WHERE id = %s", [proposal.pk])
        elsewhere.rollback()
        transaction.set_rollback(True)
    elsewhere.execute("UPDATE opportunities_stage SET kind = 'won' WHERE id = %s", [proposal.pk])
    failed: list[str] = []

    def come() -> None:
        try:
            Opportunity.objects.filter(pk=deal.pk).update(stage=proposal)
        except IntegrityError as error:
            failed.append(str(error))
        finally:
            connection.close()

    coming = threading.Thread(target=come)
    coming.start()
    waiting.until(lambda: elsewhere.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)").fetchone()[0])
    elsewhere.commit()
    coming.join(timeout=30)
    assert "closing day" in failed[0]


@pytest.fixture
def elsewhere() -> Iterator["psycopg.Connection[Any]"]:
    """A connection of somebody else, who does not wait long."""
    options = connection.get_connection_params()
    options.pop("cursor_factory", None)
    options.pop("context", None)
    with psycopg.connect(**options) as other:
        other.execute("SET lock_timeout = '200ms'")
        yield other


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("table", "column"), [("reps_rep", "owner_id"), ("opportunities_stage", "stage_id")])
def test_what_a_new_deal_refers_to_is_held_until_it_is_there(table: str, column: str, deal: Opportunity, elsewhere: Any) -> None:
    cora = make.rep("Cora")
    stage = Stage.objects.create(name="Next to last", position=99)
    with transaction.atomic():
        new = make.deal(rep=cora, created="2025-01-02", stage=stage)
        with pytest.raises(psycopg.errors.LockNotAvailable):
            elsewhere.execute(f"DELETE FROM {table} WHERE id = %s", [getattr(new, column)])
        elsewhere.rollback()
