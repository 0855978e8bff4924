"""The pipeline between two days, walked day by day for each deal."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.opportunities.models import Opportunity, OpportunityVersion
from apps.reps.scopes import Scope
from tests.oracle.world import DAY, NOTHING, World


@dataclass(frozen=True)
class Look:
    """A deal at the end of a day: its state, the scope's share, and whether it stands in the scope's pipeline."""

    state: OpportunityVersion | None
    share: Decimal
    is_in: bool

    @property
    def amount(self) -> Decimal | None:
        return self.state.amount if self.state else None

    @property
    def kind(self) -> str:
        return self.state.stage.kind if self.state else ""


def look(world: World, deal: Opportunity, scope: Scope, due: tuple[date, date] | None, day: date) -> Look:
    state = world.state(deal, day)
    if state is None:
        return Look(None, NOTHING, False)
    share = world.share(scope, world.fact(deal, day, state.owner_id, None, is_split=True), day)
    is_due = due is None or (state.expected_close_on is not None and due[0] <= state.expected_close_on < due[1])
    return Look(state, share, state.stage.kind == "open" and is_due and share > 0)


def bars(world: World, scope: Scope, due: tuple[date, date] | None, first: date, last: date) -> dict[str, Decimal]:
    """Add up the parts of every deal."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for deal in world.deals:
        looks = [look(world, deal, scope, due, first + DAY * n) for n in range((last - first).days + 1)]
        for bar, part in parts(looks):
            found[bar] += part or 0
    return found


def parts(looks: list[Look]) -> list[tuple[str, Decimal | None]]:
    """What one deal adds to each bar; None where its amount is unknown."""
    inside = [n for n, one in enumerate(looks) if one.is_in]
    if not inside:
        return []
    start, end, found = looks[0], looks[-1], []
    goal = looks[inside[-1]]  # the deal as it counts in the end
    leaves = "" if end.is_in else leaving(looks[inside[-1] + 1])
    if leaves == "won" and looks[inside[-1] + 1].amount is not None:
        goal = looks[inside[-1] + 1]
    elif leaves and start.is_in:
        goal = start
    if start.is_in:
        found.append(("start", worth(start, start.share)))
        if start.amount is not None:
            change = (goal.share - start.share) * start.amount
            found.append(("handed_in" if change > 0 else "handed_out", change))
        if start.amount is None:
            found.append(("known", worth(goal, goal.share)))
        elif goal.amount is None:
            found.append(("unknown", -goal.share * start.amount))
        else:
            change = goal.share * (goal.amount - start.amount)
            found.append(("amount_up" if change > 0 else "amount_down", change))
    else:
        found.append((arriving(looks, inside[0]), worth(goal, goal.share)))
    if leaves:
        value = worth(goal, goal.share)
        found.append((leaves, None if value is None else -value))
    else:
        found.append(("end", worth(end, end.share)))
    return found


def worth(one: Look, share: Decimal) -> Decimal | None:
    return None if one.amount is None else one.amount * share


def arriving(looks: list[Look], came: int) -> str:
    before = looks[came - 1]
    if before.state is None:
        return "new"
    if before.share == 0:
        return "handed_in"
    if before.kind != "open":
        return "reopened"
    if looks[0].state is None:
        return "new"
    return "known" if before.state.expected_close_on is None else "pulled_in"


def leaving(after: Look) -> str:
    if after.share == 0:
        return "handed_out"
    if after.kind != "open":
        return after.kind
    assert after.state
    return "unknown" if after.state.expected_close_on is None else "pushed_out"
