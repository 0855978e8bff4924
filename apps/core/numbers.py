"""Numbers as people read them, in their language: short for the eye, whole for the record."""

import re
from copy import copy
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_compact_decimal, format_currency, format_decimal
from django.utils import formats
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

from apps.core.remembering import remembered

NO_VALUE = "—"
MINUS = "−"
COMPACT_FROM = 10_000


def locale() -> Locale:
    """Return the locale of the language that is active."""
    return _locale(get_language() or "en")


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(to_locale(language))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@remembered()
def whole(value: Decimal, unit: str, currency: str) -> str:
    """Write a value in full: `€1,521,234.50`, `1,234`, `63.2%`, `46.8 days`, `2.6×`."""
    if unit == "money":
        return format_currency(value, currency, locale=locale()).replace("-", MINUS)
    if unit == "money_per_day":
        return _("%(amount)s a day") % {"amount": whole(value, "money", currency)}
    return short(value, unit) if unit in ("percent", "days", "ratio", "minutes") else decimal(value, 0 if value == value.to_integral_value() else 2)


@remembered()
def short(value: Decimal, unit: str) -> str:
    """Write a value as briefly as it can be read: `1.52M`, `187`, `31.4%`, `47 days`, `2.6×`."""
    if unit == "percent":
        return percent(value)
    if unit == "ratio":
        return _("%(number)s×") % {"number": decimal(value, 1)}
    if unit == "days":
        return days(value)
    if unit == "minutes":
        return _("%(number)s min") % {"number": compact(value)}
    if unit == "money_per_day":
        return _("%(amount)s a day") % {"amount": compact(value)}
    return compact(value)


def difference(value: Decimal, unit: str) -> str:
    """Write how far two values of a unit are apart: percentages in points, for they are not a share of each other."""
    return _("%(number)s points") % {"number": decimal(value, 1)} if unit == "percent" else short(value, unit)


def compact(value: Decimal) -> str:
    """Write an amount in three digits and a word for the rest (`412K`, `1.52M`); below ten thousand, in full."""
    rounded = three_digits(value) if abs(value) >= COMPACT_FROM else value.quantize(Decimal(1), ROUND_HALF_UP)
    if abs(rounded) < COMPACT_FROM:
        return decimal(value, 2 if abs(value) < 100 and value != rounded else 0)
    text = format_compact_decimal(rounded, fraction_digits=2, locale=locale())
    return decimal(rounded, 0) if text.strip("-−").isdecimal() else text.replace("-", MINUS)


def three_digits(value: Decimal) -> Decimal:
    places = value.copy_abs().adjusted() - 2
    return value.quantize(Decimal(1).scaleb(places), ROUND_HALF_UP)


@remembered()
def decimal(value: Decimal, places: int) -> str:
    """Write a number with so many places at most, grouped."""
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return format_decimal(rounded, locale=locale(), decimal_quantization=False).replace("-", MINUS)


@remembered()
def percent(value: Decimal, places: int = 1) -> str:
    """Write a percentage given in hundredths (63.2 is 63.2 %)."""
    pattern = copy(locale().percent_formats[None])
    pattern.frac_prec = (places, places)
    return pattern.apply(value / 100, locale(), decimal_quantization=True).replace("-", MINUS)


def share(ratio: Decimal) -> str:
    """Write a ratio as a whole percentage (0.69 is 69 %)."""
    return percent(ratio * 100, 0)


def beside(value: Decimal, other: Decimal, unit: str) -> str:
    """Write a value briefly beside another, in as many more places as it takes to tell it from that: `60.4 days` beside 60 days."""
    written = short(value, unit)
    if value == other or written != short(other, unit):
        return written
    finer = (_in_places(value, unit, places) for places in (1, 2) if _in_places(value, unit, places) != _in_places(other, unit, places))
    return next(finer, written)


def _in_places(value: Decimal, unit: str, places: int) -> str:
    if unit == "percent":
        return percent(value, places)
    if unit == "days":
        return days(value, places)
    number = decimal(value, places)
    if unit == "ratio":
        return _("%(number)s×") % {"number": number}
    if unit == "minutes":
        return _("%(number)s min") % {"number": number}
    return _("%(amount)s a day") % {"amount": number} if unit == "money_per_day" else number


def days(value: Decimal, places: int | None = None) -> str:
    """Write a length of time in days: whole from ten days on, unless it says in how many places."""
    if places is None:
        places = 0 if abs(value) >= 10 or value == value.to_integral_value() else 1
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return ngettext("%(number)s day", "%(number)s days", 1 if rounded == 1 else 2) % {"number": decimal(rounded, places)}


def plain(value: Decimal) -> str:
    """Write a value as digits for machines: no exponent, no group, no trailing zeros."""
    with localcontext(prec=60):  # a ratio of the largest and the smallest amount has more digits than are usual
        text = f"{value.quantize(Decimal('1e-6'), ROUND_HALF_UP):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def tidy(value: Decimal | None) -> Decimal | None:
    """Drop the zeros after the decimal point."""
    if value is None:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def separators() -> tuple[str, str]:
    """Return what stands between whole and part of a number, and between its thousands, as people write them."""
    return formats.get_format("DECIMAL_SEPARATOR"), formats.get_format("THOUSAND_SEPARATOR")


def is_grouped(text: str) -> bool:
    """Say whether thousands, where they are marked, stand in threes: 1,20 is no 120."""
    decimal_point, group = map(re.escape, separators())
    return group not in re.escape(text) or bool(re.fullmatch(rf"\s*[-+]?\d{{1,3}}(?:{group}\d{{3}})+(?:{decimal_point}\d*)?\s*", text))


def editable(value: Decimal | None) -> str:
    """Write a number as it stands in a field, and is read back from one; nothing for None."""
    return "" if value is None else str(formats.localize_input(tidy(value)))
