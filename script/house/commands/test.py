"""script/test: the whole suite against servers of its own, beside a running KPIBoard if there is one."""

import os
import sys
import tempfile
from pathlib import Path

from .. import chromium, foreground, places, signals, stores
from ..environment import ROOT
from ..progress import say
from ..supervisor import Supervisor

# Every core runs files of tests, in the order in which they are collected: the longest first. Who names tests or options decides alone.
WHOLE_SUITE = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile", "--no-loadscope-reorder"]

# What a person sets for their own installation must not change what the tests see.
OF_AN_INSTALLATION = {
    "ALLOWED_HOSTS",
    "BEHIND_PROXY",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_POOL_SIZE",
    "DATABASE_PREPARES",
    "DATABASE_REPLICA_MOST_BEHIND",
    "DATABASE_REPLICA_URL",
    "DEBUG",
    "DEBUG_TOOLBAR",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_URL",
    "KPIBOARD_SECURE",
    "LOG_LEVEL",
    "METRICS_TOKEN",
    "SECRET_KEY",
}


def main(arguments: list[str]) -> int:
    signals.interrupt_on_stop()
    for name in OF_AN_INSTALLATION:
        os.environ.pop(name, None)
    browser = chromium.ensure()
    with tempfile.TemporaryDirectory(prefix="kpiboard-test-", dir="/tmp") as folder:  # short, for the sockets in it
        place = places.temporary(Path(folder))
        place.prepare()
        with Supervisor(place.data / "children.json") as supervisor:
            env = stores.start(place, supervisor, is_lasting=False)
            code = foreground.call(
                [sys.executable, "-m", "pytest", *(from_root(arguments, Path.cwd()) or WHOLE_SUITE)],
                env=env | {"KPIBOARD_CHROMIUM": browser},
                cwd=ROOT,
            )
    if not browser:
        say("NOTE: no Chromium was found, so the browser tests were SKIPPED. Install Chromium, or name one in KPIBOARD_CHROMIUM.")
    return code


def from_root(arguments: list[str], cwd: Path) -> list[str]:
    """Name test files as seen from the checkout, where pytest has its settings, not from the caller's folder."""
    return [_from_root(argument, cwd) for argument in arguments]


def _from_root(argument: str, cwd: Path) -> str:
    path, colons, node = argument.partition("::")
    is_path = path and not path.startswith("-") and (cwd / path).exists()
    return f"{(cwd / path).resolve()}{colons}{node}" if is_path else argument
