"""What every test stands on: its own database, a fixed day, and the people."""

import gc
import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings as project
from django.db import connection
from django.db.backends.signals import connection_created

from apps.core import dates
from apps.core.calendars.calendar import GREGORIAN
from tests import emptying, make
from tests import people as cast
from tests.chromium import browser as browser

# Begun first, so that no worker waits at the end for another that has just come to a long file.
LONGEST = (
    *(
        "browser/test_journeys.py",
        "browser/test_own.py",
        "demo/test_company.py",
        "independent/test_maven.py",
        "independent/test_adventureworks.py",
        "kpis/reports/test_laws.py",
    ),
    *("demo/test_world.py", "kpis/test_fanout.py", "kpis/test_regrouping.py", "kpis/verification/test_nights.py", "kpis/test_restatement_laws.py"),
    *("kpis/test_laws.py", "script/test_server.py", "script/test_production.py", "dashboards/views/test_figures.py", "core/test_admin.py"),
)

hypothesis.settings.register_profile("kpiboard", deadline=None)  # how long an example takes says more about the machine
hypothesis.settings.load_profile("kpiboard")


def pytest_configure(config: pytest.Config) -> None:
    """Fast passwords, plain static files and no redirect to HTTPS, whatever the environment says; a quick way to empty the database."""
    emptying.instead_of_flush()
    project.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    project.STORAGES = {**project.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    project.SECURE_SSL_REDIRECT = project.SESSION_COOKIE_SECURE = project.CSRF_COOKIE_SECURE = False
    project.ALLOWED_HOSTS = ["*"]
    project.API_REQUESTS_A_MINUTE = project.API_REQUESTS_OF_STRANGERS_A_MINUTE = 0  # the minute stands still
    gc.set_threshold(100_000, 50, 100)  # a run makes few circles, and looking for them takes time


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; within a file, and among the others, nothing changes."""
    places = {Path(__file__).parent / name: place for place, name in enumerate(LONGEST)}
    assert all(path.is_file() for path in places), "LONGEST names a file that is not there"
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Name the test database after PYTEST_DB_SUFFIX too, not only after pytest's worker, so that runs beside each other do not meet."""
    if suffix := os.environ.get("PYTEST_DB_SUFFIX"):
        database = project.DATABASES["default"]
        test = database.setdefault("TEST", {})
        test["NAME"] = f"{test.get('NAME') or 'test_' + database['NAME']}_{suffix}"


class Day:
    """The day it is for the product and for its database; `to` moves on to another."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        self.today = make.TODAY

    def to(self, day: make.Day) -> date:
        self.today = make.day(day) or make.TODAY
        nine = datetime.combine(self.today, time(9), tzinfo=UTC)
        self.monkeypatch.setattr("apps.core.clock.now", lambda: nine)
        self.monkeypatch.setattr("apps.core.clock.today", lambda _organisation=None: self.today)
        self.tell(connection)
        return self.today

    def tell(self, connection: Any, **_: Any) -> None:
        # Past Django's cursor, which is locked outside tests that use the database.
        if connection.connection is not None and not connection.connection.closed:
            connection.connection.execute("SELECT set_config('kpiboard.today', %s, false)", [self.today.isoformat()])


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> Iterator[Day]:
    """Freeze every test on `make.TODAY`; `day.to("2025-04-01")` moves it."""
    frozen = Day(monkeypatch)
    connection_created.connect(frozen.tell, weak=False)
    frozen.to(make.TODAY)
    yield frozen
    connection_created.disconnect(frozen.tell)


@pytest.fixture(autouse=True)
def gregorian() -> None:
    """Begin every test with days written in the calendar that goes without saying."""
    dates.write_in(GREGORIAN)


@pytest.fixture
def today(day: Day) -> date:
    return day.today


@pytest.fixture
def people(db: None) -> cast.People:
    return cast.arrive()


@pytest.fixture
def client_of(people: cast.People) -> Callable[[str], Any]:
    """Return a signed-in client by name: `client_of("alice")`."""
    return people.client
