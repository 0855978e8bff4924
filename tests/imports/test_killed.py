"""An import that is killed leaves each file whole or not at all, and simply runs again."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection, transaction

from apps.opportunities.models import Opportunity
from apps.reps.models import Rep
from tests import make

MANY = 1_500  # more than one batch
MAPPING = """
title = "Test"
[[load]]
file = "reps.csv"
entity = "reps"
[load.fields]
external_key = "No"
name = "No"
hired_on = { value = "2024-01-01" }
[[load]]
file = "deals.csv"
entity = "opportunities"
[load.fields]
external_key = "No"
name = "No"
owner = "Rep"
stage = { value = "Qualified" }
created_on = { value = "2024-01-01" }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "test.toml").write_text(MAPPING)
    (tmp_path / "reps.csv").write_text("No\nAnn\nBen\n")
    (tmp_path / "deals.csv").write_text("No,Rep\n" + "".join(f"{number:04},Ann\n" for number in range(MANY)))
    return tmp_path


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Start the command in a process of its own, against the test database."""
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "import", str(folder / "test.toml"), str(folder)]
    return subprocess.Popen(command, env={**os.environ, "DATABASE_URL": urlunsplit(address)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_until_it_is_stuck(process: subprocess.Popen[bytes]) -> None:
    """Wait until the other process waits for the row that this one holds."""
    for _attempt in range(1_200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone()[0]:
                return
        if process.poll() is not None:
            break
        Event().wait(0.05)
    process.kill()
    pytest.fail(f"The import ended by itself with {process.wait()} instead of waiting for the last row.")


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_leaves_nothing_half_written_and_runs_again(folder):
    make.organisation()
    make.stages()
    holder = make.rep("Holder")
    with transaction.atomic():
        make.deal(rep=holder, external_key=f"{MANY - 1:04}")  # the import must wait for this key, in its last batch
        process = start(folder)
        wait_until_it_is_stuck(process)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        transaction.set_rollback(True)
    assert set(Rep.objects.values_list("name", flat=True)) == {"Holder", "Ann", "Ben"}
    assert Opportunity.objects.count() == 0
    again = start(folder)
    assert again.wait() == 0
    assert Opportunity.objects.count() == MANY
