"""script/lock: pin every package by version and hash, without naming where they come from."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .. import environment, installing
from ..environment import ROOT
from ..progress import Refusal, say

UV = "uv==0.13.9"
OLDEST_PYTHON = "3.11"
FILES = (
    ("requirements/base.in", "requirements.txt", ()),
    ("requirements/embedded.in", "requirements/embedded.txt", ("-c", "requirements.txt")),
    ("requirements/test.in", "requirements/test.txt", ("-c", "requirements.txt")),
)


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="kpiboard-lock-") as folder:
        uv = _install_uv(Path(folder) / "venv")
        for source, result, limits in FILES:
            _compile(uv, [source, "-o", result, *limits, *arguments])
            _refuse_addresses(ROOT / result)
    say("Written: " + ", ".join(result for _, result, _ in FILES))
    return 0


def _install_uv(venv: Path) -> Path:
    environment.create(venv)
    python = environment.python_of(venv)
    command, extra = installing.pip(python)
    done = subprocess.run([*command, "install", "-q", UV], env=installing.environ(extra), stdout=sys.stderr)
    if done.returncode != 0:
        raise Refusal(f"{UV} could not be installed; what pip said stands above.")
    return python.parent / "uv"


def _compile(uv: Path, arguments: list[str]) -> None:
    say(f"Locking {arguments[0]}")
    index = {"UV_DEFAULT_INDEX": os.environ["PIP_INDEX_URL"]} if "PIP_INDEX_URL" in os.environ else {}
    rules = ["--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes", "--no-header", "--quiet"]
    done = subprocess.run([uv, "pip", "compile", *rules, *arguments], cwd=ROOT, env=index | os.environ)
    if done.returncode != 0:
        raise Refusal("uv could not lock the packages; what it said stands above.")


def _refuse_addresses(file: Path) -> None:
    if "://" in file.read_text(encoding="utf-8"):
        raise Refusal(f"{file} names an address. Requirement files name packages only.")
