"""Install pinned packages with pip, wherever this machine keeps one, and show how far it is."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from .progress import Refusal, say

PIP_WHEELS = Path("/usr/share/python-wheels")  # where Debian keeps the wheel that ensurepip would unpack
SECONDS_BETWEEN_LINES = 5
_PINNED = re.compile(r"^([A-Za-z0-9][^ =]*)==", re.MULTILINE)
_LOOKED_AT = re.compile(r"^(Collecting|Requirement already satisfied:|Ignoring) ")


def has_ensurepip() -> bool:
    return importlib.util.find_spec("ensurepip") is not None


def install(python: Path, files: list[Path]) -> None:
    """Install exactly what the files pin, by hash, wheels only; nothing is ever compiled here."""
    total = len({name for file in files for name in _PINNED.findall(file.read_text())})
    say(f"Installing {total} packages (once; about a minute)")
    command, extra = pip(python)
    wanted = [part for file in files for part in ("-r", str(file))]
    process = subprocess.Popen(
        [*command, "install", "--no-input", "--progress-bar", "off", "--require-hashes", "--only-binary", ":all:", *wanted],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environ(extra),
    )
    assert process.stdout is not None
    lines = list(_told(process.stdout, total))
    if process.wait() != 0:
        told = "".join(f"\n    {line}" for line in lines[-15:])
        raise Refusal(f"The packages could not be installed. Check the network (or PIP_INDEX_URL) and try again. pip said:{told}")
    say("Packages installed")


def environ(extra: dict[str, str]) -> dict[str, str]:
    """The person's environment without what would make pip install elsewhere."""
    misleading = {"PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_USER"}
    kept = {name: value for name, value in os.environ.items() if name not in misleading}
    return {**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_USER": "0", **extra}


def _told(output: Iterable[str], total: int) -> Iterator[str]:
    """Pass pip's lines on, saying now and then how many packages it has looked at."""
    seen, told_at = 0, time.monotonic()
    for line in output:
        seen += bool(_LOOKED_AT.match(line))
        if line.startswith("Installing collected packages"):
            say("All packages are here, unpacking them")
        elif time.monotonic() - told_at > SECONDS_BETWEEN_LINES:
            say(f"Packages: {min(seen, total)} of {total}")
            told_at = time.monotonic()
        yield line.rstrip()


def pip(python: Path) -> tuple[list[str], dict[str, str]]:
    """The pip that installs into `python`'s environment: its own, Debian's wheel, this Python's, or one on the path."""
    if any(python.parent.parent.glob("lib/python*/site-packages/pip")):
        return [str(python), "-m", "pip"], {}
    if wheels := sorted(PIP_WHEELS.glob("pip-*.whl")):
        return [str(python), "-m", "pip"], {"PYTHONPATH": str(wheels[-1])}
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(python)], {}
    for name in ("pip3", "pip"):
        if found := shutil.which(name):
            return [found, "--python", str(python)], {}
    if install_pip_wheel():
        return pip(python)
    raise Refusal("This Python has neither ensurepip nor pip. Install them (Debian: apt-get install python3-venv), or set PYTHON to a Python that has them.")


def install_pip_wheel() -> bool:
    """As root on Debian, fetch the wheel that Debian's Python leaves out."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say("This Python has no pip: installing python3-pip-whl with apt-get")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-q"], ["install", "-qy", "--no-install-recommends", "python3-pip-whl"]):
        if subprocess.run(["apt-get", *arguments], env=quiet, stdout=sys.stderr).returncode != 0:
            return False
    return any(PIP_WHEELS.glob("pip-*.whl"))
