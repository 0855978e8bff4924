"""How fast a file of deals comes in, against a bare COPY of its rows, and that memory does not grow with the file."""

from benchmarks.results import Result
from benchmarks.running import Run

ROWS, LARGER = 100_000, 3
LEAST = 10_000  # rows a second
GROWS = 1.15


def measure(run: Run) -> list[Result]:
    """Look ahead at 100,000 deals, import as many, and then three times as many."""
    looked = run.stage.ask("look_ahead", rows=ROWS, prefix="L-")
    told, larger = (run.stage.ask("import_file", rows=ROWS * times, prefix=f"I{times}-") for times in (1, LARGER))
    seconds, bare = told.answer["seconds"], told.answer["bare"]
    run.remember("an import", told.peak, larger.peak)
    return [
        Result(
            f"Preview of {ROWS:,} deals by file",
            ROWS / looked.answer["seconds"],
            "rows/s",
            note=f"{looked.answer['seconds']:.1f} s, {looked.peak / 2**20:.0f} MB",
        ),
        Result(f"Import of {ROWS:,} deals by file", ROWS / seconds, "rows/s", LEAST, is_least=True, note=f"{seconds:.1f} s"),
        Result("Import to a bare COPY into a table with the same indexes", seconds / bare, "×", note=f"COPY: {bare:.2f} s"),
        Result(f"Memory of an import {LARGER} times as large", larger.peak / told.peak, "×", GROWS, note=f"{told.peak / 2**20:.0f} MB"),
    ]
