"""Lets counting give way to people on a machine that both share: the database's process that counts stands back whenever another wants to run."""

import os
from pathlib import Path

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

NICE = 10  # of -20 (first) to 19 (last)


def stand_back(connection: BaseDatabaseWrapper) -> bool:
    """Lower the priority of a connection's own process of the database; False where that runs elsewhere, or as somebody who does not let us."""
    if not settings.STANDS_BACK:
        return False
    try:
        pid = connection.connection.info.backend_pid
        if Path(f"/proc/{pid}/comm").read_text().strip() != "postgres" or not _is_ours(pid, connection):
            return False
        if os.getpriority(os.PRIO_PROCESS, pid) < NICE:
            os.setpriority(os.PRIO_PROCESS, pid, NICE)
            _group(pid)
    except OSError:
        return False
    return True


def _group(pid: int) -> None:
    """Do the same for the process's session, where the system shares time between sessions first (see sched(7)); each of the database's processes has one of its own."""
    group = Path(f"/proc/{pid}/autogroup")
    if os.getsid(pid) == pid and group.exists():
        group.write_text(str(NICE))


def _is_ours(pid: int, connection: BaseDatabaseWrapper) -> bool:
    """Whether a process of this machine is the connection's: its title tells the database, which one of another machine's number hardly would."""
    title = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    return str(connection.settings_dict["NAME"]) in title
