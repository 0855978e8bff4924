"""How fast boards are, against the floor: a bare page of the same server, asked for in turn with them."""

from collections.abc import Callable

from benchmarks.company.sizes import REGIONS
from benchmarks.results import Result, median, p95
from benchmarks.running import TEAM_BOARD, Run
from benchmarks.stage import VIEWERS, Stage
from benchmarks.visitor import Answer, crowd

FLOOR = "/floor/"
ROUNDS, WARM = 160, 20
VISITS = 15  # of each viewer in a crowd
CROWDS = 2


def measure(run: Run) -> list[Result]:
    """Ask for each page in turn, many times, and then sixteen viewers at once."""
    pages = {"floor": page(run.stage, "viewer", FLOOR), **boards(run.stage), "refresh": refresh(run.stage)}
    if run.smaller:
        pages["smaller"] = page(run.smaller, "manager1", TEAM_BOARD)
    found = in_turn(pages)
    return [*alone(run, found), *at_once(run.stage)]


def boards(stage: Stage) -> dict[str, Callable[[], Answer]]:
    return {
        "manager": page(stage, "manager1", TEAM_BOARD),
        "company": page(stage, "viewer", "/boards/company/"),
        "rep": page(stage, "rep", "/boards/rep/1/"),
    }


def page(stage: Stage, name: str, path: str) -> Callable[[], Answer]:
    visitor = stage.visitor(name)
    return lambda: visitor.get(path)


def refresh(stage: Stage) -> Callable[[], Answer]:
    """The manager's board again, by somebody who has it already and for whom nothing has changed."""
    visitor = stage.visitor("manager1")
    tag = visitor.get(TEAM_BOARD).tag
    return lambda: visitor.get(TEAM_BOARD, tag=tag, expected=304)


def in_turn(pages: dict[str, Callable[[], Answer]]) -> dict[str, list[Answer]]:
    found: dict[str, list[Answer]] = {name: [] for name in pages}
    for _round in range(WARM + ROUNDS):
        for name, ask in pages.items():
            found[name].append(ask())
    return {name: answers[WARM:] for name, answers in found.items()}


def alone(run: Run, found: dict[str, list[Answer]]) -> list[Result]:
    """Compare medians of what the server took."""
    taken = {name: median([answer.server_seconds for answer in answers]) for name, answers in found.items()}
    queries = {name: max(answer.queries for answer in answers) for name, answers in found.items()}
    floor = taken["floor"]
    name = run.stage.size.name
    results = [
        Result("Floor: a bare page, median", floor * 1000, "ms", note=f"{queries['floor']} queries"),
        Result("Manager’s board, median", taken["manager"] * 1000, "ms"),
        Result("Manager’s board to floor", taken["manager"] / floor, "×", 3),
        Result("Manager’s board, queries", queries["manager"], "queries", 8),
        Result("Company’s board to floor", taken["company"] / floor, "×", note=f"{queries['company']} queries"),
        Result("Rep’s board to floor", taken["rep"] / floor, "×", note=f"{queries['rep']} queries"),
        Result("Unchanged refresh to floor", taken["refresh"] / floor, "×", 1, note=f"{queries['refresh']} queries"),
    ]
    if run.smaller:
        limit = 1.15 if name == "M" else None
        results.append(Result(f"Manager’s board at {name} to {run.smaller.size.name}", taken["manager"] / taken["smaller"], "×", limit))
    return results


def at_once(stage: Stage) -> list[Result]:
    """Let sixteen managers look at the floor, and then at their boards, in waves."""
    managers = [(stage.sessions[f"manager{n}"], n) for n in range(1, VIEWERS + 1)]
    floor: list[float] = []
    board: list[float] = []
    for _wave in range(CROWDS):
        floor += crowd(stage.port, [(session, FLOOR) for session, _n in managers], times=VISITS)
        board += crowd(stage.port, [(session, f"/boards/team/{REGIONS + n}/") for session, n in managers], times=VISITS)
    return [
        Result(f"{VIEWERS} viewers at once: floor, 95 %", p95(floor) * 1000, "ms"),
        Result(f"{VIEWERS} viewers at once: board to floor, 95 %", p95(board) / p95(floor), "×", 3),
    ]
