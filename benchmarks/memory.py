"""How much memory a process has had at most."""

import re
import resource
import subprocess
import sys
from pathlib import Path


def peak_of(process: int | str) -> int:
    """Return the most bytes a process had in memory; `self` is the caller."""
    status = Path(f"/proc/{process}/status")
    if status.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        return int(found[1]) * 1024 if found else 0
    if process != "self":  # macOS tells only what another process has now
        told = subprocess.run(["ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True).stdout
        return int(told.strip() or 0) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def family(pid: int) -> list[int]:
    """Return a process and all it has started."""
    told = subprocess.run(["ps", "-A", "-o", "pid=", "-o", "ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(child): int(parent) for child, parent in (line.split() for line in told.splitlines())}
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found
