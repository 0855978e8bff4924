"""Refuses rows that the database would refuse, before they are written: its constraints and triggers, in Python."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.core import clock, violations
from apps.goals.models import Goal, validate_scope
from apps.imports import checks
from apps.imports.drafts import Refusal
from apps.imports.matching import Change
from apps.imports.records import Desk
from apps.imports.report import RowError
from apps.imports.values import Refused
from apps.opportunities.models import Opportunity, Stage
from apps.reps.triggers import DayOfInstant


def keep(changes: Iterable[Change], desk: Desk, kinds: dict[int, str]) -> tuple[list[Change], list[Refusal]]:
    """Part the changes that may be written from those that may not; deals by the kinds of the stages."""
    kept, refusals = [], []
    for change in changes:
        errors = tuple(_broken(change, desk)) + tuple(_own(change, desk, kinds))
        if errors:
            refusals.append(Refusal(change.record.lines, errors))
        else:
            kept.append(change)
    return kept, refusals


def _broken(change: Change, desk: Desk) -> Iterable[RowError]:
    for constraint in checks.broken(change.row):
        yield breach(change, desk, said=said(constraint.name), fields=checks.fields(constraint))


def said(name: str) -> str:
    """Return a rule's own words; rules without any are named by what they demand."""
    words = violations.rules().get(name)
    return str(words) if words else _("It breaks the rule “%(rule)s”.") % {"rule": name.replace("_", " ")}


def breach(change: Change, desk: Desk, *, said: str, fields: tuple[str, ...]) -> RowError:
    """Tell of a broken rule at the first of its fields that the file feeds."""
    sources = {field.name: ", ".join(field.columns) or field.name for field in desk.load.fields}
    fed = [name for name in fields if name in sources]
    remedy = _("Correct %(columns)s.") % {"columns": _(" or ").join(dict.fromkeys(sources[name] for name in fed))} if fed else _("Correct the row.")
    return desk.error(fed[0] if fed else "", change.record, Refused(said, remedy))


def _own(change: Change, desk: Desk, kinds: dict[int, str]) -> Iterable[RowError]:
    """What no check constraint says: a trigger's rule on deals, the day of an instant, and the scopes that a KPI makes sense for."""
    row = change.row
    if isinstance(row, Opportunity) and (kinds[row.stage_id] != Stage.Kind.OPEN) != (row.closed_on is not None):
        yield breach(change, desk, said=said("closing_day_follows_stage"), fields=("closed_on", "stage"))
    for trigger in getattr(row._meta, "triggers", ()):
        instant = getattr(row, trigger.at) if isinstance(trigger, DayOfInstant) else None
        day = instant.astimezone(desk.load.formats.zone).date() if instant is not None else None
        if day is not None and getattr(row, trigger.on) != day:
            yield breach(change, desk, said=clock.another_day(day), fields=(trigger.on, trigger.at))
    if isinstance(row, Goal):
        try:
            validate_scope(row.kpi, row.scope)
        except ValidationError as error:
            yield breach(change, desk, said=" ".join(error.messages), fields=("scope", "kpi"))
