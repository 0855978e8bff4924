"""The form for a single goal, over any days."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import numbers
from apps.core.authorship import LONGEST_REASON
from apps.dashboards.goals import words
from apps.dashboards.selection import Unreadable, read_scope_key, scope_key
from apps.goals import services
from apps.goals.models import Goal
from apps.kpis import catalogue
from apps.reps import scopes
from apps.reps.scopes import Scope

KINDS = {"company": gettext_lazy("Company"), "region": gettext_lazy("Regions"), "team": gettext_lazy("Teams"), "rep": gettext_lazy("People")}


def kpi_choices() -> list[tuple[str, Any]]:
    """Return the KPIs that can have a goal, by family: not those broken down by stage, nor those made of a target themselves."""
    families: dict[str, list[tuple[str, Any]]] = {}
    for kpi in catalogue.KPIS.values():
        if can_have_goal(kpi.key):
            families.setdefault(str(kpi.family), []).append((kpi.key, kpi.name))
    return list(families.items())


def can_have_goal(key: str) -> bool:
    kpi = catalogue.KPIS.get(key)
    return kpi is not None and kpi.has_goals


def scope_choices(allowed: list[Scope]) -> list[tuple[str, Any]]:
    groups = [(str(name), [(scope_key(one), one.name) for one in allowed if one.kind == kind]) for kind, name in KINDS.items()]
    return [(name, found) for name, found in groups if found]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class OwnedForm(forms.ModelForm):
    """A form for what somebody is to reach over any days: whose it is is chosen from one list, and nothing is written over that was not seen.

    The page sends `seen` along.
    """

    whose = forms.ChoiceField(label=gettext_lazy("Whose"))
    start_on = forms.DateField(label=gettext_lazy("First day"), widget=DayInput)
    last_on = forms.DateField(label=gettext_lazy("Last day"), widget=DayInput)
    stay = forms.ChoiceField(label=gettext_lazy("The target is"), choices=list(words.STAYS.items()), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason for the change"), required=False, max_length=LONGEST_REASON, help_text=gettext_lazy("Kept in its history.")
    )

    def __init__(self, *args: Any, allowed: list[Scope], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen, row = self.fields["whose"], self.instance
        chosen.choices = scope_choices(allowed)  # type: ignore[attr-defined]
        if row.scope:
            chosen.initial = "company" if row.scope == "company" else f"{row.scope}:{row.region_id or row.team_id or row.rep_id}"
        for name in ("target", "baseline"):
            self.fields[name].widget.attrs["inputmode"] = "decimal"
            self.initial[name] = numbers.tidy(self.initial.get(name))

    @property
    def seen(self) -> str:
        """Which version of the row the form shows."""
        return self.instance.updated_at.isoformat() if self.instance.pk else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk and self.data.get("seen", self.seen) != self.seen:
            self.add_error(None, _("Somebody changed this meanwhile: see its history below. Check it and save again."))
        first, last = cleaned.get("start_on"), cleaned.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("The last day cannot be before the first."))
        return cleaned

    def _post_clean(self) -> None:
        """Put the owner into the row before its rules are checked."""
        if whose := self.cleaned_data.get("whose"):
            try:
                owner = scopes.get(*read_scope_key(whose))
            except (Unreadable, scopes.UnknownScope) as error:
                self.add_error("whose", str(error))
            else:
                for name, value in services.whose(owner).items():
                    setattr(self.instance, name, value)
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            self.validate_constraints()

    def validate_constraints(self) -> None:
        try:
            self.instance.validate_constraints()
        except forms.ValidationError as error:
            self.add_error(None, error.messages)


def lead_to_fault(form: forms.BaseForm) -> None:
    """Let a page that shows a refused form again begin at its first field that is wrong."""
    wrong = next((name for name in form.fields if form.is_bound and name in form.errors), None)
    if wrong:
        form.fields[wrong].widget.attrs["autofocus"] = True


class Amount(forms.DecimalField):
    """An amount as people write it in their language."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=18, decimal_places=4, localize=True, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and not numbers.is_grouped(value):
            raise forms.ValidationError(_("Write a number, such as 1200 or 1,200.50."), code="invalid")
        return super().to_python(value)


class GoalForm(OwnedForm):
    """A goal of the plan."""

    field_order = ["kpi", "whose", "start_on", "last_on", "target", "baseline", "stay", "note", "reason"]

    kpi = forms.ChoiceField(label=gettext_lazy("KPI"), choices=kpi_choices)
    target = Amount(label=gettext_lazy("Target"))
    baseline = Amount(label=gettext_lazy("Baseline"), required=False, help_text=gettext_lazy("Where it stood before; only where lower is better."))

    class Meta:
        model = Goal
        fields = ["kpi", "start_on", "last_on", "target", "baseline", "stay", "note"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        target = cleaned.get("target")
        if target is not None and target <= 0 and (target < 0 or cleaned.get("stay") != Goal.Stay.BELOW):
            self.add_error("target", _("A target is more than zero, but for a limit. To have none, delete the goal."))
        return cleaned
