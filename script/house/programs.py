"""What KPIBoard consists of beside its stores: web, worker and beat."""

import signal
import sys
from collections.abc import Iterator, Mapping

from .environment import ROOT
from .places import Place
from .processes import IS_LINUX
from .supervisor import Program

HOST = "127.0.0.1"


def all_of(place: Place, env: Mapping[str, str], port: int, *, is_developing: bool = False) -> Iterator[Program]:
    """Yield the three programs, ready to start. While developing, web reloads itself when its code changes."""
    celery = (sys.executable, "-m", "celery", "-A", "kpiboard")
    web = (sys.executable, "-m", "gunicorn", "kpiboard.wsgi", "--bind", f"{HOST}:{port}", "--no-control-socket")
    threads = ("--worker-class", "gthread", "--workers", "2", "--threads", "4")
    reload = ("--reload",) if is_developing else ()
    pool = () if IS_LINUX else ("--pool", "threads")  # macOS kills forked children that touch its frameworks
    yield _program("web", (*web, *threads, *reload), place, env)
    # When we are killed its broker goes with us, and a worker that is asked politely would wait for it; tasks bear being cut off.
    yield _program("worker", (*celery, "worker", "--loglevel", "info", "--concurrency", "2", *pool), place, env, signal.SIGKILL)
    yield _program("beat", (*celery, "beat", "--loglevel", "info", "--schedule", str(place.data / "beat" / "schedule")), place, env)


def _program(name: str, argv: tuple[str, ...], place: Place, env: Mapping[str, str], dies_with: signal.Signals = signal.SIGTERM) -> Program:
    return Program(
        name=name,
        argv=argv,
        env={**env, "HOME": str(place.data)} if place.programs_account else env,  # an unprivileged account has no home
        cwd=ROOT,
        log=place.logs / f"{name}.log",
        account=place.programs_account,
        dies_with=dies_with,
    )
