"""The forms of wall displays and of links that need no sign-in."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.boards.models import Board, Screen, Widget
from apps.dashboards.goals.form import Amount
from apps.dashboards.own.forms import grouped
from apps.reps.scopes import Scope


class ScreenForm(forms.ModelForm):
    """What a wall display shows."""

    scope = forms.ChoiceField(label=gettext_lazy("Whose numbers"), required=False)
    celebrated_from = Amount(
        label=gettext_lazy("Celebrate deals from"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("A deal won of so much or more is celebrated, and so is a goal that is reached. Empty: nothing is."),
    )

    class Meta:
        model = Screen
        fields = ["name", "scope", "has_standard", "boards", "seconds", "celebrated_from"]
        widgets = {"boards": forms.CheckboxSelectMultiple}

    def __init__(self, allowed: Iterable[Scope], boards: QuerySet[Board], data: Mapping[str, Any] | None = None, instance: Screen | None = None) -> None:
        super().__init__(data, instance=instance)
        choices = grouped(allowed)
        first = _("Whoever paired it: what they see first")
        known = {key for _kind, found in choices for key, _name in found}
        kept = [(instance.scope, _("As it is (not there any more)"))] if instance and instance.scope and instance.scope not in known else []
        self.fields["scope"].choices = [("", first), *kept, *choices]  # type: ignore[attr-defined]
        self.fields["boards"].queryset = boards  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("has_standard") and not cleaned.get("boards") and not self.errors:
            raise ValidationError(_("Choose the standard board, or boards that people have arranged."))
        return cleaned


class PairForm(ScreenForm):
    """The same, for a display that shows a code."""

    field_order = ["code", "name", "scope", "has_standard", "boards", "seconds", "celebrated_from"]
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=12,
        help_text=gettext_lazy("The six letters and digits on the display."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class LinkForm(forms.Form):
    """What a link shows, to whom, and for how long."""

    name = forms.CharField(label=gettext_lazy("For"), max_length=80, help_text=gettext_lazy("Who gets it, or where it is put."))
    days = forms.IntegerField(label=gettext_lazy("Days until it ends"), min_value=1, max_value=365, initial=30)
    scope = forms.ChoiceField(label=gettext_lazy("Whose numbers"), required=False)
    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False, choices=Widget.Period.choices)

    def __init__(self, allowed: Iterable[Scope], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.fields["scope"].choices = [("", _("What you see first")), *grouped(allowed)]  # type: ignore[attr-defined]
