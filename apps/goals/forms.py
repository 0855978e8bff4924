"""The form for one goal: which KPI, whose, and over which days."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from apps.core.authorship import LONGEST_REASON
from apps.core.forms import RowForm
from apps.goals.models import SCOPES, Goal
from apps.kpis import catalogue


def kpi_choices() -> list[tuple[str, Any]]:
    """Return the KPIs that can have a goal, by family."""
    families: dict[str, list[tuple[str, Any]]] = {}
    for kpi in catalogue.with_goals():
        families.setdefault(str(kpi.family), []).append((kpi.key, kpi.name))
    return [("", "---------"), *families.items()]


def reason_field() -> forms.CharField:
    """Why something is set or changed; kept in its history."""
    return forms.CharField(
        label=gettext_lazy("reason for the change"),
        required=False,
        max_length=LONGEST_REASON,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Kept in its history."),
    )


class GoalForm(RowForm):
    kpi = forms.ChoiceField(label=gettext_lazy("KPI"), choices=kpi_choices, widget=UnfoldAdminSelectWidget)

    reason = reason_field()

    class Meta:
        model = Goal
        fields = ["kpi", "scope", "region", "team", "rep", "start_on", "last_on", "target", "baseline", "stay", "note", "external_key"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        scope = self.cleaned_data.get("scope")
        for name in ("region", "team", "rep"):
            if name not in SCOPES.get(scope or "", ()):
                self.cleaned_data[name] = None  # the form hides it; what was chosen before the scope changed is dropped
            elif not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, _("Choose whose goal it is."))
        target = self.cleaned_data.get("target")
        if target is not None and target < 0:
            self.add_error("target", _("A target is zero or more."))
        return cleaned
