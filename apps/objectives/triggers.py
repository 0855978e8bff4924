"""What the database keeps by itself about objectives: that they make trees whose parts fit their wholes."""

from typing import Any

import pgtrigger
from django.utils.translation import gettext_lazy as _


class PartsFitTheirWhole(pgtrigger.Trigger):
    """Refuse a part that is its own whole, lies outside its days, or is seen by others than it."""

    violation_error_message = _(
        "A part lies within the days of its whole, is personal where its whole is, of the same person then, and is no part of itself. Correct the days, or choose another whole."
    )

    def __init__(self) -> None:
        super().__init__(name="parts_fit_their_whole", when=pgtrigger.After, operation=pgtrigger.Insert | pgtrigger.Update)

    def get_func(self, model: Any) -> str:
        return """
            IF EXISTS (
                SELECT FROM objectives_objective part JOIN objectives_objective whole ON whole.id = part.parent_id
                WHERE (part.id = NEW.id OR whole.id = NEW.id) AND (
                    part.start_on < whole.start_on OR part.last_on > whole.last_on OR part.is_personal <> whole.is_personal
                    OR part.is_personal AND part.rep_id <> whole.rep_id)
            ) OR EXISTS (
                WITH RECURSIVE above(id) AS (
                    SELECT NEW.parent_id
                    UNION
                    SELECT o.parent_id FROM above a JOIN objectives_objective o ON o.id = a.id
                ) SELECT FROM above WHERE id = NEW.id
            ) THEN
                RAISE EXCEPTION 'A part fits its whole.' USING ERRCODE = 'check_violation', CONSTRAINT = 'parts_fit_their_whole';
            END IF;
            RETURN NULL;
        """
