"""The plans of the slowest statements of a full recount and of the boards, as the database's own log tells them."""

import re
from dataclasses import dataclass

from benchmarks.parts import boards
from benchmarks.results import Result
from benchmarks.running import Run
from benchmarks.stage import Stage

SETTINGS = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "3ms",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_buffers": "on",
    "auto_explain.log_format": "text",
}
SHOWN, LINES = 3, 28
ENTRY = re.compile(r"duration: ([\d.]+) ms  plan:\n((?:\t.*\n?)+)")


@dataclass(frozen=True)
class Plan:
    """One statement as it was run."""

    seconds: float
    text: str


def measure(run: Run) -> list[Result]:
    """Count everything and look at boards once more, explained, and keep the slowest plans for the report."""
    run.notes["Slowest statements of a full recount"] = _told(explained(run.stage, lambda: run.recount(2)))
    run.notes["Slowest statements of boards"] = _told(explained(run.stage, lambda: _look(run.stage)))
    return []


def _look(stage: Stage) -> None:
    stage.serve_again()
    for ask in boards.boards(stage).values():
        ask()


def explained(stage: Stage, work: object) -> list[Plan]:
    """Do some work while the database logs its plans; return the slowest of different statements."""
    log = stage.place.logs / "postgres.log"
    with stage.connect() as connection:
        for name, value in SETTINGS.items():
            connection.execute(f"ALTER DATABASE {stage.database} SET {name} = '{value}'")
    begins_at = log.stat().st_size
    try:
        work()  # type: ignore[operator]
    finally:
        with stage.connect() as connection:
            connection.execute(f"ALTER DATABASE {stage.database} RESET ALL")
    with log.open("rb") as file:
        file.seek(begins_at)
        return slowest(file.read().decode(errors="replace"))


def slowest(text: str) -> list[Plan]:
    """Read plans out of a log, the slowest of each kind of statement first."""
    found: dict[str, Plan] = {}
    for seconds, plan in ENTRY.findall(text):
        lines = [line[1:] for line in plan.splitlines()]
        one = Plan(float(seconds) / 1000, "\n".join(lines))
        kind = re.sub(r"'[^']*'|\d+", "?", lines[0])
        found[kind] = max(found.get(kind, one), one, key=lambda each: each.seconds)
    return sorted(found.values(), key=lambda one: -one.seconds)[:SHOWN]


def _told(plans: list[Plan]) -> str:
    return "\n".join(f"**{plan.seconds * 1000:.0f} ms**\n\n```\n{_short(plan.text)}\n```\n" for plan in plans) or "None took longer than 3 ms.\n"


def _short(text: str) -> str:
    lines = [line[:180] for line in text.splitlines()]
    return "\n".join([*lines[:LINES], f"… {len(lines) - LINES} lines more"] if len(lines) > LINES else lines)
