"""script/manage: any management command, against the servers of this checkout."""

import os
import sys
from pathlib import Path

from .. import foreground, places, postgres, preparation, signals, stores, tenancy
from ..places import Place
from ..progress import quiet
from ..supervisor import Supervisor


def main(arguments: list[str]) -> int:
    signals.interrupt_on_stop()
    place = places.lasting(quiet)
    if stores.are_all_given():
        return _beside(place, {}, arguments)
    with tenancy.held(place.data, tenancy.MANAGE) as held:
        if isinstance(held, tenancy.Holder):
            return _beside(place, held.addresses, arguments)
        place.prepare()
        with Supervisor(place.data / "children.json", tell=quiet) as supervisor:
            return _call(place, supervisor, arguments)


def _beside(place: Place, addresses: dict[str, str], arguments: list[str]) -> int:
    """Let the command take our place: its output, signals and exit code are its own. What root wrote is handed over to who runs there afterwards."""
    env = stores.environ(place, addresses)
    if place.programs_account is None:
        os.execve(sys.executable, stores.manage(*arguments), env)
    try:
        return foreground.call(stores.manage(*arguments), env=env, cwd=Path.cwd())
    finally:
        place.hand_over()


def _call(place: Place, supervisor: Supervisor, arguments: list[str]) -> int:
    """Start the servers for this one command, and the tables if there are none yet."""
    env = stores.start(place, supervisor)
    if "postgres" in supervisor.runs and postgres.is_blank(env["DATABASE_URL"]):
        preparation.migrate(place, env)
    return foreground.call(stores.manage(*arguments), env=env, cwd=Path.cwd())
