"""What the database keeps by itself about objectives: that they make trees whose parts fit their wholes."""

from typing import Any

import pgtrigger
from django.utils.translation import gettext_lazy as _

DEEPEST = 10  # levels of a tree


class PartsFitTheirWhole(pgtrigger.Trigger):
    """Refuse, at the end of a transaction, a part that is its own whole, lies outside its days, is seen by others than it, or lies too deep.

    Writers of parts wait for each other: what one of them sees is what there will be.
    """

    violation_error_message = _(
        "A part lies within the days of its whole, is personal where its whole is, of the same person then, no part of itself, and at most ten levels deep. Correct the days, or choose another whole."
    )

    def __init__(self) -> None:
        super().__init__(name="parts_fit_their_whole", when=pgtrigger.After, timing=pgtrigger.Deferred, operation=pgtrigger.Insert | pgtrigger.Update)

    def get_func(self, model: Any) -> str:
        return f"""
            PERFORM pg_advisory_xact_lock(hashtext('objectives_make_trees'));
            IF EXISTS (
                SELECT FROM objectives_objective part JOIN objectives_objective whole ON whole.id = part.parent_id
                WHERE (part.id = NEW.id OR whole.id = NEW.id) AND (
                    part.start_on < whole.start_on OR part.last_on > whole.last_on OR part.is_personal <> whole.is_personal
                    OR part.is_personal AND part.rep_id <> whole.rep_id)
            ) OR EXISTS (
                WITH RECURSIVE above(id, steps) AS (
                    SELECT parent_id, 1 FROM objectives_objective WHERE id = NEW.id AND parent_id IS NOT NULL
                    UNION ALL
                    SELECT o.parent_id, steps + 1 FROM above a JOIN objectives_objective o ON o.id = a.id WHERE o.parent_id IS NOT NULL AND steps <= {DEEPEST}
                ), below(id, steps) AS (
                    SELECT NEW.id, 0
                    UNION ALL
                    SELECT o.id, steps + 1 FROM below b JOIN objectives_objective o ON o.parent_id = b.id WHERE steps <= {DEEPEST}
                ) SELECT FROM above WHERE id = NEW.id OR steps + (SELECT max(steps) FROM below) >= {DEEPEST}
            ) THEN
                RAISE EXCEPTION 'A part fits its whole.' USING ERRCODE = 'check_violation', CONSTRAINT = 'parts_fit_their_whole';
            END IF;
            RETURN NULL;
        """
