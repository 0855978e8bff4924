"""What it was measured on."""

import os
import platform
import re
from pathlib import Path
from typing import Any


def description(connection: Any) -> dict[str, str]:
    """Tell the machine, the versions and the database's settings that matter for speed."""
    settings = ("shared_buffers", "work_mem", "effective_cache_size", "random_page_cost", "max_parallel_workers_per_gather", "fsync", "jit")
    told = ", ".join(f"{name} {connection.execute(f'SHOW {name}').fetchone()[0]}" for name in settings)
    return {
        "Processor": f"{os.cpu_count()} × {_processor()}",
        "Memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB",
        "System": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "PostgreSQL": connection.execute("SHOW server_version").fetchone()[0],
        "Settings": told,
    }


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", file.read_text()) if file.exists() else None
    return found[1] if found else platform.processor() or platform.machine()
