"""A command in the foreground is as if the person had started it."""

import os
import signal
import sys
from pathlib import Path

import pytest

from script.house import foreground


def call(code: str, tmp_path: Path) -> int:
    return foreground.call([sys.executable, "-c", code], env=os.environ, cwd=tmp_path)


def test_its_exit_code_is_ours(tmp_path: Path) -> None:
    assert call("raise SystemExit(7)", tmp_path) == 7


def test_its_death_by_a_signal_is_told_as_shells_do(tmp_path: Path) -> None:
    assert call("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", tmp_path) == 137


def test_its_output_is_its_own_and_its_folder_the_person_s(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    call("import os; print(os.getcwd())", tmp_path)

    assert capfd.readouterr() == (f"{tmp_path.resolve()}\n", "")


def test_a_wish_to_end_reaches_it_and_is_waited_for(tmp_path: Path) -> None:
    asks_to_end = f"import os, signal, time; os.kill({os.getpid()}, signal.SIGTERM); time.sleep(600)"
    before = signal.getsignal(signal.SIGTERM)

    assert call(asks_to_end, tmp_path) == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is before
