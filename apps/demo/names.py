"""Names of companies and people that do not exist."""

import unicodedata
from collections.abc import Iterator
from random import Random

from apps.demo import words

KINDS = tuple((word, industry) for industry, sector in words.SECTORS.items() for word in sector)


def companies(rng: Random) -> Iterator[tuple[str, str]]:
    """Yield each invented company once, as name and industry."""
    every = [(f"{first}{second} {word}", industry) for first in words.ROOTS_FIRST for second in words.ROOTS_SECOND for word, industry in KINDS]
    rng.shuffle(every)
    yield from every


def company(rng: Random) -> str:
    """Return the name of an invented company, which may have been there before."""
    return f"{rng.choice(words.ROOTS_FIRST)}{rng.choice(words.ROOTS_SECOND)} {rng.choice(KINDS)[0]}"


def person(rng: Random) -> str:
    return f"{rng.choice(words.GIVEN)} {rng.choice(words.FAMILY)}"


def plain(text: str) -> str:
    """Return a name as it is written in an address: `Elif Sørbø` becomes `elif.sorbo`."""
    spelt = text.lower().replace("ø", "o").replace("ı", "i").replace("ł", "l").replace("ß", "ss")  # letters that do not decompose
    letters = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    return letters.replace(" ", ".")


def email(name: str, domain: str) -> str:
    return f"{plain(name)}@{domain}"


def phone(rng: Random) -> str:
    """Return a number of the range that is kept free for fiction."""
    return f"+44 20 7946 0{rng.randrange(1000):03}"
