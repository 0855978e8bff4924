"""Forms for rows: days that happened lie not ahead, nor long before anybody sold anything."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from apps.core import clock

EARLIEST = date(1900, 1, 1)  # an earlier day is a slip of the keyboard


class RowForm(forms.ModelForm):
    """A form that refuses days to come for what has happened; `past_days` names them."""

    past_days: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        today = clock.today()
        for name in self.past_days:
            day = self.cleaned_data.get(name)
            if day is not None and day < EARLIEST:
                self.add_error(name, _("This day lies before 1900. Check the year."))
            if day is not None and day > today:
                self.add_error(name, _("This day is still to come. Enter it when it has happened, at the latest today."))
        return cleaned
