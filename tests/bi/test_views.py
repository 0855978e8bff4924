"""What BI tools read with SQL: the same numbers as everywhere, for a role that reads nothing else and writes nothing."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from apps.bi import publishing, relations
from apps.bi.apps import publish_views
from apps.core import periods
from apps.kpis import catalogue, rollup, selectors
from apps.opportunities.models import Opportunity
from apps.reps import scopes
from tests import make
from tests.dashboards import world
from tests.people import People

pytestmark = pytest.mark.django_db


def ask(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def test_every_kpi_is_the_figure_of_every_scope_and_period(people: People) -> None:
    world.furnish(people)
    told, calendar = relations.told(), periods.calendar()
    assert len(told) > 40 and {"revenue", "win_rate", "average_deal_size", "pipeline_value", "mrr"} <= {kpi.key for kpi in told}
    everybody = [scopes.company(), *(scopes.of(row) for row in (people.region, people.north, people.south, people.alice, people.dave))]
    found = {(kind, pk, kpi): value for kind, pk, kpi, value in ask("SELECT scope_kind, scope_id, kpi, value FROM bi.kpis WHERE period = '2025-Q1'")}
    shown = 0
    for (key, scope), figure in selectors.figures([kpi.key for kpi in told], everybody, calendar.parse("2025-Q1"), on=make.TODAY).items():
        stored = found.get((scope.kind, scope.id, key))
        assert round(figure.value or 0, 6) == round(stored or 0, 6) and (figure.value is None or not figure.value or stored is not None), (key, scope)
        shown += bool(figure.value)
    assert shown > 60
    assert ask("SELECT DISTINCT scope FROM bi.kpis WHERE scope_kind = 'rep' ORDER BY 1") == [("Alice Adler",), ("Dave Dahl",)]


def test_sums_stand_by_part_and_facts_name_what_they_refer_to(people: People) -> None:
    world.furnish(people)
    parts = dict(ask("SELECT part, amount FROM bi.sums WHERE measure = 'open_amount' AND scope_kind = 'company' AND period = '2025-03'"))
    assert parts == {"Proposal": 900}
    assert ask("SELECT owner, customer, stage, amount FROM bi.deals WHERE name = 'Orbit, first order'") == [("Alice Adler", "Orbit Foods", "Won", 600)]
    columns = {name for (name,) in ask("SELECT column_name FROM information_schema.columns WHERE table_schema = 'bi' AND table_name = 'leads'")}
    assert {"name", "owner", "campaign"} <= columns and not {"email", "phone"} & columns
    for view in relations.views():
        ask(f"SELECT * FROM bi.{view.name} LIMIT 1")


def test_a_question_about_one_scope_reads_its_own_sums(people: People) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # these tables hold next to nothing: reading all of it would be right
    plan = "\n".join(
        line for (line,) in ask("EXPLAIN SELECT value FROM bi.kpis WHERE kpi = 'revenue' AND scope_kind = 'rep' AND scope_id = 1 AND grain = 'month'")
    )
    assert re.search(r"Index Cond: .*\(scope = 1\)", plan) and "Seq Scan on kpis_snapshot" not in plan, plan


def test_a_role_reads_the_views_and_nothing_else(people: People) -> None:
    """A role is the whole server's: this one is made and taken back in the test's own transaction."""
    out = StringIO()
    call_command("bi_role", "kpiboard_bi_test", stdout=out)
    assert "kpiboard_bi_test reads the views" in out.getvalue()
    publishing.publish()  # as a migrate does
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE kpiboard_bi_test")
        cursor.execute("SELECT count(*) FROM bi.deals")
        for sql in ("SELECT * FROM opportunities_opportunity", "DELETE FROM bi.deals", "SELECT * FROM accounts_user", "CREATE TABLE bi.mine (id int)"):
            with pytest.raises(DatabaseError, match="permission denied|cannot delete"), transaction.atomic():
                cursor.execute(sql)
        cursor.execute("RESET ROLE")
    settings = dict(
        one.split("=", 1)
        for (all_of,) in ask("SELECT setconfig FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole WHERE rolname = 'kpiboard_bi_test'")
        for one in all_of
    )
    assert settings == {"default_transaction_read_only": "on", "statement_timeout": "2min", "search_path": "bi"}


@pytest.mark.parametrize("wrong", ["kpiboard", "postgres", 'a"b', "A", ""])
def test_a_role_that_has_more_to_do_is_left_alone(people: People, wrong: str) -> None:
    own = ask("SELECT current_user")[0][0]
    role = own if wrong == "kpiboard" else wrong
    before = ask("SELECT setrole, setconfig FROM pg_db_role_setting")
    if wrong != "postgres" or ask("SELECT 1 FROM pg_roles WHERE rolname = 'postgres'"):
        with pytest.raises(CommandError):
            call_command("bi_role", role)
    assert ask("SELECT setrole, setconfig FROM pg_db_role_setting") == before


def test_who_may_make_no_roles_is_told_what_to_run(people: People) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE kpiboard_plain_test")
        cursor.execute("SET LOCAL ROLE kpiboard_plain_test")
        with pytest.raises(CommandError, match='CREATE ROLE "somebody" LOGIN(?s:.*)GRANT SELECT ON ALL TABLES IN SCHEMA bi'):
            call_command("bi_role", "somebody")
        cursor.execute("RESET ROLE")


def test_views_make_way_for_a_migration_and_come_back(people: People) -> None:
    publishing.drop()
    assert not ask("SELECT 1 FROM information_schema.views WHERE table_schema = 'bi'")
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {Opportunity._meta.db_table} ALTER COLUMN name TYPE varchar(201)")
    publishing.publish()
    assert len(ask("SELECT 1 FROM information_schema.views WHERE table_schema = 'bi'")) == len(relations.views())
    about = ask("SELECT obj_description('bi.deals'::regclass), col_description('bi.kpis'::regclass, 1)")[0]
    assert all(about)


def test_without_the_right_to_make_a_schema_everything_else_is_migrated(people: People, caplog: pytest.LogCaptureFixture) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA bi CASCADE")
        cursor.execute("CREATE ROLE kpiboard_plain_test")
        cursor.execute("SET LOCAL ROLE kpiboard_plain_test")
        publish_views()
        cursor.execute("RESET ROLE")
    assert "were not made" in caplog.text and "GRANT CREATE ON DATABASE" in caplog.text


def test_the_page_is_up_to_date() -> None:
    call_command("bi_reference", check=True, stdout=StringIO())
    assert {kpi.key for kpi in relations.untold()} >= {"target_attainment", "pipeline_coverage", "sales_per_rep"}
    assert len(relations.told()) + len(relations.untold()) == len(catalogue.KPIS)


def test_who_is_gone_leaves_no_row(people: People) -> None:
    gone = make.rep("Gone")
    make.deal(rep=gone, created="2025-02-01", won="2025-03-01")
    rollup.drain(on=make.TODAY, wait=True)
    assert ask("SELECT count(*) FROM bi.kpis WHERE scope = 'Gone'") != [(0,)]
    Opportunity.objects.all().delete()
    gone.delete()
    rollup.drain(on=make.TODAY, wait=True)
    assert ask("SELECT count(*) FROM bi.kpis WHERE scope IS NULL OR scope_kind = 'company'") == [(0,)]
