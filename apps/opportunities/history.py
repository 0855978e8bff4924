"""Writes the whole past of deals at once, for whoever knows it: a CRM's history, the demo company."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.opportunities import conversion
from apps.opportunities.models import Opportunity, OpportunityVersion, Stage
from apps.opportunities.states import link

PRESENT = ("owner_id", "stage_id", "amount", "probability", "expected_close_on", "currency", "original_amount")
BATCH = 5000


class WrongHistory(ValueError):
    """A history that contradicts itself or the deal as it is; the message says which deal, and how."""


@dataclass(frozen=True)
class State:
    """What a deal was from the end of day `since_on` until the next state; in another currency, its `amount` follows from the original one."""

    since_on: date
    owner_id: int
    stage_id: int
    amount: Decimal | None = None
    probability: Decimal | None = None
    expected_close_on: date | None = None
    currency: str = ""
    original_amount: Decimal | None = None


def replace(histories: Mapping[int, Sequence[State]]) -> int:
    """Replace all past states of some deals, given by the deals' ids, and return how many states there are now.

    The states of a deal are in order, one per day at most. The first begins on the day the deal was created, the last is
    the deal as its row has it now, and a closed deal came to its stage on its closing day. Raises WrongHistory, and then
    writes nothing, when that does not hold.
    """
    with transaction.atomic():
        rows = list(Opportunity.objects.select_for_update().filter(pk__in=histories).order_by("pk"))
        check(rows, histories)
        ids = [row.pk for row in rows]
        OpportunityVersion.objects.filter(opportunity__in=ids).delete()
        versions = [version for pk in ids for version in versions_of(pk, histories[pk])]
        OpportunityVersion.objects.bulk_create(versions, batch_size=BATCH)
        with connection.cursor() as cursor:
            cursor.execute(link("opportunity_id = ANY(%s)"), [ids])
            cursor.execute(conversion.SETTLE, [ids])
    return len(versions)


def versions_of(pk: int, states: Sequence[State]) -> list[OpportunityVersion]:
    """Return the rows of one deal's states, each valid until the next and already linked, so that the database need not."""
    rows: list[OpportunityVersion] = []
    for number, state in enumerate(states, start=1):
        row = OpportunityVersion(opportunity_id=pk, sequence=number, valid_from=state.since_on, stage_since=state.since_on, **present(state))
        if rows:
            before = rows[-1]
            before.valid_to, row.previous_stage_id, row.previous_stage_since = state.since_on, before.stage_id, before.stage_since
            row.stage_since = before.stage_since if before.stage_id == state.stage_id else state.since_on
        rows.append(row)
    return rows


def present(state: State | Opportunity) -> dict[str, object]:
    """Return what was entered of a state."""
    found = {name: getattr(state, name) for name in PRESENT}
    return {**found, "amount": None} if found["currency"] else found


def check(rows: Sequence[Opportunity], histories: Mapping[int, Sequence[State]]) -> None:
    """Raise WrongHistory for the first deal whose states cannot have led to its row."""
    if unknown := set(histories) - {row.pk for row in rows}:
        raise WrongHistory(_("There is no deal with number %(pk)s.") % {"pk": min(unknown)})
    open_stages = set(Stage.objects.filter(kind=Stage.Kind.OPEN).values_list("pk", flat=True))
    for row in rows:
        if problem := fault(row, histories[row.pk], open_stages):
            raise WrongHistory(_("The history of “%(deal)s” (number %(pk)s) is wrong: %(problem)s") % {"deal": row, "pk": row.pk, "problem": problem})


def fault(row: Opportunity, states: Sequence[State], open_stages: set[int]) -> str:
    """Say what is wrong with the states of a deal; nothing is an empty text."""
    if not states:
        return _("it has no state. Give at least the present one.")
    if any(before.since_on >= after.since_on for before, after in pairwise(states)):
        return _("its states are not in order of their days, one per day at most.")
    if row.created_on and states[0].since_on != row.created_on:
        return _("it does not begin on the day the deal was created.")
    if present(states[-1]) != present(row):
        return _("its last state is not what the deal is now.")
    if row.closed_on and came_to_stage(states) != row.closed_on:
        return _("the deal did not come to its stage on its closing day.")
    if not row.created_on and any(state.stage_id in open_stages for state in states):
        return _("the deal has no creation day, so it cannot have been open.")
    return ""


def came_to_stage(states: Sequence[State]) -> date:
    """Return the day from which the last stage holds without a break."""
    since_on = states[-1].since_on
    for state in reversed(states):
        if state.stage_id != states[-1].stage_id:
            break
        since_on = state.since_on
    return since_on
