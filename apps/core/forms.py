"""Forms for rows: days that happened lie not ahead, nor long before anybody sold anything."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from apps.core import clock

EARLIEST = date(1900, 1, 1)  # an earlier day is a slip of the keyboard


class RowForm(forms.ModelForm):
    """A form that refuses days to come for what has happened; `past_days` names them.

    `instants` pairs a field for an instant with the one for its day: the day may be left empty, and may not be another.
    """

    past_days: tuple[str, ...] = ()
    instants: tuple[tuple[str, str], ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for at, on in self.instants:
            if at in self.fields and on in self.fields:
                self.fields[on].required = False

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self._decide_days()
        self._refuse_lost_amounts()
        today = clock.today()
        for name in self.past_days:
            day = self.cleaned_data.get(name)
            if day is not None and day < EARLIEST:
                self.add_error(name, _("This day lies before 1900. Check the year."))
            if day is not None and day > today:
                self.add_error(name, _("This day is still to come. Enter it when it has happened, at the latest today."))
        return cleaned

    def _refuse_lost_amounts(self) -> None:
        """Refuse an amount that would be forgotten, because it follows from what was agreed."""
        for name in sorted({"amount", "cost"} & set(self.changed_data)):
            agreed = self.cleaned_data.get(f"original_{name}")
            if agreed is not None and self.cleaned_data.get(name) not in (None, agreed):
                self.add_error(name, _("This amount follows from the original one. Change that instead, or empty it."))

    def _decide_days(self) -> None:
        for at, on in self.instants:
            instant, day = self.cleaned_data.get(at), self.cleaned_data.get(on)
            if instant is not None and instant > clock.now():
                self.add_error(at, _("This instant is still to come. Enter it when it has happened."))
            elif instant is not None and day in (None, clock.day_of(instant)):
                self.cleaned_data[on] = clock.day_of(instant)
            elif instant is not None:
                self.add_error(on, clock.another_day(clock.day_of(instant)))
            elif day is None and on not in self.errors and not self._meta.model._meta.get_field(on).null:
                self.add_error(on, _("Fill in the day."))
