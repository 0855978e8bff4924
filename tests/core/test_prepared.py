"""Questions that every page asks are planned once for a connection; they are counted and wrapped like any other."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core import replica as reading

WORDS = "SELECT %(number)s::int + 1 AS more"


def ask(number: int) -> int:
    with reading.connection.prepared() as cursor:
        cursor.execute(WORDS, {"number": number})
        found: int = cursor.fetchone()[0]
        return found


def known() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE %s", ["% AS more"])
        return [row[0] for row in cursor.fetchall()]


def test_the_same_words_are_prepared_once_whatever_the_values(db: None) -> None:
    assert [ask(1), ask(2), ask(30)] == [2, 3, 31]
    assert known() == ["SELECT $1::int + 1 AS more"]


def test_each_time_counts_as_a_query(db: None) -> None:
    with CaptureQueriesContext(connection) as found:
        ask(1)
        ask(2)
    assert len(found) == 2


def test_a_pooler_that_keeps_no_statements_is_asked_in_plain_words(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.ensure_connection()
    monkeypatch.setattr(connection.connection, "prepare_threshold", None)
    before = known()
    with reading.connection.prepared() as cursor:
        cursor.execute("SELECT %s::int - 1 AS more", [5])
        assert cursor.fetchone() == (4,)
    assert known() == before


@pytest.mark.django_db(transaction=True)
def test_a_column_that_another_changes_meanwhile_shows_as_no_error() -> None:
    def ask_for_all() -> tuple[str, ...]:
        with reading.connection.prepared() as cursor:
            cursor.execute("SELECT * FROM pencils")
            found: tuple[str, ...] = cursor.fetchone()
            return found

    elsewhere("CREATE TABLE pencils AS SELECT 'red'::varchar(10) AS colour")
    try:
        assert ask_for_all() == ("red",)
        elsewhere("ALTER TABLE pencils ALTER colour TYPE text, ADD maker text DEFAULT 'Faber'")
        assert [ask_for_all(), ask_for_all()] == [("red", "Faber")] * 2
    finally:
        elsewhere("DROP TABLE pencils")


def elsewhere(statement: str) -> None:
    """Run a statement in a session of its own, as an upgrade does."""

    def run() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()
