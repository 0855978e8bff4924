"""Folders for Unix sockets, whose path the system cuts at about a hundred bytes."""

import hashlib
import os
import re
import stat
from pathlib import Path

from . import accounts
from .accounts import Account
from .progress import Refusal

MOST_BYTES = 100  # macOS allows 103, Linux 107
LONGEST_NAME = len("/.s.PGSQL.5432.lock")
_PLAIN = re.compile(r"[A-Za-z0-9._/-]+")  # these paths go into addresses, where a space or a % has a meaning
SHORT = Path("/tmp")


def folder(data: Path, name: str, account: Account | None) -> Path:
    """A private folder for one server's socket: in the data folder, or in a short one named after it."""
    wanted = data / "run" / name
    if len(os.fsencode(wanted)) + LONGEST_NAME <= MOST_BYTES and _PLAIN.fullmatch(str(wanted)):
        accounts.own(wanted.parent, None, mode=0o711)
        return accounts.own(wanted, account)
    return accounts.own(_short_folder(data) / name, account)


def _short_folder(data: Path) -> Path:
    short = SHORT / f"kpiboard-{os.geteuid()}-{hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:10]}"
    short.mkdir(mode=0o711, exist_ok=True)
    state = short.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.geteuid():  # anybody may write to /tmp
        raise Refusal(f"{short} exists and is not yours. Remove it, or set KPIBOARD_VAR to a folder with a shorter path.")
    return short
