"""What one cell's text may be: a day in some formats, a number in some notation. Never more than the text itself tells."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from apps.imports.formats import ISO, SPACES
from apps.imports.values import SHORTENED

DAY = re.compile(r"(?P<a>\d{1,4})(?P<sign>[./-])(?P<b>\d{1,2})(?P=sign)(?P<c>\d{4}|\d{2})(?P<time>,? .+)?")
IN_WORDS = re.compile(r"\d{1,2}[ -][^\W\d_]{3,9}[ -]\d{2}|[^\W\d_]{3,9} \d{1,2}, \d{4}")
WORDED = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y", "%d-%b-%y")
TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %H:%M", ", %I:%M %p")
SIGN = r"[^\d\s.,()+%-]{1,4}\.?"  # of a currency
SHORT = rf"(?:{'|'.join(SHORTENED)})(?![^\W\d_])\.?"
AMOUNT = re.compile(
    rf"(?![-+]{{2}})(?P<outside>{SIGN}(?= ?\())? ?(?P<open>\(?)[-+\u2212]?(?P<before>{SIGN})? ?[-+\u2212]?(?P<core>\d[\d.,'’ ]*|[.,]\d+) ?(?P<letter>(?i:{SHORT}))? ?"
    rf"(?P<after>{SIGN}|%)?-?(?:\) ?(?P<behind>{SIGN})?)?"
)
Day = tuple[str, frozenset[str]]


@lru_cache(maxsize=100_000)
def day(text: str) -> Day | None:
    """Return the shape of a text that is a day, and every format that reads it; None where none does."""
    try:
        datetime.fromisoformat(text)
        return (ISO, frozenset({ISO})) if "-" in text else None
    except ValueError:
        pass
    match = DAY.fullmatch(text)
    if not match and not IN_WORDS.match(text):
        return None
    forms = _numeric(match) if match else [day + time for day in WORDED for time in TIMES]
    read = frozenset(form for form in forms if _reads(text, form))
    if not read:
        return None
    shape = f"{match['sign']}{len(match['c'])}{_time(read)}" if match else "words"
    return shape, read


def _numeric(match: re.Match[str]) -> list[str]:
    sign, year = match["sign"], "%Y" if len(match["c"]) == 4 else "%y"
    days = [f"%Y{sign}%m{sign}%d"] if len(match["a"]) == 4 else [f"%d{sign}%m{sign}{year}", f"%m{sign}%d{sign}{year}"]
    return [day + time for day in days for time in TIMES]


def _time(read: frozenset[str]) -> str:
    return min(form.partition(" ")[2] for form in read)


def _reads(text: str, form: str) -> bool:
    try:
        datetime.strptime(text, form)
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class Number:
    """A number's text: its decimal sign and that of its thousands, where they can be told; `is_open` where a sign might be either."""

    decimal: str = ""
    thousands: str = ""
    currency: str = ""
    is_percent: bool = False
    is_open: bool = False


@lru_cache(maxsize=100_000)
def number(text: str) -> Number | None:
    """Return how a number is written, None where a text is none."""
    match = AMOUNT.fullmatch(text.translate(dict.fromkeys(map(ord, SPACES), " ")))
    if not match:
        return None
    notation = _notation(match["core"].strip())
    if notation is None:
        return None
    after = match["after"] or ""
    currency = match["outside"] or match["before"] or (after if after != "%" else "") or match["behind"] or ""
    decimal, thousands, is_open = notation
    return Number(decimal, thousands, currency, after == "%", is_open)


def _notation(core: str) -> tuple[str, str, bool] | None:
    signs = [sign for sign in core if not sign.isdigit()]
    kinds = list(dict.fromkeys(signs))
    if not kinds:
        return "", "", False
    if len(kinds) > 2 or (len(kinds) == 2 and signs[:-1] != [kinds[0]] * (len(signs) - 1)):
        return None
    whole, _sign, part = core.rpartition(kinds[-1])
    if len(kinds) == 2:
        return (kinds[1], kinds[0], False) if kinds[1] in ".," and _in_threes(whole, kinds[0]) else None
    sign = kinds[0]
    if len(signs) > 1 or sign not in ".,":
        return ("", sign, False) if _in_threes(core, sign) else None
    if len(part) == 3 and _in_threes(core, sign):
        return sign, "", True
    return sign, "", False


def _in_threes(text: str, sign: str) -> bool:
    return re.fullmatch(rf"[1-9]\d{{0,2}}(?:{re.escape(sign)}\d{{3}})+", text) is not None
