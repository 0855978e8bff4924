"""What the database itself keeps true about deals, whatever path writes them: a form, the API, an import or SQL."""

from typing import Any

import pgtrigger
from django.utils.translation import gettext_lazy as _

from apps.core import references
from apps.core.references import Reference
from apps.core.statements import after, pairs
from apps.opportunities.states import DEAL, DECLARED, NEXT_STATES, VERSION, first_states, settle

CLOSING_DAY = """
    RAISE EXCEPTION 'A deal that is won or lost has its closing day, one in an open stage has none.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'closing_day_follows_stage';
"""


def closing_day_follows_stage() -> list[pgtrigger.Trigger]:
    """Return the triggers that refuse a closing day without its stage, and the other way round; by then the stage is held as it is, see `refer`."""
    wrong = "SELECT FROM new_rows n JOIN opportunities_stage s ON s.id = n.stage_id WHERE (s.kind <> 'open') <> (n.closed_on IS NOT NULL)"
    body = f"IF EXISTS ({wrong}) THEN {CLOSING_DAY} END IF; RETURN NULL;"
    words = _("A deal that is won or lost has a closing day, an open one has none. Correct the stage or the closing day.")
    return [*after("closing_day_follows_stage_at_first", {"insert": body}), *after("closing_day_follows_stage", {"update": body}, words=words)]


def stage_of_deals_stays_open_or_closed() -> list[pgtrigger.Trigger]:
    """Return the trigger that refuses to let a stage end deals, or end none any more, while deals are in it: they would lack a closing day, or have one."""
    others = pairs("n.id", "(n.kind = 'open') <> (o.kind = 'open')")
    body = f"""
        IF EXISTS ({others}) THEN
            PERFORM FROM opportunities_stage WHERE id IN ({others}) ORDER BY id FOR UPDATE;
            IF EXISTS (SELECT FROM ({others}) c CROSS JOIN LATERAL (SELECT FROM {DEAL} WHERE stage_id = c.id LIMIT 1) d) THEN
                RAISE EXCEPTION 'Deals are in a stage that is to become open, or closed.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'stage_of_deals_stays_open_or_closed';
            END IF;
        END IF;
        RETURN NULL;
    """
    words = _(
        "Deals are in this stage: those of a won or lost one have a closing day, those of an open one have none. Add another stage and move them there first."
    )
    return after("stage_of_deals_stays_open_or_closed", {"update": body}, words=words)


# A deal takes its states along when it goes; who owns it or ever did, and which stages it was in, stay.
OF_DEAL = Reference(VERSION, "opportunity_id", DEAL)
TO_REPS = [Reference(table, "owner_id", "reps_rep") for table in (DEAL, VERSION)]
TO_STAGES = [Reference(table, "stage_id", "opportunities_stage") for table in (DEAL, VERSION)]


def refer(table: str) -> list[pgtrigger.Trigger]:
    """Return the triggers of deals, or of states, that keep who owns them and their stages. They come first, by their name: what others read of a stage stays."""
    return references.kept("belong_to_owner_and_stage_{}s", [reference for reference in (*TO_REPS, *TO_STAGES) if reference.table == table])


def one_state_at_a_time() -> list[pgtrigger.Trigger]:
    """Return the triggers that refuse states of a deal that overlap, once per statement.

    An exclusion constraint says the same for each row, with the largest index of all. Whoever writes a deal holds its row; who writes states alone takes it here.
    """
    days = "valid_from, valid_to, opportunity_id"
    moved = pairs("n.*", f"ROW({', '.join(f'o.{day}' for day in days.split(', '))}) IS DISTINCT FROM ROW({', '.join(f'n.{day}' for day in days.split(', '))})")
    return after("one_state_at_a_time_{}s", {"insert": _alone("SELECT * FROM new_rows"), "update": _alone(moved)}, declare=[("held", "bigint")])


def _alone(states: str) -> str:
    return f"""
        IF pg_trigger_depth() = 1 THEN
            PERFORM FROM {DEAL} WHERE id IN (SELECT opportunity_id FROM ({states}) n) ORDER BY id FOR NO KEY UPDATE;
            {OF_DEAL.is_there}
        END IF;
        IF EXISTS (
            SELECT FROM ({states}) n CROSS JOIN LATERAL (SELECT * FROM {VERSION} WHERE opportunity_id = n.opportunity_id OFFSET 0) v
            WHERE v.id <> n.id AND daterange(v.valid_from, v.valid_to) && daterange(n.valid_from, n.valid_to)
        ) THEN
            RAISE EXCEPTION 'A deal is in one state at a time.' USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'deal_is_in_one_state_at_a_time';
        END IF;
        RETURN NULL;
    """


def keep_versions() -> list[pgtrigger.Trigger]:
    """Return the triggers that record the states of all deals that a statement adds, or changes, from the day on which they hold."""
    first = f"{first_states('new_rows')} {settle('new_rows')} RETURN NULL;"
    return [*after("keep_first_versions_of_{}s", {"insert": first}), *after("keep_versions", {"update": NEXT_STATES}, declare=DECLARED)]


class ForgetVersions(pgtrigger.Trigger):
    """A deleted deal takes its states and credits along, also when SQL deletes it."""

    def __init__(self) -> None:
        super().__init__(name="forget_versions", when=pgtrigger.Before, operation=pgtrigger.Delete)

    def get_func(self, model: Any) -> str:
        return f"""
            DELETE FROM {VERSION} WHERE opportunity_id = OLD.id;
            DELETE FROM opportunities_credit WHERE opportunity_id = OLD.id;
            RETURN OLD;
        """


class CreditsAddUp(pgtrigger.Trigger):
    """The shares of a deal add up to 100 %, or there are none; checked when the transaction ends."""

    violation_error_message = _("The shares of a deal add up to 100 percent. Correct them, or delete them all: then the deal is its owner’s alone.")

    def __init__(self) -> None:
        super().__init__(
            name="credits_add_up",
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            timing=pgtrigger.Deferred,
            declare=[("total", "numeric")],
        )

    def get_func(self, model: Any) -> str:
        return f"""
            IF TG_OP <> 'DELETE' THEN
                {_total("NEW")}
            END IF;
            IF TG_OP <> 'INSERT' THEN
                {_total("OLD")}
            END IF;
            RETURN NULL;
        """


def _total(row: str) -> str:
    return f"""
        SELECT sum(share) INTO total FROM opportunities_credit WHERE opportunity_id = {row}.opportunity_id;
        IF total <> 100 THEN
            RAISE EXCEPTION 'The credits of a deal add up to 100 percent, not to %.', total
                USING ERRCODE = 'check_violation', CONSTRAINT = 'credits_add_up';
        END IF;
    """
