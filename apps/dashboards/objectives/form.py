"""The forms of objectives: what is to be reached, what is told of it, and how it is split."""

import hashlib
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import dates, numbers
from apps.dashboards.goals.form import Amount, DayInput, OwnedForm, kpi_choices
from apps.goals.models import Goal
from apps.objectives import selectors, services
from apps.objectives.models import WITH_TARGET, CheckIn, Measured, Objective, Step
from apps.objectives.services import Split
from apps.reps.scopes import Scope

format_html_lazy = lazy(format_html, str)
NEEDED = {  # by what measures it: the fields that say something
    Measured.KPI: {"kpi", "target", "baseline", "stay"},
    Measured.NUMBER: {"unit", "target", "baseline", "stay"},
    Measured.MONEY: {"target", "baseline", "stay"},
    Measured.CHECKLIST: {"steps"},
}
EVERY = set().union(*NEEDED.values())
NOTHING: dict[str, Any] = {"kpi": "", "unit": "", "target": None, "baseline": None, "stay": "", "steps": []}
MOST_STEPS = 100


class ObjectiveForm(OwnedForm):
    """An objective; `whole` is what it is a part of. What does not belong to what measures it is dropped: the page hides it."""

    field_order = ["name", "whose", "start_on", "last_on", "measured", "kpi", "unit", "target", "baseline", "stay", "steps", "weight", "note", "reason"]

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    measured = forms.ChoiceField(label=gettext_lazy("Measured by"), choices=Measured.choices)
    kpi = forms.ChoiceField(label=gettext_lazy("KPI"), required=False)
    unit = forms.CharField(
        label=gettext_lazy("What is counted"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("Such as partners. Parts that count the same are added up."),
    )
    target = Amount(
        label=gettext_lazy("Target"),
        required=False,
        help_text=format_html_lazy('<span class="only-kpi">{}</span>', gettext_lazy("Leave it empty to follow the plan’s target over the same days.")),
    )
    baseline = Amount(
        label=gettext_lazy("Where it starts"),
        required=False,
        help_text=gettext_lazy("What it stands at before; progress is then the way from there. Of a KPI only where less is better."),
    )
    steps = forms.CharField(
        label=gettext_lazy("Steps"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One on each line. What was done stays done."),
    )
    weight = forms.DecimalField(
        label=gettext_lazy("Weight"),
        max_digits=6,
        decimal_places=2,
        min_value=Decimal("0.01"),
        localize=True,
        required=False,
        help_text=gettext_lazy("Among the parts of the same whole, where they cannot be added up: 2 counts twice as much as 1."),
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = Objective
        fields = ["name", "measured", "kpi", "unit", "start_on", "last_on", "target", "baseline", "stay", "weight", "note"]

    def __init__(self, *args: Any, whole: Objective | None, visible: Collection[int], may_move: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.whole, self.visible, self.may_move = whole, visible, may_move
        self.fields["stay"].choices = [("", _("To be reached (of a KPI where less is better: not exceeded)")), *Goal.Stay.choices]  # type: ignore[attr-defined]
        self.fields["kpi"].choices = [("", "---------"), *kpi_choices()]  # type: ignore[attr-defined]
        if self.instance.is_personal:
            del self.fields["whose"]
        if whole is None:
            del self.fields["weight"]
        else:
            self.initial["weight"] = numbers.tidy(self.initial.get("weight"))
        if self.instance.pk:
            self.initial["steps"] = "\n".join(step.name for step in self.instance.steps.all())

    @property
    def seen(self) -> str:
        """Which version of the objective, and of its steps, the form shows."""
        if not self.instance.pk:
            return ""
        steps = self.instance.steps.order_by("pk").values_list("pk", "name", "position")
        return f"{super().seen} {hashlib.sha256(repr(list(steps)).encode()).hexdigest()[:12]}"

    def clean_steps(self) -> list[str]:
        steps = [line.strip() for line in self.cleaned_data["steps"].splitlines() if line.strip()]
        if len(steps) > MOST_STEPS or any(len(step) > Step._meta.get_field("name").max_length for step in steps):  # type: ignore[operator]
            raise forms.ValidationError(_("A checklist has at most 100 steps of 200 characters each."))
        return steps

    def clean_weight(self) -> Decimal:
        return self.cleaned_data["weight"] or Decimal(1)

    def clean(self) -> dict[str, Any]:
        measured = self.cleaned_data.get("measured", "")
        for name in EVERY - NEEDED.get(measured, set()):  # type: ignore[call-overload]
            self.cleaned_data[name] = NOTHING[name]
            self.errors.pop(name, None)
        cleaned = super().clean()
        if measured == Measured.KPI and not cleaned.get("kpi"):
            self.add_error("kpi", _("Choose the KPI that measures it."))
        if measured in WITH_TARGET and cleaned.get("target") is None and "target" not in self.errors:
            self.add_error("target", _("Write what is to be reached."))
        self._fit(cleaned)
        self._hold_parts(cleaned)
        return cleaned

    def _hold_parts(self, cleaned: dict[str, Any]) -> None:
        """Name the parts that would lie outside, and those of others that would move: those over the same days move along."""
        row, days = self.instance, (cleaned.get("start_on"), cleaned.get("last_on"))
        if not row.pk or not all(days) or days == (row.start_on, row.last_on):
            return
        moving = {row.pk, *selectors.moving_along(row)}
        if len(moving) > 1 and not self.may_move:
            self.add_error("start_on", _("Parts that others set would move along. Ask an admin to move it."))
            return
        below = selectors.below([row.pk]).exclude(pk__in=moving).filter(parent__in=moving)
        outside = list(below.exclude(start_on__gte=days[0], last_on__lte=days[1]))
        if names := [f"“{part.name}”" for part in outside if part.pk in self.visible]:
            self.add_error("start_on", _("These parts would lie outside: %(names)s. Change their days first.") % {"names": ", ".join(names)})
        elif outside:
            self.add_error("start_on", _("Parts that others set would lie outside. Ask an admin to move them."))

    def _fit(self, cleaned: dict[str, Any]) -> None:
        """Say which day lies outside the whole's."""
        if self.whole is None:
            return
        if cleaned.get("start_on") and cleaned["start_on"] < self.whole.start_on:
            self.add_error("start_on", _("What it is a part of begins later: on %(day)s.") % {"day": dates.day(self.whole.start_on)})
        if cleaned.get("last_on") and cleaned["last_on"] > self.whole.last_on:
            self.add_error("last_on", _("What it is a part of ends earlier: on %(day)s.") % {"day": dates.day(self.whole.last_on)})


class TellForm(forms.Form):
    """What an objective that is measured by hand stands at on a day."""

    value = Amount(label=gettext_lazy("It stands at"))
    day = forms.DateField(label=gettext_lazy("On"), widget=DayInput)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=CheckIn._meta.get_field("note").max_length, required=False)

    def __init__(self, *args: Any, objective: Objective, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].widget.attrs["inputmode"] = "decimal"
        self.fields["day"].widget.attrs |= {"min": objective.start_on.isoformat(), "max": objective.last_on.isoformat()}
        if objective.measured == Measured.YES_NO:
            answers = [("1", gettext_lazy("Yes, it is so")), ("0", gettext_lazy("No, not (any more)"))]
            self.fields["value"] = forms.TypedChoiceField(label=gettext_lazy("Is it so?"), choices=answers, coerce=Decimal)


class StepForm(forms.Form):
    """On which day a step was done; empty is not yet."""

    done_on = forms.DateField(label=gettext_lazy("Done on"), widget=DayInput, required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=500, required=False)


KINDS = {"region": gettext_lazy("its regions"), "team": gettext_lazy("the teams directly below"), "rep": gettext_lazy("its people, of all teams below")}
WAYS = {
    services.PLAN: gettext_lazy("as the plan has them"),
    services.EQUALLY: gettext_lazy("an equal share of this target"),
    services.SAME: gettext_lazy("this target for each"),
}


class SplitForm(forms.Form):
    """Among whom an objective is split, and what becomes of its target."""

    among = forms.ChoiceField(label=gettext_lazy("A part for each of"))
    how = forms.ChoiceField(label=gettext_lazy("Their targets"))

    def __init__(self, *args: Any, kinds: Iterable[str], ways: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["among"].choices = [(kind, KINDS[kind]) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["how"].choices = [(way, WAYS[way]) for way in ways]  # type: ignore[attr-defined]

    def split(self, among: list[Scope]) -> Split:
        return Split(among, self.cleaned_data["how"])
