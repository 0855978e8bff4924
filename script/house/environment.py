"""The checkout's own `.venv`: made once, renewed when the requirement files or Python change."""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import installing
from .progress import Refusal, say

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Needs:
    """The requirement files that one kind of use stands on."""

    name: str
    files: tuple[str, ...]

    def paths(self, root: Path) -> list[Path]:
        return [root / file for file in self.files]


RUN = Needs("run", ("requirements.txt", "requirements/embedded.txt"))
TEST = Needs("test", (*RUN.files, "requirements/test.txt"))
ALL = (RUN, TEST)


def ensure(needs: Needs, *, root: Path = ROOT) -> Path:
    """Return the Python of an environment that has what is needed, installing what is missing."""
    venv = root / ".venv"
    if not is_fresh(needs, venv):
        with _alone(root):
            if not is_fresh(needs, venv):  # another script may have made it while this one waited
                _make(needs, venv)
    return python_of(venv)


def python_of(venv: Path) -> Path:
    return venv / "bin" / "python"


def is_fresh(needs: Needs, venv: Path) -> bool:
    stamp = _stamp(needs, venv)
    return python_of(venv).exists() and stamp.exists() and stamp.read_text() == fingerprint(needs, venv.parent)


def fingerprint(needs: Needs, root: Path) -> str:
    """What the environment was made from: the Python it belongs to and every pinned package."""
    made_from = hashlib.sha256(_python_version().encode())
    for path in needs.paths(root):
        made_from.update(path.read_bytes())
    return made_from.hexdigest()


def _python_version() -> str:
    return "{}.{}".format(*sys.version_info)  # compiled packages fit a minor version, not a patch


def _stamp(needs: Needs, venv: Path) -> Path:
    return venv / f"kpiboard-{needs.name}.stamp"


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Let one script at a time install; the others wait."""
    folder = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another script that is installing packages here")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _make(needs: Needs, venv: Path) -> None:
    if not os.access(venv if venv.exists() else venv.parent, os.W_OK):
        raise Refusal(f"{venv} has to be made anew and you may not write there. Run this as the owner of the checkout.")
    if os.geteuid() == 0:
        os.umask(0o022)  # the services' account reads what root installs
    if not _belongs_to_this_python(venv):
        say(f"Making the environment {venv}")
        create(venv)
    for stale in ALL:
        _stamp(stale, venv).unlink(missing_ok=True)  # until the end nobody may believe a half-done environment
    installing.install(python_of(venv), needs.paths(venv.parent))
    for done in ALL:
        if set(done.files) <= set(needs.files):
            _stamp(done, venv).write_text(fingerprint(done, venv.parent))


def _belongs_to_this_python(venv: Path) -> bool:
    return python_of(venv).exists() and any(venv.glob(f"lib/python{_python_version()}/site-packages"))


def create(venv: Path) -> None:
    """Make an empty environment in place of whatever is there."""
    base = getattr(sys, "_base_executable", sys.executable)  # who has activated the old environment runs inside it
    made = subprocess.run(
        [base, "-m", "venv", "--clear", *([] if installing.has_ensurepip() else ["--without-pip"]), venv],
        capture_output=True,
        text=True,
    )
    if made.returncode != 0:
        raise Refusal(f"Python could not make an environment in {venv}:\n{made.stdout}{made.stderr}")
