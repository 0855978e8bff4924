"""Finds out how a file writes days, numbers and money; what its cells leave open is asked, never guessed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from apps.core import currencies
from apps.imports.formats import EXCEL, ISO, Formats, two_days
from apps.imports.kinds import Kind
from apps.imports.recognition.proposal import Choice, Question
from apps.imports.recognition.survey import ONE_BYTE, Profile, Survey
from apps.imports.recognition.tables import is_serial

DAY_FIRST, MONTH_FIRST = "day first", "month first"
COMMA, POINT = "comma", "point"
SIGNS = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"),
    "US$": ("USD",),
    "C$": ("CAD",),
    "A$": ("AUD",),
    "€": ("EUR",),
    "£": ("GBP",),
    "¥": ("JPY", "CNY"),
    "R$": ("BRL",),
    "₹": ("INR",),
    "₺": ("TRY",),
    "₽": ("RUB",),
    "₩": ("KRW",),
    "zł": ("PLN",),
    "Kč": ("CZK",),
    "kr": ("SEK", "NOK", "DKK"),
    "kr.": ("DKK",),
    "Fr": ("CHF",),
    "Fr.": ("CHF",),
    "﷼": ("IRR",),
    "S$": ("SGD",),
    "HK$": ("HKD",),
    "NZ$": ("NZD",),
    "NT$": ("TWD",),
    "MX$": ("MXN",),
    "Ft": ("HUF",),
    "lei": ("RON",),
    "лв": ("BGN",),
    "руб": ("RUB",),
    "руб.": ("RUB",),
    "₴": ("UAH",),
    "₪": ("ILS",),
    "₫": ("VND",),
    "฿": ("THB",),
    "₱": ("PHP",),
    "₦": ("NGN",),
    "Rs": ("INR", "PKR", "LKR"),
    "Rs.": ("INR", "PKR", "LKR"),
    "Euro": ("EUR",),
    "euro": ("EUR",),
}


ENCODINGS = {ONE_BYTE: "Windows-1252", "iso8859_15": "ISO 8859-15", "cp1250": "Windows-1250", "cp1251": "Windows-1251", "mac_roman": "Mac Roman"}


@dataclass(frozen=True)
class Notation:
    """How a file writes its values, and what is asked about it. `codes` are the currencies that its amounts may be in."""

    formats: Formats
    questions: tuple[Question, ...]
    signs: tuple[str, ...] = ()


def of(survey: Survey, name: str, *, days: Sequence[Profile], numbers: Sequence[Profile], answer: dict[str, str | None]) -> Notation:
    """Find the notation of a file whose columns `days` hold days and `numbers` numbers; `answer` has the answers by group."""
    questions: list[Question] = []
    formats = Formats(dates=_dates(days, name, answer.get("dates"), questions))
    if survey.layout.kind == Kind.TEXT:
        formats = replace(formats, delimiter=survey.layout.delimiter)
    if survey.layout.encoding == ONE_BYTE:
        questions.append(_encoding(survey, name, answer.get("encodings")))
        formats = replace(formats, encoding=questions[-1].taken)
    decimal, thousands = _signs(numbers, name, answer.get("numbers"), questions)
    found = dict.fromkeys(number.currency for profile in numbers for number in profile.numbers)
    signs = tuple(sign for sign in found if codes([sign]))  # pcs or T€ beside a number say of it what is not known here
    return Notation(replace(formats, decimal=decimal, thousands=thousands, currency=signs), tuple(questions), signs)


def answered(formats: Formats) -> dict[str, str]:
    """Return what a mapping that was saved answers: which of day and month stands first, and that the comma parts the decimals (the point may stand in it unasked)."""
    told = {"numbers": COMMA} if formats.decimal == "," else {}
    orders = {_is_day_first(form) for form in formats.dates if "%d" in form and "%m" in form and not form.startswith("%Y")}
    return {**told, "dates": DAY_FIRST if orders == {True} else MONTH_FIRST} if len(orders) == 1 else told


def _dates(days: Sequence[Profile], name: str, answer: str | None, questions: list[Question]) -> tuple[str, ...]:
    shapes: dict[str, list[frozenset[str]]] = {}
    for profile in days:
        for shape, formats in profile.days.items():
            shapes.setdefault(shape, []).append(formats)
    found: list[str] = [EXCEL] if any(is_serial(profile) and profile.numeric for profile in days) else []
    open_ones: list[str] = []
    for shape, sets in shapes.items():
        if shape == ISO:
            continue
        common = frozenset.intersection(*sets)
        forms = sorted(common or _both_orders(frozenset.union(*sets), days, shape))
        (open_ones if two_days(tuple(forms)) or not common else found).extend(forms)
    if open_ones:
        questions.append(_order(days, name, answer))
        is_day_first = questions[-1].taken == DAY_FIRST
        found += [form for form in open_ones if _is_day_first(form) == is_day_first]
    return tuple(dict.fromkeys(found))


def _both_orders(forms: frozenset[str], days: Sequence[Profile], shape: str) -> frozenset[str]:
    """Where no format reads all days of a shape, take both orders, so that a person chooses which rows are wrong."""
    known = forms or frozenset({"%d" + shape[0] + "%m" + shape[0] + ("%Y" if shape[1:2] == "4" else "%y")} if shape != "words" else ())
    turned = {form.replace("%d", "%_").replace("%m", "%d").replace("%_", "%m") for form in known if "%b" not in form.lower()}
    return known | turned


def _is_day_first(form: str) -> bool:
    return form.find("%d") < form.find("%m")


def _order(days: Iterable[Profile], name: str, answer: str | None) -> Question:
    example = next((text for profile in days for text in profile.samples if text[:1].isdigit() and not text[:4].isdigit()), "03/04/2024")
    return Question(
        group="dates",
        name=name,
        words=_("Days are written as in “%(example)s”. What stands first?") % {"example": example},
        choices=(Choice(DAY_FIRST, _("The day: 03/04/2024 is the 3rd of April.")), Choice(MONTH_FIRST, _("The month: 03/04/2024 is the 4th of March."))),
        count=max((profile.dated for profile in days), default=0),
        answer=answer,
    )


def _signs(numbers: Sequence[Profile], name: str, answer: str | None, questions: list[Question]) -> tuple[str, str]:
    """Return the decimal sign and that of thousands."""
    votes = Counter[str]()
    thousands = Counter[str]()
    is_open, example = False, ""
    for profile in numbers:
        for number, count in profile.numbers.items():
            if number.is_open:
                is_open = True
                example = example or next((text for text in profile.samples if "," in text or "." in text), "")
                continue
            if number.decimal:
                votes[number.decimal] += count
            if number.thousands:
                thousands[number.thousands] += count
                if number.thousands in ",.":
                    votes[",."[number.thousands == ","]] += count
    if len(votes) == 2 or (is_open and not votes):
        questions.append(_point(name, example or _first(numbers), answer, sum(votes.values())))
        decimal = "," if questions[-1].taken == COMMA else "."
    else:
        decimal = next(iter(votes), ".")
    other = "." if decimal == "," else ","
    return decimal, next((sign for sign, _count in thousands.most_common() if sign not in (decimal, other)), other)


def _first(numbers: Sequence[Profile]) -> str:
    return next((text for profile in numbers for text in profile.samples), "1,234")


def _point(name: str, example: str, answer: str | None, count: int) -> Question:
    return Question(
        group="numbers",
        name=name,
        words=_("Numbers are written as in “%(example)s”. Which sign parts the decimals?") % {"example": example},
        choices=(
            Choice(POINT, _("The point: 1,234 is one thousand two hundred and thirty-four.")),
            Choice(COMMA, _("The comma: 1,234 is a little more than one.")),
        ),
        count=count,
        answer=answer,
    )


def _encoding(survey: Survey, name: str, answer: str | None) -> Question:
    strange = next((text for column in survey.columns for text in (column.name, *column.samples) if not text.isascii()), "")
    choices = [Choice(code, f"{_reads(strange, code)} ({name_of})") for code, name_of in ENCODINGS.items()]
    words = _("It is no UTF-8 text, and in no one-byte encoding can this be told. Which of these reads right?")
    return Question(group="encodings", name=name, words=words, choices=tuple(choices), default=ONE_BYTE, answer=answer)


def _reads(text: str, encoding: str) -> str:
    try:
        return text.encode(ONE_BYTE).decode(encoding)
    except UnicodeError:
        return _("not readable")


def codes(signs: Iterable[str]) -> tuple[str, ...]:
    """Return the currencies that some signs may stand for."""
    found = [code for sign in signs for code in SIGNS.get(sign, (sign,) if sign in currencies.codes() else ())]
    return tuple(dict.fromkeys(found))
