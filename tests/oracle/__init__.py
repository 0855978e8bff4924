"""The slow, obvious recount: every measure in plain Python over all rows, sharing nothing with the engine but the tables of facts.

For each measure of the catalogue one function lists what happened (flows), what stands at a day's end (stocks) or what a
window holds; `amount` then adds up what belongs to a scope. A measure without an entry here fails `test_catalogue`.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from apps.reps.scopes import Scope
from tests.oracle import activities, campaigns, customers, deals, leads, quotes, recurring
from tests.oracle.world import DAY, NOTHING, Fact, Flow, Stock, Windowed, World

FAMILIES = (deals, quotes, leads, campaigns, customers, recurring, activities)
FLOWS: dict[str, Flow] = {key: flow for family in FAMILIES for key, flow in getattr(family, "FLOWS", {}).items()}
STOCKS: dict[str, Stock] = {key: stock for family in FAMILIES for key, stock in getattr(family, "STOCKS", {}).items()}
WINDOWS: dict[str, Windowed] = {key: windowed for family in FAMILIES for key, windowed in getattr(family, "WINDOWS", {}).items()}
MEASURES = {*FLOWS, *STOCKS, *WINDOWS}


def facts(world: World, measure: str, start: date, end: date, on: date) -> list[Fact]:
    """List what a measure is made of in `[start, end)`, as of the end of day `on`; once for every scope that is asked for."""
    asked = (measure, start, end, on)
    if asked not in world.listed:
        world.listed[asked] = list(found(world, *asked))
    return world.listed[asked]


def found(world: World, measure: str, start: date, end: date, on: date) -> Iterator[Fact]:
    if measure in STOCKS:
        yield from STOCKS[measure](world, min(end, on + DAY) - DAY)
    elif measure in WINDOWS:
        yield from WINDOWS[measure](world, start, end, on)
    else:
        yield from (fact for fact in FLOWS[measure](world) if start <= fact.day < min(end, on + DAY))


def amount(world: World, measure: str, scope: Scope, start: date, end: date, on: date) -> Decimal:
    """Add up a measure for a scope."""
    return sum((fact.amount * world.share(scope, fact, fact.day) for fact in facts(world, measure, start, end, on) if fact.amount is not None), NOTHING)


def unknown(world: World, measure: str, scope: Scope, start: date, end: date, on: date) -> int:
    """Count what is a scope's, but cannot be told."""
    return sum(1 for fact in facts(world, measure, start, end, on) if fact.amount is None and world.share(scope, fact, fact.day))
