"""Writes the same words once: a page names the same days and says the same numbers over and over."""

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from django.utils.translation import get_language

P = ParamSpec("P")
Words = TypeVar("Words")


def remembered(*also: Callable[[], str], most: int = 20_000) -> Callable[[Callable[P, Words]], Callable[P, Words]]:
    """Write the same in the same language once; `also` tells what else the words depend on, `most` how many are kept."""

    def remembering(write: Callable[P, Words]) -> Callable[P, Words]:
        @lru_cache(maxsize=most)
        def written(_in: tuple[str | None, ...], *args: P.args, **options: P.kwargs) -> Words:
            return write(*args, **options)

        @wraps(write)
        def asked(*args: P.args, **options: P.kwargs) -> Words:
            return written((get_language(), *(tell() for tell in also)), *map(_unsigned_zero, args), **options)  # type: ignore[arg-type]

        return asked

    return remembering


def _unsigned_zero(value: object) -> object:
    """0 and -0 are equal, so the words of one are found for the other: write both as 0."""
    return abs(value) if isinstance(value, Decimal) and value == 0 else value
