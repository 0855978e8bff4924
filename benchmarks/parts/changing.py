"""What a change costs: ten thousand at once, near and far, and one deal, from the write to the board."""

import re
import time
from random import Random

from benchmarks import changes, memory
from benchmarks.results import Result, median, p95
from benchmarks.running import TEAM_BOARD, Run
from benchmarks.stage import TEAM, Stage
from benchmarks.visitor import Visitor
from script.house.progress import Refusal

TIMES = 20
PATIENCE = 60.0
POLL = 0.05
HERO = re.compile(rb'hero-number.*?<data data-kpi="revenue" value="([^"]+)"', re.DOTALL)


def measure(run: Run) -> list[Result]:
    return [*many(run), *one(run), *visible(run)]


def many(run: Run) -> list[Result]:
    """Change ten thousand facts, of two weeks and of all months, and let two workers count them, as they count everything."""
    whole, results = run.recounted_by_two.seconds, []
    limits = (3, 25) if run.stage.size.name != "S" else (None, None)
    for name, write, limit in (("of two weeks", changes.recent, limits[0]), ("of all 36 months", changes.spread, limits[1])):
        workers = [run.stage.begin("drain") for _worker in range(2)]
        for worker in workers:
            worker.wait_until_ready()
        with run.stage.connect() as connection, connection.transaction():
            rows = write(connection)
        told = [worker.told() for worker in workers]
        run.remember("a worker that counts 10,000 changes", *(one.peak for one in told))
        cells, seconds = sum(one.answer[0] for one in told), max(one.answer[1] for one in told)
        note = f"{rows:,} facts, {cells:,} cells, {seconds:.2f} s"
        results.append(Result(f"Changed facts {name}, share of a full recount", seconds / whole * 100, "%", limit, note=note))
    return results


def one(run: Run) -> list[Result]:
    """Count one changed deal, here and in the smaller company."""
    taken = median(run.stage.ask("one_deal", times=TIMES, team=TEAM).answer)
    results = [Result("One changed deal: counting it, median", taken * 1000, "ms")]
    if run.smaller:
        less = median(run.smaller.ask("one_deal", times=TIMES, team=TEAM).answer)
        name = run.stage.size.name
        results.append(Result(f"One changed deal at {name} to {run.smaller.size.name}", taken / less, "×", 1.5 if name == "L" else None))
    return results


def visible(run: Run) -> list[Result]:
    """Change one deal after another, with worker and beat running, and wait until the manager's board shows it."""
    stage, manager, chance = run.stage, run.stage.visitor("manager1"), Random(7)
    with stage.counting() as pids, stage.connect() as connection:
        deals = [pk for (pk,) in connection.execute(changes.OF_QUARTER, {"team": TEAM})]
        taken = [_seen(stage, manager, connection, pk, chance) for pk in chance.choices(deals, k=TIMES + 1)][1:]  # the first waits for the programs to start
        for pid in pids:
            run.remember("a process of worker or beat", *(memory.peak_of(child) for child in memory.family(pid)))
    return [Result("One changed deal: from the write to the board, 95 %", p95(taken), "s", 5, note=f"median {median(taken):.1f} s of {len(taken)}")]


def _seen(stage: Stage, manager: Visitor, connection: object, pk: int, chance: Random) -> float:
    """Change one deal and return the seconds until the board's revenue is another."""
    before = _revenue(manager)
    time.sleep(chance.random() * 2)  # beat comes every two seconds: meet it anywhere between
    started = time.monotonic()
    connection.execute(*changes.one(pk))  # type: ignore[attr-defined]
    while time.monotonic() < started + PATIENCE:
        if _revenue(manager) == before + 1000:
            return time.monotonic() - started
        time.sleep(POLL)
    raise Refusal(f"Deal {pk} was changed and the board did not show it within {PATIENCE:.0f} s.")


def _revenue(manager: Visitor) -> float:
    found = HERO.search(manager.get(TEAM_BOARD).body)
    if not found:
        raise Refusal("The board shows no revenue.")
    return float(found[1])
