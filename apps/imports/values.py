"""Reads one cell as an amount, a day, an instant, a number, a yes or no; says why it cannot and what to do."""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import TypeVar

from django.utils.translation import gettext as _

from apps.imports.formats import EXCEL, ISO, SPACES, Formats

Day = TypeVar("Day", date, datetime)
Cell = str | Decimal | date | datetime | bool
EXAMPLE = datetime(2025, 12, 31)
EXCEL_EPOCH = datetime(1899, 12, 30)  # day 1 is 1900-01-01 and Excel believes in 1900-02-29
YEARS = range(1900, 2200)  # beyond them stand typing errors and “never”, and a calendar of figures would reach that far
SHORTENED = {
    **dict.fromkeys(("k", "tsd"), 1_000),
    **dict.fromkeys(("m", "mn", "mio", "mln"), 1_000_000),
    **dict.fromkeys(("b", "bn", "mrd"), 1_000_000_000),
}
SHORT = re.compile(rf"(?<=\d)\s?({'|'.join(SHORTENED)})\.?$", re.IGNORECASE)  # how reports shorten large numbers
CURRENCY = re.compile(r"[A-Z]{3}|[A-Z]{0,2}[$€£¥₹₺₽₩₴₫₪﷼]|zł|Kč|kr\.?|Fr\.?")  # a sign, or a code
SERIAL = re.compile(r"\d{1,6}(\.\d+)?")
YES = frozenset({"true", "yes", "y", "1", "x", "t"})
NO = frozenset({"false", "no", "n", "0", "f"})


class Refused(ValueError):
    """A value that cannot be taken: the reason, and what to do about it."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason, self.remedy = reason, remedy


def text(cell: Cell, formats: Formats) -> str:
    """Write a cell as text the way its file would, so that it can be read back."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", formats.decimal)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time.min else cell.isoformat(sep=" ")
    return cell.isoformat()


def is_blank(cell: Cell, formats: Formats) -> bool:
    return isinstance(cell, str) and cell.strip() in formats.blank


def amount(cell: Cell, formats: Formats) -> Decimal:
    """Read a number, with or without its currency sign and thousands; brackets mean less than zero, K or Tsd thousands, M or Mio millions, B or Mrd billions."""
    if isinstance(cell, Decimal):
        return cell
    return _amount(text(cell, formats), formats)


@lru_cache(maxsize=50_000)
def _amount(written: str, formats: Formats) -> Decimal:
    bare = _without_currency(written.replace("\u2212", "-"), formats)
    negative = bare.startswith("(") and bare.endswith(")")
    bare = _without_currency(bare[1:-1], formats) if negative else bare
    bare, times = _without_letter(bare)
    if len(bare) > 1 and bare.endswith("-") and not bare.startswith(("-", "+")):
        bare = "-" + bare[:-1].rstrip()  # as accounting programs write it
    if formats.thousands == " ":
        bare = bare.translate(dict.fromkeys(map(ord, SPACES), " "))
    match = formats.number.fullmatch(bare)
    if not match or not (match["whole"] or match["part"]):
        unsigned = CURRENCY.sub("", bare, count=1).strip()
        if unsigned != bare and any(map(str.isdigit, unsigned)) and formats.number.fullmatch(unsigned):
            raise Refused(_("It has a sign that is not one of the file’s currency."), _in_one_currency(formats))
        raise Refused(_("It is not a number."), _numbers(formats))
    whole = match["whole"].replace(formats.thousands, "") if formats.thousands else match["whole"]
    number = Decimal(f"{match['sign']}{whole or 0}.{match['part'] or 0}") * times
    return -abs(number) if negative else number


def _without_currency(written: str, formats: Formats) -> str:
    minus, bare = (written[0], written[1:].strip()) if written[:1] in ("-", "+") else ("", written)
    for sign in formats.currency:
        bare = bare.removeprefix(sign).removesuffix(sign)
    return minus + bare.strip()


def _without_letter(bare: str) -> tuple[str, int]:
    """Take off the letters with which reports shorten large numbers: 342.09K is 342,090."""
    found = SHORT.search(bare)
    return (bare[: found.start()], SHORTENED[found[1].lower()]) if found else (bare, 1)


def without_percent(cell: Cell) -> Cell:
    """Take the sign off a percentage, which is stored as a number from 0 to 100."""
    return cell.strip().removesuffix("%").rstrip() if isinstance(cell, str) else cell


def _in_one_currency(formats: Formats) -> str:
    return _(
        "Write all amounts of a file in one currency, as in %(example)s; or bring the others in a file of their own; or let a column say each row’s currency."
    ) % {"example": _example(formats)}


def _example(formats: Formats) -> str:
    return f"1{formats.thousands}234{formats.decimal}50"


def _numbers(formats: Formats) -> str:
    return _(
        "Write it as %(example)s, or say otherwise how the file writes numbers (in a mapping file: `decimal`, `thousands` and `currency` under `formats`)."
    ) % {"example": _example(formats)}


def rounded(number: Decimal, digits: int, places: int) -> Decimal:
    """Round to the places that are stored; a number too big to store is refused."""
    try:
        kept = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        kept = Decimal("Infinity")
    if abs(kept) >= Decimal(10) ** (digits - places):
        raise Refused(_("The number is too big."), _("Use at most %(digits)s digits before the decimals.") % {"digits": digits - places})
    return kept


def whole(cell: Cell, formats: Formats) -> int:
    number = amount(cell, formats)
    if number != number.to_integral_value():
        raise Refused(_("It is not a whole number."), _("Write it without decimals."))
    return int(number)


def code(cell: Cell, formats: Formats) -> str:
    """Read a code that is written in capital letters."""
    return text(cell, formats).upper()


def truth(cell: Cell, formats: Formats) -> bool:
    written = text(cell, formats).casefold()
    if written in YES or written in NO:
        return written in YES
    raise Refused(_("It is neither yes nor no."), _("Write true or false. A mapping file can translate it (`aliases`)."))


def day(cell: Cell, formats: Formats) -> date:
    """Read a day; an instant falls on its day in the organisation's time zone."""
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return _believable(cell)
    moment = _believable(_moment(cell, formats))
    return (moment.astimezone(formats.zone) if moment.tzinfo else moment).date()


def instant(cell: Cell, formats: Formats) -> datetime:
    """Read an instant, in UTC; one without a zone was written in the organisation's."""
    if isinstance(cell, date) and not isinstance(cell, datetime):
        cell = datetime.combine(cell, time.min)
    moment = _believable(_moment(cell, formats))
    return (moment if moment.tzinfo else moment.replace(tzinfo=formats.zone)).astimezone(UTC)


def _believable(day: Day) -> Day:
    if day.year in YEARS:
        return day
    reason = _("The year is not between %(first)s and %(last)s.") % {"first": YEARS.start, "last": YEARS.stop - 1}
    raise Refused(reason, _("Correct it, or empty it if there is no such day. A mapping file can name a text that means “never” (`blank`)."))


def _moment(cell: Cell, formats: Formats) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, Decimal):
        return _written_moment(f"{cell:f}", formats.dates)
    return _written_moment(text(cell, formats), formats.dates)


@lru_cache(maxsize=50_000)
def _written_moment(written: str, dates: tuple[str, ...]) -> datetime:
    for form in (ISO, *dates):
        try:
            return _by_format(written, form)
        except (ValueError, OverflowError, InvalidOperation):
            continue
    forms = ", ".join(["2025-12-31", *(EXAMPLE.strftime(form) for form in dates if form not in (ISO, EXCEL))])
    raise Refused(
        _("It is not a date."),
        _("Write a real day like one of these: %(formats)s; or say otherwise how the file writes days (in a mapping file: `dates` under `formats`).")
        % {"formats": forms},
    )


def _by_format(written: str, form: str) -> datetime:
    if form == ISO:
        return datetime.fromisoformat(written)
    if form == EXCEL:
        if not SERIAL.fullmatch(written):
            raise ValueError(written)
        return EXCEL_EPOCH + timedelta(seconds=round(float(written) * 86_400))
    return datetime.strptime(written, form)
