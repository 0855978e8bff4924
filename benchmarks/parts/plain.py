"""What the manager's board would cost without stored sums: its ten questions asked of the facts."""

from benchmarks.results import Result
from benchmarks.running import Run
from benchmarks.stage import TEAM
from script.house.progress import Refusal

TIMES = 3


def measure(run: Run) -> list[Result]:
    """Time the ten queries; refuse to compare where an answer is not the board's."""
    told = run.stage.ask("answers", team=TEAM, times=TIMES).answer
    if told["differences"]:
        raise Refusal("Plain SQL and the board disagree:\n" + "\n".join(told["differences"]))
    seconds = told["seconds"]
    slowest = max(seconds, key=seconds.get)
    return [
        Result("The board’s ten questions in plain SQL", sum(seconds.values()) * 1000, "ms", note=f"slowest: {slowest}, {seconds[slowest] * 1000:.0f} ms"),
        Result("Plain SQL to the manager’s board", sum(seconds.values()) / run.board_seconds, "×", 50, is_least=True),
    ]
