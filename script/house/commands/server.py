"""script/server: from a fresh checkout to a running KPIBoard, in one command."""

import argparse
import signal
import sys
import time
from contextlib import suppress

from .. import board_check, check, places, ports, preparation, programs, sign_ins, signals, stores, tenancy
from ..changes import Changes
from ..environment import ROOT
from ..places import Place
from ..progress import Refusal, say, tail
from ..supervisor import MOST_FAILURES, Supervisor

SECONDS_TO_ANSWER = 60.0
SECONDS_BETWEEN_LOOKS = 0.5


def main(arguments: list[str]) -> int:
    options = _parse(arguments)
    signals.interrupt_on_stop()
    place = places.lasting()
    with tenancy.held(place.data, tenancy.SERVER) as held:
        if isinstance(held, tenancy.Holder):
            raise Refusal(_already_running(held))
        place.prepare()
        port = ports.choose(options.port)
        # Who is writing code breaks it now and then; the next change starts everything again.
        most_failures = sys.maxsize if options.dev else MOST_FAILURES
        with Supervisor(place.data / "children.json", most_failures) as supervisor:
            return _serve(place, supervisor, held, port=port, options=options)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/server", description="Start KPIBoard on this machine. Ctrl-C stops it.")
    parser.add_argument("--port", type=int, help="the port to listen on (default: the first free one from 8000)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--empty", action="store_true", help="begin with an empty company and one admin, without the demo company")
    what.add_argument("--check", action="store_true", help="start, look at a manager's board, say what is there, stop")
    parser.add_argument("--dev", action="store_true", help="reload on change and show the debug toolbar")
    options = parser.parse_args(arguments)
    if options.port is not None and not 0 < options.port < 65536:
        parser.error("--port takes a number from 1 to 65535")
    return options


def _already_running(holder: tenancy.Holder) -> str:
    where = holder.url or "it is still starting"
    return (
        f"KPIBoard is already running here: {where} (process {holder.pid}). "
        "Stop it with Ctrl-C where it runs, or set KPIBOARD_VAR to another folder to run a second one."
    )


def _serve(place: Place, supervisor: Supervisor, held: tenancy.Tenancy, *, port: int, options: argparse.Namespace) -> int:
    """Start everything in order; then serve until interrupted, or only look and come back."""
    url = f"http://{programs.HOST}:{port}/"
    held.announce(url=url)
    env = stores.start(place, supervisor) | _manner(options.dev)
    preparation.prepare(place, env, is_empty=options.empty, is_developing=options.dev)
    for program in programs.all_of(place, env, port, is_developing=options.dev):
        supervisor.start(program)
    _wait_for_web(supervisor, url)
    held.announce(url=url, addresses={name: env[name] for name in ("DATABASE_URL", "REDIS_URL")})
    people = sign_ins.read(place.sign_ins)
    if options.check:
        sys.stdout.write(check.everything(supervisor, env, url, people))
        return 0
    sys.stdout.write(sign_ins.block(url, people, data=place.data))
    sys.stdout.flush()
    _keep(supervisor, is_developing=options.dev)
    return 0


def _manner(is_developing: bool) -> dict[str, str]:
    return {"DEBUG": "1", "DEBUG_TOOLBAR": "1"} if is_developing else {"DEBUG": "0"}


def _wait_for_web(supervisor: Supervisor, url: str) -> None:
    def is_alive() -> bool:
        return supervisor.is_running("web")

    if not board_check.wait_until_ready(url, patience=SECONDS_TO_ANSWER, is_alive=is_alive):
        log = supervisor.runs["web"].program.log
        raise Refusal(f"The web server did not become ready. Read {log}, which ends:{tail(log)}")


def _keep(supervisor: Supervisor, *, is_developing: bool) -> None:
    """Keep everything running until somebody asks to stop, which now is the expected end."""
    changes = Changes([ROOT / "apps", ROOT / "kpiboard", ROOT / "templates"]) if is_developing else None
    with suppress(KeyboardInterrupt):
        while True:
            supervisor.look()
            if changes and (changed := changes.since_last()):
                _take_over(supervisor, changed)
            time.sleep(SECONDS_BETWEEN_LOOKS)
    say("Stopping")


def _take_over(supervisor: Supervisor, changed: set[str]) -> None:
    """Let the programs see changed code: web reloads changed Python by itself, but keeps templates it has read."""
    say(f"Changed: {', '.join(sorted(changed))} files")
    if changed - {".py"}:
        supervisor.signal("web", signal.SIGHUP)
    if ".py" in changed:
        for name in ("worker", "beat"):
            supervisor.renew(name)
