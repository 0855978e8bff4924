"""How long everything takes to count from nothing, against one look at every row; with one worker and two; and boards meanwhile."""

import time
from statistics import median

from benchmarks.company import FACTS
from benchmarks.results import Result
from benchmarks.running import TEAM_BOARD, Run
from benchmarks.stage import Stage

SUMMED = {
    "opportunities_opportunity": "amount",
    "opportunities_opportunityversion": "amount",
    "opportunities_credit": "share",
    "customers_order": "amount",
    "campaigns_expense": "amount",
}
PAUSE = 0.2  # between two looks at a board


def measure(run: Run) -> list[Result]:
    """Count with one worker, with two, and with two while somebody looks at a board again and again."""
    one, two = run.recounted_by_one, run.recounted_by_two
    scanned, still = scan(run.stage), run.board_seconds
    manager = run.stage.visitor("manager1")
    looks: list[float] = []

    def look() -> None:
        looks.append(manager.get(TEAM_BOARD).server_seconds)
        time.sleep(PAUSE)

    watched = run.recount(2, meanwhile=look)
    shown = max(len(told.answer) for told in two.workers)
    is_whole = run.stage.size.name != "S"
    return [
        Result("One parallel scan with count and sum", scanned, "s"),
        Result("Full recount by two workers", two.seconds, "s", note=f"{two.units} units, progress shown {shown} times"),
        Result("Full recount by two workers to one scan", two.seconds / scanned, "×", 40 if is_whole else None),
        Result("One worker to two", one.seconds / two.seconds, "×", 1.6, is_least=True, note=f"one: {one.seconds:.1f} s"),
        Result("Board during a recount to board alone, median", median(looks) / still, "×", 1.5, note=f"{len(looks)} looks in {watched.seconds:.1f} s"),
    ]


def scan(stage: Stage) -> float:
    """Return the median time of counting and summing every table of facts once."""
    with stage.connect() as connection:
        connection.execute("SET max_parallel_workers_per_gather = 2")
        taken = []
        for _time in range(3):
            started = time.perf_counter()
            for table in FACTS:
                connection.execute(f"SELECT count(*), sum({SUMMED.get(table, 'id')}) FROM {table}").fetchone()
            taken.append(time.perf_counter() - started)
    return median(taken)
