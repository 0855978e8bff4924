"""The embedded servers really start, are closed to others, survive what happens to them, and refuse what would harm."""

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from script.house import accounts, binaries, postgres, processes, stores
from script.house.places import Place
from script.house.postgres import Postgres
from script.house.progress import Refusal, quiet
from script.house.supervisor import Supervisor
from tests.script.waiting import until


@pytest.fixture
def running() -> Iterator[Place]:
    """A place as root and others have it, where the servers' account reaches its folders."""
    with tempfile.TemporaryDirectory(prefix="kpiboard-stores-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        place = Place(Path(folder), accounts.for_services(), None)
        place.prepare()
        yield place


@pytest.fixture(autouse=True)
def no_servers_of_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)


def supervisor_of(place: Place) -> Supervisor:
    return Supervisor(place.data / "children.json", tell=quiet)


def test_both_servers_answer_only_on_private_sockets_and_with_the_password(running: Place) -> None:
    with supervisor_of(running) as supervisor:
        env = stores.start(running, supervisor)
        with psycopg.connect(env["DATABASE_URL"]) as connection:
            told = connection.execute(
                "select current_setting('listen_addresses'), current_setting('server_encoding'), datlocprovider::text, datlocale "
                "from pg_database where datname = current_database()"
            ).fetchone()
        socket_folder = Postgres(running).socket
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"host={socket_folder} user=kpiboard dbname=kpiboard password=wrong")
        broker = Redis.from_url(env["REDIS_URL"])
        kept = broker.config_get("appendonly", "port")
        broker.close()

    assert told == ("", "UTF8", "b", "C.UTF-8")
    assert socket_folder.stat().st_mode & 0o777 == 0o700
    assert kept == {"appendonly": "yes", "port": "0"}


def test_data_is_there_after_a_restart(running: Place) -> None:
    with supervisor_of(running) as supervisor:
        env = stores.start(running, supervisor)
        assert postgres.is_blank(env["DATABASE_URL"])
        with psycopg.connect(env["DATABASE_URL"]) as connection:
            connection.execute("create table django_migrations as select 1 as id")
        with Redis.from_url(env["REDIS_URL"]) as broker:
            broker.set("kept", "yes")
    with supervisor_of(running) as supervisor:
        env = stores.start(running, supervisor)
        with Redis.from_url(env["REDIS_URL"]) as broker:
            assert broker.get("kept") == b"yes"
        assert not postgres.is_blank(env["DATABASE_URL"])


def test_a_killed_postgres_comes_back_with_its_data(running: Place) -> None:
    with supervisor_of(running) as supervisor:
        env = stores.start(running, supervisor)
        with psycopg.connect(env["DATABASE_URL"]) as connection:
            connection.execute("create table django_migrations as select 1 as id")
        supervisor.runs["postgres"].process.send_signal(signal.SIGKILL)
        supervisor.runs["postgres"].process.wait()

        def is_back() -> bool:
            supervisor.look()
            return postgres.is_answering(Postgres(running))

        assert until(is_back)
        assert not postgres.is_blank(env["DATABASE_URL"])


def test_a_lock_file_whose_number_is_another_program_s_now_does_not_hinder(running: Place) -> None:
    with supervisor_of(running) as supervisor:
        stores.start(running, supervisor)
    (running.data / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{running.data}/postgres\n")

    with supervisor_of(running) as supervisor:
        assert stores.start(running, supervisor)["DATABASE_URL"]


def test_a_postgres_that_still_runs_on_the_folder_is_stopped_first(running: Place) -> None:
    first = supervisor_of(running)
    stores.start(running, first)
    left = first.runs["postgres"].process
    valkey = first.runs["valkey"].process
    (running.data / "children.json").unlink()
    processes.end(valkey, signal.SIGTERM, patience=10)

    with supervisor_of(running) as supervisor:
        stores.start(running, supervisor)
        assert left.poll() is not None


def test_data_of_another_major_version_is_refused_and_kept(running: Place) -> None:
    cluster = running.data / "postgres"
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("12\n")

    with pytest.raises(Refusal, match=r"made by PostgreSQL 12, and the PostgreSQL here is \d+. Nothing was changed"):
        Postgres(running).program()
    assert (cluster / "PG_VERSION").read_text() == "12\n"


def test_a_server_that_cannot_start_is_told_with_its_log(running: Place) -> None:
    with supervisor_of(running) as supervisor:
        stores.start(running, supervisor)
    (running.data / "postgres" / "postgresql.conf").write_text("no_such_setting = 1\n")

    with supervisor_of(running) as supervisor, pytest.raises(Refusal, match="(?s)postgres did not start.*no_such_setting") as refusal:
        stores.start(running, supervisor)
    assert "postgres.log" in str(refusal.value)


def test_servers_of_the_person_are_used_instead(running: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://own/db")
    monkeypatch.setenv("REDIS_URL", "redis://own:6379/0")
    with supervisor_of(running) as supervisor:
        env = stores.start(running, supervisor)

        assert supervisor.runs == {}
    assert (env["DATABASE_URL"], env["REDIS_URL"]) == ("postgres://own/db", "redis://own:6379/0")
    assert stores.are_all_given()


def test_the_tests_never_touch_the_servers_of_the_person(running: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://own/db")
    with supervisor_of(running) as supervisor:
        env = stores.start(running, supervisor, is_lasting=False)

    assert env["DATABASE_URL"] != "postgres://own/db"


def test_a_secret_key_and_what_the_person_has_set_reach_every_part(running: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.delenv("SECRET_KEY", raising=False)

    env = stores.environ(running, {})

    assert env["LOG_LEVEL"] == "DEBUG"
    assert len(env["SECRET_KEY"]) >= 50
    assert "PYTHONPATH" not in env


def test_without_any_postgres_the_refusal_says_what_to_install(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_postgres_folders", lambda place: iter([Path("/nowhere")]))

    with pytest.raises(Refusal, match="install PostgreSQL, name its folder in KPIBOARD_POSTGRES_BIN, or set DATABASE_URL"):
        binaries.postgres(place)


def test_a_postgres_that_is_too_old_is_passed_over(tmp_path: Path, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, version in ((old, "15.4"), (new, "17.2")):
        folder.mkdir()
        for name in ("postgres", "initdb"):
            (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
            (folder / name).chmod(0o755)
    monkeypatch.setattr(binaries, "_postgres_folders", lambda place: iter([old, new]))

    assert binaries.postgres(place) == new


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to copy what another account cannot run")
def test_programs_below_a_closed_home_are_copied_once_for_the_services(running: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "unusable", lambda account, files, programs: list(programs))

    folder = binaries.postgres(running)

    assert running.data in folder.parents
    assert binaries.major(folder) >= 16
    made_at = folder.stat().st_ctime_ns
    assert binaries.postgres(running).stat().st_ctime_ns == made_at
