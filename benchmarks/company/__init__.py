"""A company of any size, written set-based in SQL: the same seed gives the same company.

Rows are what the database's own triggers would have written, only faster: they are switched off meanwhile.
"""

from collections.abc import Callable
from typing import Any

from apps.opportunities import pulses
from benchmarks.company import deals, facts, indexes, people
from benchmarks.company.sizes import FIRST, LAST, SIZES, Size

__all__ = ["FACTS", "FIRST", "LAST", "SIZES", "Size", "make"]

FACTS = (
    "opportunities_opportunity",
    "opportunities_opportunityversion",
    "opportunities_credit",
    "activities_activity",
    "leads_lead",
    "customers_customer",
    "customers_order",
    "campaigns_expense",
)
PARTS = (
    ("people", people.PEOPLE),
    ("customers", facts.CUSTOMERS),
    ("deals", deals.DEALS),
    ("orders", facts.ORDERS),
    ("activities", facts.ACTIVITIES),
    ("leads", facts.LEADS),
    ("goals", facts.GOALS),
)
SEED = 0.42


def make(connection: Any, size: Size, *, tell: Callable[[str], None] = lambda text: None) -> None:
    """Write a company into an empty, migrated database; `connection` is psycopg's, in autocommit."""
    connection.execute("SET session_replication_role = replica; SET work_mem = '128MB'; SET maintenance_work_mem = '256MB'")
    with indexes.set_aside(connection, FACTS, tell=tell):
        for name, sql in PARTS:
            tell(name)
            connection.execute("SELECT setseed(%s)", [SEED])
            for statement in filter(str.strip, sql.split(";\n")):
                connection.execute(statement, size.params)
    connection.execute(pulses.FILL)
    _follow_identities(connection)
    connection.execute("SET session_replication_role = origin; RESET work_mem; RESET maintenance_work_mem")


def tidy(connection: Any) -> None:
    """Let the planner know what there is, as autovacuum would after a while."""
    connection.execute("VACUUM ANALYZE")


def _follow_identities(connection: Any) -> None:
    """Let the next row that is written the usual way get the next number."""
    found = connection.execute(
        "SELECT table_name FROM information_schema.columns WHERE is_identity = 'YES' AND column_name = 'id' AND table_schema = 'public'"
    ).fetchall()
    for (table,) in found:
        connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), greatest(1, (SELECT max(id) FROM {table})))")
