"""The funnel, deal by deal: its visits to stages in order, the stages it jumped over, and what became of each by a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.opportunities.models import Opportunity, OpportunityVersion, Stage
from apps.reps.scopes import Scope
from tests.oracle.world import World


@dataclass(frozen=True)
class Visit:
    """One deal in one open stage; `days` is None while it stays and where it was only passed."""

    deal: Opportunity
    stage: int
    first: OpportunityVersion
    outcome: str
    days: int | None
    is_skip: bool


def runs(versions: list[OpportunityVersion], on: date) -> list[OpportunityVersion]:
    """The first state of each stretch in one stage, as far as known at the end of a day."""
    known = [version for version in versions if version.valid_from <= on]
    return [version for n, version in enumerate(known) if n == 0 or known[n - 1].stage_id != version.stage_id]


def visits(world: World, on: date) -> Iterator[Visit]:
    ladder = sorted(Stage.objects.filter(kind="open"), key=lambda stage: stage.position)
    for deal in world.deals:
        reached = -1  # how far up the ladder the last open stage is
        before: OpportunityVersion | None = None
        found = runs(world.versions[deal.pk], on)
        for n, run in enumerate(found):
            comes_from_open = before is not None and before.stage.kind == "open"
            if run.stage.kind == "open" or (run.stage.kind == "won" and comes_from_open):
                for stage in ladder:
                    if stage.position > reached and (run.stage.kind == "won" or stage.position < run.stage.position):
                        yield Visit(deal, stage.pk, run, "advanced", None, True)
            if run.stage.kind == "open":
                after = found[n + 1] if n + 1 < len(found) else None
                yield Visit(deal, run.stage_id, run, outcome(run, after), (after.valid_from - run.valid_from).days if after else None, False)
                reached = run.stage.position
            before = run


def outcome(run: OpportunityVersion, after: OpportunityVersion | None) -> str:
    if after is None:
        return "here"
    if after.stage.kind == "lost":
        return "lost"
    if after.stage.kind == "won" or after.stage.position > run.stage.position:
        return "advanced"
    return "moved_back"


def of(world: World, scope: Scope, start: date, end: date, on: date) -> list[tuple[Visit, Decimal]]:
    """The visits of a scope that began in `[start, end)`, each with the scope's share."""
    found = []
    for visit in visits(world, on):
        if start <= visit.first.valid_from < end:
            fact = world.fact(visit.deal, visit.first.valid_from, visit.first.owner_id, None, is_split=True)
            share = world.share(scope, fact, fact.day)
            if share:
                found.append((visit, share))
    return found


def percentile(values: list[int], part: Decimal) -> Decimal | None:
    """Between the two nearest values in order, as far as the part says."""
    if not values:
        return None
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
