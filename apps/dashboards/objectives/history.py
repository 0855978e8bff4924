"""What was changed of an objective, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.core import dates, numbers
from apps.core.periods import Calendar
from apps.dashboards.goals import words
from apps.kpis import catalogue
from apps.objectives.models import Measured, ObjectiveVersion
from apps.reps.scopes import Scope


@dataclass(frozen=True)
class Line:
    """One change: when, by whom, what became of what, and why."""

    at: str
    by: str
    changes: tuple[tuple[str, str, str], ...]
    reason: str


def lines(versions: Iterable[ObjectiveVersion], currency: str, calendar: Calendar) -> list[Line]:
    """Return what was changed from one version of an objective to the next, the latest first; each change with its name, what it was and became."""
    found: list[Line] = []
    before: dict[str, str] = {}
    for version in versions:
        now = _told(version, currency, calendar)
        changes = tuple((name, before.get(name, ""), now.get(name, "")) for name in dict.fromkeys([*before, *now]) if before.get(name, "") != now.get(name, ""))
        found.append(Line(dates.instant(version.set_at), str(version.set_by or ""), changes if before else (), version.reason))
        before = now
    return found[::-1]


def _told(version: ObjectiveVersion, currency: str, calendar: Calendar) -> dict[str, str]:
    unit = "money" if version.measured == Measured.MONEY else str(catalogue.KPIS[version.kpi].unit) if version.kpi in catalogue.KPIS else "count"

    def written(value: Decimal | None) -> str:
        return "" if value is None else numbers.whole(value, unit, currency)

    kpi = str(catalogue.KPIS[version.kpi].name) if version.kpi in catalogue.KPIS else version.kpi
    owner = version.region or version.team or version.rep
    told = {
        _("Name"): version.name,
        _("Whose"): str(owner or words.kind_of(Scope("company", 0, ""))),
        _("Days"): dates.interval(calendar.from_to(version.start_on, version.last_on)),
        _("Measured by"): kpi or str(version.get_measured_display()),
        _("What is counted"): version.unit,
        _("Target"): written(version.target),
        _("Where it starts"): written(version.baseline),
        _("The target is"): str(words.STAYS[version.stay]) if version.stay else "",
        _("Weight"): numbers.decimal(version.weight, 2 if version.weight % 1 else 0),
        _("Note"): version.note,
    }
    return {name: text for name, text in told.items() if text}
