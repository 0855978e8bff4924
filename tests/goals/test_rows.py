"""Goals are read with those of others, whoever they are for and whatever the days."""

from datetime import date
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.models import Organisation
from apps.goals import rows
from apps.goals.rows import Span
from apps.reps import scopes
from tests import make

FIRST, LAST = date(2025, 1, 1), date(2025, 3, 31)


def test_goals_of_every_kind_of_scope_are_read_at_once(db: None) -> None:
    team = make.team("North", region=make.region("East"))
    everybody = [scopes.company(Organisation.get()), scopes.of(make.region("West")), scopes.of(team), scopes.of(make.rep("Alice", team=team))]
    made = {make.goal(scope=scope, target=n + 1).pk: Decimal(n + 1) for n, scope in enumerate(everybody)}
    make.goal(scope=scopes.of(make.rep("Bob")), target=9)
    with CaptureQueriesContext(connection) as found:
        read = rows.read(Span(everybody, FIRST, LAST), on=make.TODAY)
    assert {row.goal_id: row.target for row in read} == made
    assert len(found) == 1


def test_each_is_read_once_if_it_holds_any_day_of_a_span(db: None) -> None:
    alice = scopes.of(make.rep("Alice"))
    for start, last in (
        ("2024-10-01", "2024-12-31"),
        ("2024-12-01", "2025-01-01"),
        ("2025-01-01", "2025-03-31"),
        ("2025-03-31", "2025-04-30"),
        ("2025-04-01", "2025-06-30"),
    ):
        make.goal(scope=alice, start=start, last=last)
    assert [str(row.start_on) for row in rows.read(Span([alice], FIRST, LAST), on=make.TODAY)] == ["2024-12-01", "2025-01-01", "2025-03-31"]
    more = rows.read(Span([alice], FIRST, LAST), Span([alice], date(2024, 10, 1), date(2025, 2, 1)), on=make.TODAY)
    assert [str(row.start_on) for row in more] == ["2024-10-01", "2024-12-01", "2025-01-01", "2025-03-31"]


def test_nobody_has_no_goals_and_nothing_is_asked(db: None) -> None:
    with CaptureQueriesContext(connection) as found:
        assert rows.read(Span([], FIRST, LAST), on=make.TODAY) == ()
    assert len(found) == 0
