"""Database triggers that facts share."""

from typing import Any

import pgtrigger
from django.utils.translation import gettext_lazy as _


class KeepOwnerOfTheDay(pgtrigger.Trigger):
    """When an event's day is entered and nobody is named for it, name the owner of that moment.

    So a later change of owner leaves the credit for the event where it was, whatever path writes the row.
    """

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def __init__(self, *, name: str, day: str, keeper: str, owner: str = "owner_id") -> None:
        self.day, self.keeper, self.owner = day, keeper, owner
        super().__init__(name=name)

    def get_func(self, model: Any) -> str:
        return f"""
            IF NEW.{self.day} IS NOT NULL AND NEW.{self.keeper} IS NULL THEN
                NEW.{self.keeper} := NEW.{self.owner};
            END IF;
            RETURN NEW;
        """


class TeamsMakeATree(pgtrigger.Trigger):
    """Refuse a parent that is the team itself or below it."""

    violation_error_message = _("A team cannot be part of itself or of a team below it. Choose another team.")

    def __init__(self) -> None:
        super().__init__(name="teams_make_a_tree", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update)

    def get_func(self, model: Any) -> str:
        return """
            IF EXISTS (
                WITH RECURSIVE above(id) AS (
                    SELECT NEW.parent_id
                    UNION
                    SELECT t.parent_id FROM above a JOIN reps_team t ON t.id = a.id
                ) SELECT FROM above WHERE id = NEW.id
            ) THEN
                RAISE EXCEPTION 'A team cannot be part of itself or of a team below it.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'teams_make_a_tree';
            END IF;
            RETURN NEW;
        """


class DayOfInstant(pgtrigger.Trigger):
    """Decide the organisation's day of an instant as the row is written; a day that is changed alone takes the instant away."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def __init__(self, *, at: str, on: str) -> None:
        self.at, self.on = at, on
        super().__init__(name=f"day_of_{at}", condition=pgtrigger.Condition(f"NEW.{at} IS NOT NULL"))

    def get_func(self, model: Any) -> str:
        return f"""
            IF TG_OP = 'INSERT' OR NEW.{self.at} IS DISTINCT FROM OLD.{self.at} THEN
                NEW.{self.on} := (NEW.{self.at} AT TIME ZONE coalesce((SELECT time_zone FROM core_organisation WHERE id = 1), 'UTC'))::date;
            ELSIF NEW.{self.on} IS DISTINCT FROM OLD.{self.on} THEN
                NEW.{self.at} := NULL;
            END IF;
            RETURN NEW;
        """
