"""Empties the database after a test that committed: only tables that hold something, and without making again what migrations made."""

from django.db import connections
from django.test import TransactionTestCase

KEPT = {"django_migrations", "django_content_type", "auth_permission"}  # made by migrations, and written by no test


def empty(alias: str) -> None:
    connection = connections[alias]
    tables = [name for name in connection.introspection.django_table_names(only_existing=True, include_views=False) if name not in KEPT]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables))
        if filled := [name for (name,) in cursor.fetchall()]:
            cursor.execute(f"TRUNCATE {', '.join(filled)} CASCADE")


def _empty(case: TransactionTestCase) -> None:
    for alias in case._databases_names(include_mirrors=False):
        empty(alias)


def instead_of_flush() -> None:
    """Let Django's own tests empty like this; its `flush` truncates every table, then makes all permissions and triggers again."""
    TransactionTestCase._fixture_teardown = _empty
