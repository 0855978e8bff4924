"""Days and months of the Solar Hijri calendar in words."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from persiantools.jdatetime import JalaliDate

MONTHS = (
    gettext_lazy("Farvardin"),
    gettext_lazy("Ordibehesht"),
    gettext_lazy("Khordad"),
    gettext_lazy("Tir"),
    gettext_lazy("Mordad"),
    gettext_lazy("Shahrivar"),
    gettext_lazy("Mehr"),
    gettext_lazy("Aban"),
    gettext_lazy("Azar"),
    gettext_lazy("Dey"),
    gettext_lazy("Bahman"),
    gettext_lazy("Esfand"),
)


def month(year: int, number: int) -> str:
    """Write a month: `Aban 1405`."""
    return _("%(month)s %(year)s") % {"month": MONTHS[number - 1], "year": year}


def day(value: date) -> str:
    """Write a day with its year: `29 Aban 1405`."""
    return _("%(day)s %(year)s") % {"day": day_of_year(value), "year": year(value)}


def day_of_year(value: date) -> str:
    """Write a day without its year: `29 Aban`."""
    found = JalaliDate(value)
    return _("%(day)s %(month)s") % {"day": found.day, "month": MONTHS[found.month - 1]}


def year(value: date) -> int:
    return int(JalaliDate(value).year)
