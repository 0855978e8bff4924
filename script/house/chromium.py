"""Find a Chromium for the browser tests, or install one where that takes no more than apt-get as root."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from .progress import say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPLICATIONS = ("Google Chrome.app/Contents/MacOS/Google Chrome", "Chromium.app/Contents/MacOS/Chromium")
SECONDS_TO_ANSWER = 20


def ensure() -> str:
    """The path of a Chromium that runs, installing one if need be; empty where there is none."""
    return find() or (find() if install() else "")


def find() -> str:
    named = os.environ.get("KPIBOARD_CHROMIUM", "")
    on_path = [shutil.which(name) or "" for name in NAMES]
    folders = [Path("/Applications"), Path.home() / "Applications"]
    applications = [str(folder / name) for folder in folders for name in MAC_APPLICATIONS]
    return next((path for path in (named, *on_path, *applications) if path and runs(path)), "")


def runs(path: str) -> bool:
    """Ask it for its version: some systems put a shop window in its place."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=SECONDS_TO_ANSWER).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install(tell: Callable[[str], None] = say) -> bool:
    """Install Debian's Chromium. Return whether it could be tried and succeeded."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    tell("No Chromium for the browser tests: installing it with apt-get (once; some minutes)")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = (["update", "-q"], ["install", "-qy", "--no-install-recommends", "chromium"])
    for arguments in steps:
        if subprocess.run(["apt-get", *arguments], env=env, stdout=sys.stderr, stdin=subprocess.DEVNULL).returncode != 0:
            tell(f"apt-get {arguments[0]} failed; going on without Chromium")
            return False
    return True
