"""`script/server --check`: see that what was started works, as the person who will use it would see it."""

import socket
import subprocess
import sys
from collections.abc import Mapping

from . import board_check
from .board_check import Sight
from .environment import ROOT
from .progress import Refusal
from .sign_ins import SignIn
from .supervisor import Supervisor

MOST_QUESTIONS = 10


def everything(supervisor: Supervisor, env: Mapping[str, str], url: str, people: list[SignIn]) -> str:
    """Return what to print when all is well. Raise Refusal naming the first thing that is not."""
    sight = board_check.look(url, manager_among(people))
    _worker_answers(env)
    for name in supervisor.runs:
        if not supervisor.is_running(name):
            raise Refusal(f"{name} has ended. Read {supervisor.runs[name].program.log}")
    return told(sight, list(supervisor.runs))


def manager_among(people: list[SignIn]) -> SignIn:
    for person in people:
        if person.role == "manager":
            return person
    raise Refusal(
        "--check signs in as the demo company's manager, and this database has other people. Set KPIBOARD_VAR to a new folder to check with a demo company."
    )


def _worker_answers(env: Mapping[str, str]) -> None:
    """Ask this machine's worker by name: a question to all waits for its whole timeout, and one too early is lost."""
    ask = [sys.executable, "-m", "celery", "-A", "kpiboard", "inspect", "ping", "--timeout", "2", "--destination", f"celery@{socket.gethostname()}"]
    for _ in range(MOST_QUESTIONS):
        answer = subprocess.run(ask, env=dict(env), cwd=ROOT, capture_output=True, text=True)
        if answer.returncode == 0:
            return
    raise Refusal(f"The worker does not answer: {answer.stdout}{answer.stderr}")


def told(sight: Sight, running: list[str]) -> str:
    figures = "".join(f"  {kpi} {value}\n" for kpi, value in sight.figures.items())
    return f"OK\n{sight.title}\n{sight.url}\n{figures}running: {', '.join(running)}; the worker answers\n"
