"""Refuses rows that the database would refuse, before they are written: its constraints and triggers, in Python."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from apps.goals.models import Goal
from apps.imports import checks
from apps.imports.drafts import Refusal
from apps.imports.matching import Change
from apps.imports.records import Desk
from apps.imports.report import RowError
from apps.imports.values import Refused
from apps.kpis import catalogue
from apps.opportunities.models import Opportunity, Stage


def keep(changes: Iterable[Change], desk: Desk) -> tuple[list[Change], list[Refusal]]:
    """Part the changes that may be written from those that may not."""
    kept, refusals = [], []
    kinds = dict(Stage.objects.values_list("pk", "kind")) if desk.entity.model is Opportunity else {}
    for change in changes:
        errors = tuple(_broken(change, desk)) + tuple(_own(change, desk, kinds))
        if errors:
            refusals.append(Refusal(change.record.lines, errors))
        else:
            kept.append(change)
    return kept, refusals


def _broken(change: Change, desk: Desk) -> Iterable[RowError]:
    for constraint in checks.broken(change.row):
        yield breach(change, desk, name=constraint.name, fields=checks.fields(constraint))


def breach(change: Change, desk: Desk, *, name: str, fields: tuple[str, ...]) -> RowError:
    """Tell of a broken rule: constraints are named by what they demand."""
    fed = [field for field in fields if field in change.record.cells] or list(fields)
    refused = Refused(_("It breaks the rule “%(rule)s”.") % {"rule": name.replace("_", " ")}, correct(fields))
    return desk.error(fed[0] if fed else "", change.record, refused)


def correct(fields: tuple[str, ...]) -> str:
    if not fields:
        return _("Correct the row.")
    return _("Correct %(fields)s.") % {"fields": _(" or ").join(fields)}


def _own(change: Change, desk: Desk, kinds: dict[int, str]) -> Iterable[RowError]:
    """What no check constraint says: a trigger's rule on deals, and KPIs that exist."""
    row = change.row
    if isinstance(row, Opportunity):
        ends = kinds[row.stage_id] != Stage.Kind.OPEN
        if ends and row.closed_on is None:
            refused = Refused(_("A deal that is won or lost needs its closing day."), _("Fill in closed_on, or correct the stage."))
            yield desk.error("closed_on", change.record, refused)
        elif not ends and row.closed_on is not None:
            refused = Refused(_("A deal in an open stage has no closing day."), _("Empty closed_on, or correct the stage."))
            yield desk.error("closed_on", change.record, refused)
    if isinstance(row, Goal) and row.kpi not in catalogue.KPIS:
        refused = Refused(_("There is no such KPI."), _("Use one of: %(known)s.") % {"known": ", ".join(catalogue.KPIS)})
        yield desk.error("kpi", change.record, refused)
