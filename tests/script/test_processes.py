"""A process is told from every other, also from a later one with its number."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from script.house import processes
from script.house.environment import ROOT

BIRTHS = [
    pytest.param(processes._birth_by_proc, marks=pytest.mark.skipif(not processes.IS_LINUX, reason="only Linux has /proc")),
    pytest.param(processes._birth_by_ps, marks=pytest.mark.skipif(not shutil.which("ps"), reason="this machine has no ps")),
]


@pytest.mark.parametrize("birth", BIRTHS)
def test_a_living_process_keeps_its_birth(birth: Callable[[int], str | None]) -> None:
    assert birth(os.getpid())
    assert birth(os.getpid()) == birth(os.getpid())


@pytest.mark.parametrize("birth", BIRTHS)
def test_a_process_that_has_ended_has_none_even_before_anybody_asked_how(birth: Callable[[int], str | None]) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read()  # it ends with its output; nobody has waited for it yet
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    before = birth(process.pid)
    process.wait()

    assert (before, birth(process.pid)) == (None, None)


def test_a_process_is_known_by_the_words_it_was_started_with() -> None:
    assert sys.orig_argv[-1].splitlines()[0] in processes.command_line(os.getpid())


def test_an_interrupted_run_takes_its_child_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[str]] = []

    def interrupted(process: "subprocess.Popen[str]", timeout: float | None = None) -> int:
        started.append(process)
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess.Popen, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        processes.run([sys.executable, "-c", "import time; time.sleep(600)"], env=os.environ, cwd=tmp_path, account=None, output=subprocess.DEVNULL)

    assert started[0].returncode == -signal.SIGKILL


FORKING = """
import os, signal, sys, time
from script.house import processes, signals
signals.interrupt_on_stop()
os.register_at_fork(before=lambda: os.kill(os.getpid(), signal.SIGINT))
try:
    processes.run([sys.executable, "-c", "import time; time.sleep(600)"], env=os.environ, cwd="/", account=None, output=None)
except KeyboardInterrupt:
    print("interrupted")
"""


def test_an_interruption_in_the_middle_of_a_fork_is_not_forgotten() -> None:
    told = subprocess.run([sys.executable, "-c", FORKING], cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert (told.stdout, told.stderr) == ("interrupted\n", "")


def test_a_child_can_be_asked_to_stop(tmp_path: Path) -> None:
    process = processes.start(
        [sys.executable, "-c", "import time; print('ready', flush=True); time.sleep(600)"], env=os.environ, cwd=tmp_path, output=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    processes.end(process, signal.SIGTERM, patience=30)

    assert process.returncode == -signal.SIGTERM
