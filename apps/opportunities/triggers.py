"""What the database itself keeps true about deals, whatever path writes them: a form, the API, an import or SQL."""

from typing import Any

import pgtrigger
from django.utils.translation import gettext_lazy as _

from apps.core.statements import after
from apps.opportunities.states import DECLARED, NEXT_STATES, VERSION, first_states, settle


class ClosingDayFollowsStage(pgtrigger.Trigger):
    """A deal in a won or lost stage has a closing day, one in an open stage has none."""

    violation_error_message = _("A deal that is won or lost has a closing day, an open one has none. Correct the stage or the closing day.")

    def __init__(self) -> None:
        super().__init__(
            name="closing_day_follows_stage",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            declare=[("ends", "boolean")],
        )

    def get_func(self, model: Any) -> str:
        return """
            SELECT kind <> 'open' INTO ends FROM opportunities_stage WHERE id = NEW.stage_id;
            IF ends AND NEW.closed_on IS NULL THEN
                RAISE EXCEPTION 'A deal that is won or lost needs its closing day.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'closing_day_follows_stage';
            ELSIF NOT ends AND NEW.closed_on IS NOT NULL THEN
                RAISE EXCEPTION 'A deal in an open stage has no closing day.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'closing_day_follows_stage';
            END IF;
            RETURN NEW;
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
