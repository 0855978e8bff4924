"""What the database itself keeps true about deals, whatever path writes them: a form, the API, an import or SQL.

The history of a deal is a row of states `[valid_from, valid_to)`. Each write says from which day its state holds:
the closing day when it closes the deal, else `effective_on`, else the organisation's today.
"""

from typing import Any

import pgtrigger
from django.utils.translation import gettext_lazy as _

from apps.core.statements import after
from apps.opportunities.conversion import is_unsettled

# The organisation's day; tests and imports may set it with SET kpiboard.today.
TODAY = """coalesce(
    nullif(current_setting('kpiboard.today', true), '')::date,
    (now() AT TIME ZONE coalesce((SELECT time_zone FROM core_organisation LIMIT 1), 'UTC'))::date
)"""

STATE = "owner_id, stage_id, amount, probability, expected_close_on, currency, original_amount"

VERSION = "opportunities_opportunityversion"


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


class KeepVersions(pgtrigger.Trigger):
    """Record every state of a changed deal from the day on which it holds; the first ones are `keep_first_versions`."""

    def __init__(self) -> None:
        super().__init__(
            name="keep_versions",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            declare=[
                ("day", "date"),
                ("ends", "boolean"),
                ("ended", "boolean"),
                ("opening", "bigint"),
                ("closer", "bigint"),
                ("handed_on", "date"),
            ],
        )

    def get_func(self, model: Any) -> str:
        return f"""
            SELECT kind <> 'open' INTO ends FROM opportunities_stage WHERE id = NEW.stage_id;
            IF ({_entered("OLD")}, OLD.created_on, OLD.closed_on) IS NOT DISTINCT FROM ({_entered("NEW")}, NEW.created_on, NEW.closed_on) THEN
                {SETTLE}
                RETURN NULL;
            END IF;
            SELECT kind <> 'open' INTO ended FROM opportunities_stage WHERE id = OLD.stage_id;
            IF OLD.created_on IS NULL AND NOT (ended AND ends) THEN
                {FIRST_STATES}
            ELSE
                {MOVE_CREATION}
                {NEXT_STATE}
            END IF;
            {LINK}
            {SETTLE}
            RETURN NULL;
        """


def keep_first_versions() -> list[pgtrigger.Trigger]:
    """Return the trigger that records the first states of all deals that a statement adds, linked already."""
    return after("keep_first_versions_of_{}s", {"insert": f"{FIRST_STATES_OF_ALL} {SETTLE_ALL} RETURN NULL;"})


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


def _state(row: str) -> str:
    return ", ".join(f"{row}.{column.strip()}" for column in STATE.split(","))


def _entered(row: str) -> str:
    """What makes a state another one: what was entered, not what another rate makes of it."""
    return _state(row).replace(f"{row}.amount", f"CASE WHEN {row}.currency = '' THEN {row}.amount END")


# Forget from which day the change counts, and value the deal on the day of its last state, which is known now.
SETTLE = f"""
    UPDATE opportunities_opportunity SET effective_on = NULL WHERE id = NEW.id AND effective_on IS NOT NULL;
    IF NEW.currency <> '' THEN
        UPDATE opportunities_opportunity o SET currency = o.currency WHERE o.id = NEW.id AND {is_unsettled("o")};
    END IF;
"""

# A deal written for the first time: in its first open stage from its creation, in its present one from the day that holds.
FIRST_STATES = f"""
    DELETE FROM {VERSION} WHERE opportunity_id = NEW.id;
    day := CASE WHEN ends THEN NEW.closed_on ELSE greatest(NEW.effective_on, NEW.created_on) END;
    IF NEW.created_on IS NOT NULL AND (ends OR day > NEW.created_on) THEN
        SELECT id INTO opening FROM opportunities_stage WHERE kind = 'open' ORDER BY position LIMIT 1;
        IF opening IS NOT NULL THEN
            INSERT INTO {VERSION} (opportunity_id, sequence, valid_from, valid_to, {STATE})
            VALUES (NEW.id, 0, NEW.created_on, day, NEW.owner_id, opening, NEW.amount, NULL, NEW.expected_close_on, NEW.currency, NEW.original_amount);
        END IF;
    END IF;
    IF NEW.created_on IS NOT NULL OR ends THEN
        INSERT INTO {VERSION} (opportunity_id, sequence, valid_from, {STATE}) VALUES (NEW.id, 1, day, {_state("NEW")});
    END IF;
"""

# The same for every deal of `new_rows`, none of which has a state yet: each is written once, with what `link` would say of it.
FIRST_STATES_OF_ALL = f"""
    WITH opening AS (SELECT id FROM opportunities_stage WHERE kind = 'open' ORDER BY position LIMIT 1), dated AS (
        SELECT n.*, s.kind <> 'open' AS ends, CASE WHEN s.kind <> 'open' THEN n.closed_on ELSE greatest(n.effective_on, n.created_on) END AS day
        FROM new_rows n JOIN opportunities_stage s ON s.id = n.stage_id
    ), begun AS (
        SELECT d.*, o.id AS opening FROM dated d LEFT JOIN opening o ON d.created_on IS NOT NULL AND (d.ends OR d.day > d.created_on)
    )
    INSERT INTO {VERSION} (opportunity_id, sequence, valid_from, valid_to, {STATE}, stage_since, previous_stage_id, previous_stage_since)
    SELECT n.id, v.* FROM begun n CROSS JOIN LATERAL (
        SELECT 1, n.created_on, n.day, n.owner_id, n.opening, n.amount, NULL::numeric, n.expected_close_on, n.currency, n.original_amount,
            n.created_on, NULL::bigint, NULL::date
        WHERE n.opening IS NOT NULL
        UNION ALL
        SELECT CASE WHEN n.opening IS NULL THEN 1 ELSE 2 END, n.day, NULL, {", ".join(f"n.{column}" for column in STATE.split(", "))},
            CASE WHEN n.opening = n.stage_id THEN n.created_on ELSE n.day END, n.opening, CASE WHEN n.opening IS NOT NULL THEN n.created_on END
        WHERE n.created_on IS NOT NULL OR n.ends
    ) v ORDER BY n.id;
"""
SETTLE_ALL = f"""
    UPDATE opportunities_opportunity o SET effective_on = NULL FROM new_rows n WHERE o.id = n.id AND n.effective_on IS NOT NULL;
    IF EXISTS (SELECT FROM new_rows WHERE currency <> '') THEN
        UPDATE opportunities_opportunity o SET currency = o.currency WHERE o.id IN (SELECT id FROM new_rows WHERE currency <> '') AND {is_unsettled("o")};
    END IF;
"""

# A closed deal keeps who closed it when its creation becomes known or forgotten.
MOVE_CREATION = f"""
    IF NEW.created_on IS NULL THEN
        DELETE FROM {VERSION} USING opportunities_stage s
            WHERE opportunity_id = NEW.id AND s.id = stage_id AND s.kind = 'open';
    ELSIF OLD.created_on IS NULL THEN
        SELECT id INTO opening FROM opportunities_stage WHERE kind = 'open' ORDER BY position LIMIT 1;
        IF opening IS NOT NULL THEN
            INSERT INTO {VERSION} (opportunity_id, sequence, valid_from, valid_to, {STATE})
            SELECT opportunity_id, 0, NEW.created_on, greatest(valid_from, NEW.created_on), owner_id, opening, amount, NULL, expected_close_on,
                currency, original_amount
            FROM {VERSION} WHERE opportunity_id = NEW.id ORDER BY sequence LIMIT 1;
        END IF;
    ELSIF NEW.created_on <> OLD.created_on THEN
        DELETE FROM {VERSION} WHERE opportunity_id = NEW.id AND valid_to < NEW.created_on;
        UPDATE {VERSION} SET valid_from = NEW.created_on WHERE id = (
            SELECT id FROM {VERSION} WHERE opportunity_id = NEW.id ORDER BY sequence LIMIT 1);
        UPDATE {VERSION} SET valid_from = NEW.created_on WHERE opportunity_id = NEW.id AND valid_from < NEW.created_on;
    END IF;
"""

# A deal closed by one rep and later handed to another stays the first one's when only its closing is corrected.
WHO_CLOSED = f"""
    IF NEW.owner_id = OLD.owner_id THEN
        SELECT v.owner_id INTO closer FROM {VERSION} v
            WHERE v.opportunity_id = NEW.id AND v.valid_from = OLD.closed_on ORDER BY sequence DESC LIMIT 1;
        SELECT max(v.valid_from) INTO handed_on FROM {VERSION} v WHERE v.opportunity_id = NEW.id AND v.owner_id = NEW.owner_id;
        closer := coalesce(closer, NEW.owner_id);
    END IF;
"""

# What the last states become when a deal changes: closed on another day, owned by another, reopened, or simply moved on.
NEXT_STATE = f"""
    IF ends AND (NOT ended OR NEW.closed_on <> OLD.closed_on OR NEW.stage_id <> OLD.stage_id) THEN
        closer := NEW.owner_id;
        IF ended THEN
            {WHO_CLOSED}
            DELETE FROM {VERSION} v WHERE opportunity_id = NEW.id AND sequence > coalesce((
                SELECT max(o.sequence) FROM {VERSION} o JOIN opportunities_stage s ON s.id = o.stage_id
                WHERE o.opportunity_id = NEW.id AND s.kind = 'open'), -1);
            UPDATE {VERSION} SET valid_to = NULL WHERE id = (
                SELECT id FROM {VERSION} WHERE opportunity_id = NEW.id ORDER BY sequence DESC LIMIT 1);
        END IF;
        day := NEW.closed_on;
    ELSIF ends THEN
        UPDATE {VERSION} SET amount = NEW.amount, currency = NEW.currency, original_amount = NEW.original_amount,
                probability = NEW.probability, expected_close_on = NEW.expected_close_on
            WHERE opportunity_id = NEW.id AND valid_from >= NEW.closed_on AND stage_id = NEW.stage_id;
        closer := NEW.owner_id;
        day := CASE WHEN NEW.owner_id <> OLD.owner_id THEN greatest(coalesce(NEW.effective_on, {TODAY}), NEW.closed_on) END;
    ELSE
        day := CASE WHEN ({_entered("OLD")}, OLD.closed_on) IS DISTINCT FROM ({_entered("NEW")}, NEW.closed_on)
            THEN greatest(coalesce(NEW.effective_on, {TODAY}), NEW.created_on) END;
    END IF;
    IF day IS NOT NULL AND (ends OR NEW.created_on IS NOT NULL) THEN
        DELETE FROM {VERSION} WHERE opportunity_id = NEW.id AND valid_from > day;
        UPDATE {VERSION} SET valid_to = day WHERE opportunity_id = NEW.id AND (valid_to IS NULL OR valid_to > day);
        INSERT INTO {VERSION} (opportunity_id, sequence, valid_from, {STATE})
            SELECT NEW.id, coalesce(max(sequence), 0) + 1, day, {_state("NEW")} FROM {VERSION} WHERE opportunity_id = NEW.id;
        IF ends AND closer <> NEW.owner_id THEN
            handed_on := greatest(handed_on, day);
            UPDATE {VERSION} SET owner_id = closer, valid_to = handed_on WHERE opportunity_id = NEW.id AND valid_to IS NULL;
            INSERT INTO {VERSION} (opportunity_id, sequence, valid_from, {STATE})
                SELECT NEW.id, max(sequence) + 1, handed_on, {_state("NEW")} FROM {VERSION} WHERE opportunity_id = NEW.id;
        END IF;
    END IF;
"""


def link(deals: str) -> str:
    """Return the SQL that numbers the states of some deals and links each to the one before."""
    return f"""
        WITH marked AS (
            SELECT id, opportunity_id, valid_from, stage_id,
                row_number() OVER w AS number,
                stage_id IS DISTINCT FROM lag(stage_id) OVER w AS enters
            FROM {VERSION} WHERE {deals}
            WINDOW w AS (PARTITION BY opportunity_id ORDER BY valid_from, sequence)
        ), runs AS (
            SELECT *, sum(enters::int) OVER (PARTITION BY opportunity_id ORDER BY number) AS run FROM marked
        ), since AS (
            SELECT *, min(valid_from) OVER (PARTITION BY opportunity_id, run) AS stage_since FROM runs
        ), linked AS (
            SELECT *, lag(stage_id) OVER w AS previous_stage_id, lag(stage_since) OVER w AS previous_stage_since
            FROM since WINDOW w AS (PARTITION BY opportunity_id ORDER BY number)
        )
        UPDATE {VERSION} v SET sequence = l.number, stage_since = l.stage_since,
            previous_stage_id = l.previous_stage_id, previous_stage_since = l.previous_stage_since
        FROM linked l WHERE l.id = v.id
            AND (v.sequence, v.stage_since, v.previous_stage_id, v.previous_stage_since)
                IS DISTINCT FROM (l.number, l.stage_since, l.previous_stage_id, l.previous_stage_since)
    """


LINK = link("opportunity_id = NEW.id") + ";"
