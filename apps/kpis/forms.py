"""The form that closes a period."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from apps.core import clock, dates
from apps.core.models import Period
from apps.core.periods import Window
from apps.kpis import closing
from apps.kpis.closing import CannotClose
from apps.kpis.models import Close

OFFERED = 60


class CloseForm(forms.ModelForm):
    """Choose a period that is over and still open."""

    period = forms.ChoiceField(
        label=_("period"),
        widget=UnfoldAdminSelectWidget,
        help_text=_("Its figures keep the value of this moment as “reported”. What changes later shows as restated, with the records that caused it."),
    )

    class Meta:
        model = Close
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "period" in self.fields:
            self.fields["period"].choices = [(window.key, dates.window_name(window)) for window in open_periods()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Close it: what keeps a period from being closed is said on the form."""
        cleaned = super().clean() or {}
        window = next((window for window in open_periods() if window.key == cleaned.get("period")), None)
        if window and not self.errors:
            try:
                self.instance = closing.close(window, on=clock.today(), at=clock.now(), by=self.closed_by)
            except CannotClose as error:
                raise ValidationError(str(error)) from error
        return cleaned

    closed_by: Any = None


def open_periods() -> list[Window]:
    """Return the latest months, quarters and years that are over and not closed, the latest first."""
    closed = set(Close.objects.filter(reopened_at=None).values_list("grain", "start_on", "end_on"))
    rows = Period.objects.filter(grain__in=closing.GRAINS, end_on__lte=clock.today()).order_by("-end_on", "-start_on")[: OFFERED + len(closed)]
    return [Window(row.key, row.grain, row.start_on, row.end_on) for row in rows if (row.grain, row.start_on, row.end_on) not in closed][:OFFERED]
