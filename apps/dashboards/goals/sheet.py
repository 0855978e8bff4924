"""A sheet of targets: one KPI, one window, a line for everybody who can have one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext as _

from apps.core import dates, numbers
from apps.core.authorship import LONGEST_REASON
from apps.core.periods import Calendar, Window
from apps.dashboards.goals import words
from apps.dashboards.selection import Unreadable
from apps.goals import selectors
from apps.goals.models import Goal
from apps.kpis import catalogue
from apps.kpis.declarations import Kpi, Unit
from apps.reps import rosters, scopes
from apps.reps.models import Region
from apps.reps.scopes import Scope


@dataclass(frozen=True)
class Sheet:
    """What a sheet is about."""

    kpi: Kpi
    window: Window
    calendar: Calendar
    currency: str
    today: date

    @property
    def unit(self) -> str:
        """What a number on it means."""
        units = {
            Unit.MONEY: self.currency,
            Unit.PERCENT: "%",
            Unit.DAYS: _("days"),
            Unit.RATIO: "×",
            Unit.MONEY_PER_DAY: _("%(currency)s a day") % {"currency": self.currency},
        }
        return units.get(self.kpi.unit, "")


@dataclass(frozen=True)
class Line:
    """One owner of a target: what stood there the period before, and what those below add up to."""

    scope: Scope
    kind: str
    depth: int
    before: str
    actual: str
    below: str
    field: forms.BoundField


def owners(sheet: Sheet) -> list[tuple[Scope, int]]:
    """Return everybody who can have a target over the window: company, regions, teams as a tree, each with its people."""
    return [(scope, depth) for scope, depth in _everybody(sheet) if scope.kind in sheet.kpi.scopes]


def _everybody(sheet: Sheet) -> list[tuple[Scope, int]]:
    company = scopes.company()
    found = [(company, 0), *((scopes.of(region), 0) for region in Region.objects.all())]
    people = rosters.by_team(sheet.window)
    for branch in rosters.teams(company):
        found.append((branch.scope, branch.depth))
        found += [(rep, branch.depth + 1) for rep in people.pop(branch.scope.id, [])]
    return found + [(rep, 0) for rep in people.pop(0, [])]


def name_of(scope: Scope) -> str:
    return f"target-{scope.kind}-{scope.id}"


def reason_field() -> forms.CharField:
    """Why targets are set or changed; kept with each of them."""
    return forms.CharField(label=_("Reason"), required=False, max_length=LONGEST_REASON, help_text=_("Kept with every target that is changed."))


class PlanForm(forms.Form):
    """What is said of a plan as a whole; its targets are read by `plan`."""

    def __init__(self, data: Mapping[str, str] | None) -> None:
        super().__init__(data)
        self.fields["reason"] = reason_field()


class TargetsForm(PlanForm):
    """One field per owner. Only what differs from what the sheet showed is taken, and refused if somebody else changed it meanwhile."""

    def __init__(self, data: Mapping[str, str] | None, *, owners: list[Scope], present: Mapping[Scope, Decimal]) -> None:
        super().__init__(data)
        self.owners, self.present = owners, present
        for scope in owners:
            self.fields[name_of(scope)] = forms.DecimalField(
                label=scope.name,
                required=False,
                localize=True,
                max_digits=18,
                decimal_places=4,
                initial=numbers.tidy(present.get(scope)),
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
                error_messages={"invalid": _("Write a number, such as 120000, or leave it empty for no target.")},
            )

    def clean(self) -> None:
        for scope in self.owners:
            name = name_of(scope)
            if name in self.errors:
                continue
            target = self.cleaned_data.get(name)
            if target is not None and target <= 0:
                self.add_error(name, _("A target is more than zero. Leave it empty for no target."))
            elif scope in self.changed() and self._shown(scope) != self.present.get(scope):
                self.add_error(
                    name, _("Somebody changed this meanwhile to %(target)s. Check it and save again.") % {"target": _written(self.present.get(scope))}
                )

    def _shown(self, scope: Scope) -> Decimal | None:
        text = self.data.get(f"was-{scope.kind}-{scope.id}", "")
        try:
            return Decimal(text) if text else None
        except InvalidOperation as error:
            raise Unreadable(_("What the sheet showed cannot be read any more. Open it again and repeat the change.")) from error

    def changed(self) -> dict[Scope, Decimal | None]:
        """Return the targets that were written anew or emptied."""
        found = {}
        for scope in self.owners:
            target = self.cleaned_data.get(name_of(scope))
            if name_of(scope) in self.cleaned_data and target != self._shown(scope):
                found[scope] = target
        return found


def _written(value: Decimal | None) -> str:
    return numbers.decimal(value, 2) if value is not None else _("no target")


def present(sheet: Sheet) -> dict[tuple[str, int], Decimal]:
    """Return the targets over exactly the window, by kind and number."""
    rows = Goal.objects.filter(kpi=sheet.kpi.key, start_on=sheet.window.start_on, last_on=sheet.window.last_on)
    return {(goal.scope, goal.region_id or goal.team_id or goal.rep_id or 0): goal.target for goal in rows}


def lines(sheet: Sheet, form: TargetsForm, depths: Mapping[Scope, int]) -> list[Line]:
    """Return the sheet's lines with what stood there the period before."""
    earlier = sheet.calendar.previous(sheet.window)
    found = selectors.figures([sheet.kpi.key], form.owners, earlier, on=min(sheet.today, earlier.last_on), calendar=sheet.calendar)
    below = _below(sheet, form, depths)
    made = []
    for scope in form.owners:
        one = found[sheet.kpi.key, scope]
        made.append(
            Line(
                scope=scope,
                kind=words.kind_of(scope),
                depth=depths[scope],
                before=_short(one.progress.target if one.progress else None, sheet),
                actual=_short(one.figure.value, sheet),
                below=_short(below.get(scope), sheet),
                field=form[name_of(scope)],
            )
        )
    return made


def _short(value: Decimal | None, sheet: Sheet) -> str:
    return "" if value is None else numbers.short(value, str(sheet.kpi.unit))


def _below(sheet: Sheet, form: TargetsForm, depths: Mapping[Scope, int]) -> dict[Scope, Decimal]:
    """Add up the targets of the people in each team and in the company, where a KPI adds up at all."""
    if not catalogue.is_cumulative(sheet.kpi):
        return {}
    sums: dict[Scope, Decimal] = {}
    above: list[Scope] = []
    top = [scope for scope in form.owners if scope.kind == "company"]
    for scope in form.owners:
        if scope.kind in ("company", "region"):
            continue
        above = [one for one in above if depths[one] < depths[scope]]
        if scope.kind == "team":
            above.append(scope)
        elif scope in form.present:
            for one in [*top, *above]:
                sums[one] = sums.get(one, Decimal(0)) + form.present[scope]
    return sums


def period_names(sheet: Sheet) -> tuple[str, str]:
    """Name the sheet's window and the one before."""
    return dates.window_name(sheet.window), dates.window_name(sheet.calendar.previous(sheet.window))
