"""Bring database and files to what the code expects, by the product's own commands."""

import sys
from collections.abc import Mapping
from pathlib import Path

from . import processes, static_files, stores
from .environment import ROOT
from .places import Place
from .progress import Refusal, say, tail


def prepare(place: Place, env: Mapping[str, str], *, is_empty: bool, is_developing: bool) -> None:
    """Collect static files, migrate, make the first people, count what is pending."""
    if not is_developing and not static_files.are_current(place):  # with DEBUG they are served from where they lie
        say("Collecting static files")
        _step(place, env, "collectstatic", "--noinput", "--clear")
        static_files.remember(place)
    say("Bringing the database up to date")
    _told(place, env, "prepare", *(["--empty"] if is_empty else []), "--sign-ins", place.sign_ins)


def migrate(place: Place, env: Mapping[str, str]) -> None:
    """Make the tables, for a command that was called before the first start."""
    _step(place, env, "migrate", "--noinput")


def _step(place: Place, env: Mapping[str, str], *arguments: str | Path) -> None:
    """Run a command whose words matter only when it fails."""
    log = place.logs / f"{arguments[0]}.log"
    with log.open("wb") as output:
        code = processes.run(stores.manage(*arguments), env=env, cwd=ROOT, account=place.programs_account, output=output)
    if code != 0:
        raise Refusal(f"`script/manage {arguments[0]}` failed. Read {log}, which ends:{tail(log)}")


def _told(place: Place, env: Mapping[str, str], *arguments: str | Path) -> None:
    """Run a command that tells the person how far it is."""
    told_at_once = {**env, "PYTHONUNBUFFERED": "1"}
    code = processes.run(stores.manage(*arguments), env=told_at_once, cwd=ROOT, account=place.programs_account, output=sys.stderr)
    if code != 0:
        raise Refusal(f"`script/manage {arguments[0]}` failed; what it said stands above.")
