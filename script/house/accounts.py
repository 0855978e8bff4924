"""Which account the services run as when root starts them: one that exists already, never one made here."""

import os
import pwd
import stat
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .progress import Refusal

# `kpiboard` for who has made one; the others own nothing that a program of ours could damage.
UNPRIVILEGED = ("kpiboard", "nobody", "daemon")


@dataclass(frozen=True)
class Account:
    """An account of this machine that a service can be started as."""

    name: str
    uid: int
    gid: int


def for_services() -> Account | None:
    """The account to drop to, or None where we are not root and services simply run as we do."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise Refusal(f"As root the services run as an unprivileged account, and none of {', '.join(UNPRIVILEGED)} exists. Make one.")


def unusable(account: Account, files: Iterable[Path], programs: Iterable[Path] = ()) -> list[Path]:
    """Those files the account cannot read and programs it cannot run, asked of the system itself (ACLs and all)."""
    asked = [*(f"r{file}" for file in files), *(f"x{program}" for program in programs)]
    answer = subprocess.run(
        ["/bin/sh", "-c", 'for p; do f=${p#?}; test -"${p%"$f"}" "$f" || echo "$f"; done', "sh", *asked],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )
    return [Path(line) for line in answer.stdout.splitlines()]


def own(folder: Path, account: Account | None, *, mode: int = 0o700) -> Path:
    """Make a folder that belongs to the services' account alone; its parents stay as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    if account:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(mode)
    return folder


def give(folder: Path, account: Account | None) -> None:
    """Hand over everything below a folder of ours, which root may have written to through script/manage."""
    if account is None:
        return
    # By descriptor, never by path: whoever owns the folder could put a link in the way while we walk.
    for _, folders, files, descriptor in os.fwalk(folder):
        for name in (*folders, *files):
            state = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
            is_plain = stat.S_ISDIR(state.st_mode) or (stat.S_ISREG(state.st_mode) and state.st_nlink == 1)
            if is_plain and state.st_uid != account.uid:
                os.chown(name, account.uid, account.gid, dir_fd=descriptor, follow_symlinks=False)


def name_of(uid: int) -> str:
    """The name of an account, or its number if it has none here."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"account {uid}"
