"""Says that a target is shown as it was, not as it is now."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from apps.core import dates
from apps.goals.selectors import AnyGoal


def changed_since(goals: Iterable[AnyGoal]) -> str:
    """Return on which day the first of some targets was changed since; empty where none was."""
    days = [goal.ended_on for goal in goals if goal.ended_on]
    return _("This target was changed on %(day)s. Shown is what it was before.") % {"day": dates.day(min(days))} if days else ""
