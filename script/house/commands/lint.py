"""script/lint: every static check, all of them even if one fails."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from .. import places, signals, stores
from ..environment import ROOT
from ..progress import say
from ..supervisor import Supervisor


def main(arguments: list[str]) -> int:
    signals.interrupt_on_stop()
    with tempfile.TemporaryDirectory(prefix="kpiboard-lint-", dir="/tmp") as folder:
        place = places.temporary(Path(folder))
        place.prepare()
        with Supervisor(place.data / "children.json") as supervisor:
            env = stores.start(place, supervisor, is_lasting=False)
            failed = [name for name, argv in steps() if not _passes(name, argv, env)]
    say(f"Failed: {', '.join(failed)}" if failed else "Everything passes")
    return 1 if failed else 0


def steps() -> Iterator[tuple[str, list[str]]]:
    """The checks by name, in the order that fails fastest."""
    tools = Path(sys.executable).parent
    yield "ruff check", [str(tools / "ruff"), "check", "."]
    yield "ruff format", [str(tools / "ruff"), "format", "--check", "."]
    if templates := sorted(str(file.relative_to(ROOT)) for file in ROOT.glob("templates/**/*.html")):
        yield "djade", [str(tools / "djade"), "--check", *templates]
    yield "import-linter", [str(tools / "lint-imports")]
    yield "manage.py check", stores.manage("check")
    yield "manage.py makemigrations", stores.manage("makemigrations", "--check", "--dry-run")
    yield "mypy", [sys.executable, "-m", "mypy"]


def _passes(name: str, argv: list[str], env: Mapping[str, str]) -> bool:
    say(name)
    return subprocess.run(argv, env=dict(env), cwd=ROOT).returncode == 0
