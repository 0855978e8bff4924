"""The supervisor restarts what ends, gives up with a reason, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from script.house import processes
from script.house.environment import ROOT
from script.house.places import Place
from script.house.progress import Refusal
from script.house.supervisor import LONGEST_PAUSE, MOST_FAILURES, STEADY_SECONDS, Program, Run, Supervisor
from tests.script.waiting import gone, said

SLEEPS = "import time; time.sleep(600)"
DEAF = "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def supervisor(place: Place, clock: Clock, told: list[str]) -> Iterator[Supervisor]:
    with Supervisor(place.data / "children.json", clock=clock, tell=told.append) as supervisor:
        yield supervisor


@pytest.fixture
def program(place: Place) -> Callable[..., Program]:
    def make(code: str, name: str = "web", *, is_store: bool = False) -> Program:
        log = place.logs / f"{name}.log"
        return Program(name, (sys.executable, "-c", code), dict(os.environ), place.data, log, is_store=is_store)

    return make


def ended(supervisor: Supervisor, name: str = "web") -> None:
    supervisor.runs[name].process.wait(10)
    supervisor.look()


def test_a_program_that_ends_is_started_again_at_once(supervisor: Supervisor, program: Callable[..., Program], told: list[str]) -> None:
    supervisor.start(program("import sys; sys.exit(3)"))
    first = supervisor.runs["web"].process.pid

    ended(supervisor)
    supervisor.look()

    assert supervisor.runs["web"].process.pid != first
    assert "web ended (exit code 3); starting it again in 0 s" in told[0]


def test_the_pauses_grow_to_a_limit(supervisor: Supervisor, program: Callable[..., Program], clock: Clock) -> None:
    supervisor.most_failures = 8
    supervisor.start(program("pass"))
    pauses = []
    for _ in range(8):
        ended(supervisor)
        due_at = supervisor.runs["web"].due_at
        assert due_at is not None
        pauses.append(due_at - clock.now)
        clock.now = due_at
        supervisor.look()

    assert pauses == [0, 2, 4, 8, 16, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]


def test_nothing_is_started_before_the_pause_is_over(supervisor: Supervisor, program: Callable[..., Program], clock: Clock) -> None:
    supervisor.start(program("pass"))
    ended(supervisor)
    supervisor.look()
    ended(supervisor)
    second = supervisor.runs["web"].process.pid
    clock.now += 1.9
    supervisor.look()

    assert supervisor.runs["web"].process.pid == second


def test_giving_up_says_what_to_read_and_how_it_ends(supervisor: Supervisor, program: Callable[..., Program], clock: Clock) -> None:
    supervisor.start(program("print('no such table', flush=True)"))
    with pytest.raises(Refusal) as refusal:
        for _ in range(MOST_FAILURES + 1):
            ended(supervisor)
            clock.now += LONGEST_PAUSE
            supervisor.look()

    assert f"web ended {MOST_FAILURES + 1} times in a row" in str(refusal.value)
    assert "web.log" in str(refusal.value)
    assert "no such table" in str(refusal.value)


def test_a_program_that_ran_steadily_has_not_failed_before(supervisor: Supervisor, program: Callable[..., Program], clock: Clock) -> None:
    supervisor.start(program("pass"))
    for _ in range(MOST_FAILURES * 2):
        clock.now += STEADY_SECONDS
        ended(supervisor)
        supervisor.look()

    assert supervisor.runs["web"].failures == 1


def test_a_renewed_program_is_another_process_without_a_past(supervisor: Supervisor, program: Callable[..., Program]) -> None:
    supervisor.start(program(SLEEPS))
    run = supervisor.runs["web"]
    run.failures, first = 4, run.process.pid

    supervisor.renew("web")

    assert (run.failures, supervisor.is_running("web")) == (0, True)
    assert run.process.pid != first


def test_leaving_stops_users_before_stores(place: Place, program: Callable[..., Program]) -> None:
    notes = place.data / "order"
    noting = (
        "import signal, sys, time\n"
        "def note(*_):\n"
        f"    open({str(notes)!r}, 'a').write(sys.argv[1] + ' ')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, note)\n"
        "print('ready', flush=True)\n"
        "time.sleep(600)\n"
    )
    with Supervisor(place.data / "children.json") as supervisor:
        for name, is_store in (("postgres", True), ("web", False)):
            made = program(noting, name, is_store=is_store)
            supervisor.start(replace(made, argv=(*made.argv, name)))
            said(made.log, "ready")

    assert notes.read_text().split() == ["web", "postgres"]


def test_a_deaf_program_is_ended_all_the_same(place: Place, program: Callable[..., Program], told: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("script.house.supervisor.SECONDS_TO_STOP", 0.2)
    with Supervisor(place.data / "children.json", tell=told.append) as supervisor:
        supervisor.start(program(DEAF))
        pid = supervisor.runs["web"].process.pid
        said(place.logs / "web.log", "deaf")

    assert processes.birth(pid) is None
    assert told == ["web does not stop; ending it"]


def test_children_that_a_dead_program_left_are_ended(supervisor: Supervisor, program: Callable[..., Program], place: Place) -> None:
    leaves_a_child = f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {SLEEPS!r}]).pid, flush=True)"
    supervisor.start(program(leaves_a_child))
    ended(supervisor)

    child = int((place.logs / "web.log").read_text().split()[0])

    assert gone(child)


@pytest.mark.skipif(not processes.IS_LINUX, reason="only Linux tells a child that its parent was killed")
def test_nothing_is_left_when_the_supervisor_is_killed(place: Place) -> None:
    supervising = (
        "import os, pathlib, sys, time\n"
        "from script.house.supervisor import Program, Supervisor\n"
        "data = pathlib.Path(sys.argv[1])\n"
        "with Supervisor(data / 'children.json') as supervisor:\n"
        f"    web = Program('web', (sys.executable, '-c', {SLEEPS!r}), dict(os.environ), data, data / 'logs' / 'web.log')\n"
        "    supervisor.start(web)\n"
        "    print(supervisor.runs['web'].process.pid, flush=True)\n"
        "    time.sleep(600)\n"
    )
    killed = subprocess.Popen([sys.executable, "-c", supervising, place.data], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert killed.stdout is not None
    child = int(killed.stdout.readline())
    is_alive_before = processes.birth(child) is not None
    killed.kill()
    killed.wait()

    assert is_alive_before
    assert gone(child)


def test_the_next_start_ends_what_a_killed_supervisor_left(place: Place, program: Callable[..., Program], told: list[str]) -> None:
    file = place.data / "children.json"
    outliving = subprocess.Popen([sys.executable, "-c", SLEEPS], start_new_session=True, text=True)
    supervisor = Supervisor(file)
    supervisor.runs["web"] = Run(program(SLEEPS), outliving, 0.0)
    supervisor._remember()

    with Supervisor(file, tell=told.append):
        assert outliving.wait(10) == -signal.SIGTERM


def test_a_number_that_belongs_to_another_process_now_is_left_alone(place: Place) -> None:
    file = place.data / "children.json"
    stranger = subprocess.Popen([sys.executable, "-c", SLEEPS], start_new_session=True, text=True)
    file.write_text(f'[{{"pid": {stranger.pid}, "born": "long ago", "stop_with": 15}}]')
    try:
        with Supervisor(file):
            assert stranger.poll() is None
    finally:
        processes.end_group(stranger)


def test_half_a_file_of_children_is_no_hindrance(place: Place) -> None:
    file = place.data / "children.json"
    file.write_text('[{"pid": 12')
    with Supervisor(file) as supervisor:
        assert supervisor.runs == {}


def test_a_log_that_grows_large_is_set_aside_while_its_program_goes_on_writing(
    supervisor: Supervisor, program: Callable[..., Program], place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("script.house.supervisor.LARGEST_LOG", 1000)
    log = place.logs / "web.log"
    writes_when_told = "import signal, time; print('x' * 2000, flush=True)\nwhile signal.sigwait([signal.SIGUSR1]): print('after', flush=True)"
    blocked = "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])\n"
    supervisor.start(program(blocked + writes_when_told))
    said(log, "x" * 2000)
    supervisor.look()
    supervisor.signal("web", signal.SIGUSR1)
    said(log, "after")

    assert (place.logs / "web.log.1").stat().st_size > 2000
    assert log.read_text() == "after\n"
