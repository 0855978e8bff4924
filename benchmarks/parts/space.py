"""How much memory counting took, and how much room the stored sums take on disk."""

from benchmarks.company import FACTS
from benchmarks.results import Result
from benchmarks.running import Run

MEGABYTE = 2**20
STORED = """SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname LIKE 'kpis\\_%'"""


def measure(run: Run) -> list[Result]:
    """Tell the peaks of every process that counted, and bytes per fact."""
    facts, of_facts, of_sums = sizes(run)
    results = [Result(f"Most memory of {what}", peak / MEGABYTE, "MB", 400) for what, peak in run.peaks.items()]
    return [
        *results,
        Result("Facts on disk, a fact", of_facts / facts, "bytes", note=f"{facts:,} facts, {of_facts / MEGABYTE:,.0f} MB"),
        Result("Stored sums on disk, a fact", of_sums / facts, "bytes", note=f"{of_sums / MEGABYTE:,.0f} MB"),
    ]


def sizes(run: Run) -> tuple[int, int, int]:
    """Return how many facts there are, and the bytes of them and of the sums."""
    with run.stage.connect() as connection:
        count = " + ".join(f"(SELECT count(*) FROM {table})" for table in FACTS)
        size = " + ".join(f"pg_total_relation_size('{table}')" for table in FACTS)
        facts, of_facts = connection.execute(f"SELECT {count}, {size}").fetchone()  # type: ignore[misc]
        (of_sums,) = connection.execute(STORED).fetchone()  # type: ignore[misc]
    return facts, int(of_facts), int(of_sums)
