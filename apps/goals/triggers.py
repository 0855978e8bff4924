"""What the database keeps by itself about goals: every version of them, who wrote it and why."""

from typing import Any

import pgtrigger
from django.utils.translation import gettext_lazy as _

from apps.core.authorship import BY, REASON
from apps.opportunities.states import TODAY

KEPT = "kpi, scope, region_id, team_id, rep_id, start_on, last_on, target, baseline, stay, note"


class KeepVersions(pgtrigger.Trigger):
    """Keep what a goal was, from the day on which it was written until the day on which it is written again, or deleted.

    In the table `version`, whose column `of` has the number of the row, and which has the columns `kept`.
    """

    def __init__(self, *, version: str = "goals_goalversion", of: str = "goal_id", kept: str = KEPT) -> None:
        self.version, self.of, self.kept = version, of, kept
        super().__init__(name="keep_goal_versions", when=pgtrigger.After, operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete)

    def get_func(self, model: Any) -> str:
        return f"""
            IF TG_OP = 'UPDATE' AND ({_of("OLD", self.kept)}) IS NOT DISTINCT FROM ({_of("NEW", self.kept)}) THEN
                RETURN NULL;
            END IF;
            IF TG_OP <> 'INSERT' THEN
                UPDATE {self.version} SET ended_on = greatest(set_on, {TODAY}), ended_at = clock_timestamp(), ended_by_id = {BY}, end_reason = {REASON}
                    WHERE {self.of} = OLD.id AND ended_on IS NULL;
            END IF;
            IF TG_OP <> 'DELETE' THEN
                INSERT INTO {self.version} ({self.of}, {self.kept}, set_on, set_at, set_by_id, reason, end_reason)
                    VALUES (NEW.id, {_of("NEW", self.kept)}, {TODAY}, clock_timestamp(), {BY}, {REASON}, '');
            END IF;
            RETURN NULL;
        """


class LockedStay(pgtrigger.Trigger):
    """Refuse to set, change or delete a target that begins on a locked day."""

    violation_error_message = _("Targets that begin on these days are locked. An admin unlocks them under Organisation, in the admin.")

    def __init__(self) -> None:
        super().__init__(
            name="locked_targets_stay",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            declare=[("locked_until", "date")],
        )

    def get_func(self, model: Any) -> str:
        return f"""
            SELECT targets_locked_until INTO locked_until FROM core_organisation;
            IF locked_until IS NULL OR TG_OP = 'UPDATE' AND ({_of("OLD")}) IS NOT DISTINCT FROM ({_of("NEW")}) THEN
                RETURN coalesce(NEW, OLD);
            END IF;
            IF least(CASE WHEN TG_OP <> 'INSERT' THEN OLD.start_on END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.start_on END) <= locked_until THEN
                RAISE EXCEPTION 'Targets that begin up to % are locked.', locked_until
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'locked_targets_stay';
            END IF;
            RETURN coalesce(NEW, OLD);
        """


class ChangedIsOwn(pgtrigger.Trigger):
    """A target that somebody changes is no benchmark's any more, so that none changes it back."""

    def __init__(self) -> None:
        super().__init__(name="changed_target_is_own", when=pgtrigger.Before, operation=pgtrigger.Update)

    def get_func(self, model: Any) -> str:
        return """
            IF NEW.target IS DISTINCT FROM OLD.target AND coalesce(current_setting('kpiboard.benchmarks', true), '') = '' THEN
                NEW.benchmark_id := NULL;
            END IF;
            RETURN NEW;
        """


def _of(row: str, kept: str = KEPT) -> str:
    return ", ".join(f"{row}.{name}" for name in kept.split(", "))
