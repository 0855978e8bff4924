"""Ways to fill a plan. Pure arithmetic: whatever is split adds up again to the last cent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation

HUNDRED = Decimal(100)
MOST_MONTHS = 36  # of a ramp
Amounts = tuple[Decimal | None, ...]


def split(total: Decimal, weights: Sequence[Decimal], *, unit: Decimal) -> tuple[Decimal, ...]:
    """Part an amount by weights into parts of whole units (0.01, 1, 1000), which add up to it exactly; who has no weight gets nothing.

    Units that rounding leaves go, one each, to those who lost most of one, the first of equal ones; what is less than a unit goes to the largest part.
    Without any weight the parts are even. Raises ValueError for a weight below zero, or an amount with nobody to part it.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("A weight is zero or more.")
    if not weights:
        raise ValueError("There is nothing to part it by.")
    shares = weights if sum(weights) else (Decimal(1),) * len(weights)
    units = int((total / unit).to_integral_value(ROUND_FLOOR))
    exact = [units * share / sum(shares) for share in shares]
    floors = [int(one.to_integral_value(ROUND_FLOOR)) for one in exact]
    order = sorted((n for n, share in enumerate(shares) if share), key=lambda n: (floors[n] - exact[n], n))
    for n in order[: units - sum(floors)]:
        floors[n] += 1
    parts = [one * unit for one in floors]
    parts[max(range(len(parts)), key=lambda n: (shares[n], -n))] += total - units * unit
    return tuple(parts)


def rounded(amount: Decimal, unit: Decimal) -> Decimal:
    """Return the nearest whole number of units."""
    return (amount / unit).to_integral_value(ROUND_HALF_UP) * unit


def raised(amounts: Amounts, percent: Decimal, *, unit: Decimal, least: Decimal) -> Amounts:
    """Raise (or, below zero, lower) amounts by a percentage; their sum is raised by exactly as much, rounded once, to the `least` unit there is."""
    known = [amount for amount in amounts if amount is not None]
    total = rounded(sum(known, Decimal(0)) * (1 + percent / HUNDRED), least)
    parts = iter(split(total, known, unit=unit) if known and sum(known) > 0 else known)
    return tuple(None if amount is None else next(parts) for amount in amounts)


@dataclass(frozen=True)
class Member:
    """Who takes a part of what is handed down: how much of each column they are there (0 to 1), and their weight."""

    presence: tuple[Decimal, ...]
    weight: Decimal = Decimal(1)


def handed_down(amounts: Amounts, members: Sequence[Member], *, unit: Decimal) -> list[Amounts]:
    """Part each column's amount among those who are there in it, by their weight and for how long; nobody gets a column in which they are not.

    The parts of a column add up to its amount. Where the weights of all who are there are zero, they share evenly.
    """
    parts: list[list[Decimal | None]] = [[None] * len(amounts) for _member in members]
    for n, amount in enumerate(amounts):
        there = [place for place, member in enumerate(members) if member.presence[n] > 0]
        if amount is None or not there:
            continue
        weights = [members[place].weight * members[place].presence[n] for place in there]
        if not sum(weights):
            weights = [members[place].presence[n] for place in there]
        for place, part in zip(there, split(amount, weights, unit=unit), strict=True):
            parts[place][n] = part
    return [tuple(one) for one in parts]


def together(lines: Sequence[Amounts]) -> Amounts:
    """Add amounts up column by column; None where nobody has any."""
    return tuple(known_sum(column) for column in zip(*lines, strict=True))


def known_sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Add up the amounts there are; None where there is none."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def for_part(amount: Decimal, presence: Sequence[Decimal], *, unit: Decimal) -> Amounts:
    """Return an amount for each column, less where somebody is there for a part of it only; None where they are not there."""
    return tuple(rounded(amount * part, unit) if part > 0 else None for part in presence)


def ramped(amounts: Amounts, months: Sequence[Sequence[int]], shares: Sequence[Decimal], *, unit: Decimal) -> Amounts:
    """Lower amounts to a percentage by months since the start, counted from 0; after the last percentage they stay whole.

    `months` are those of each column in which somebody is there: a quarter has the mean of its months' percentages.
    """
    made: list[Decimal | None] = []
    for amount, inside in zip(amounts, months, strict=True):
        found = [shares[month] if month < len(shares) else HUNDRED for month in inside]
        share = sum(found, Decimal(0)) / len(found) if found else HUNDRED
        made.append(None if amount is None else rounded(amount * share / HUNDRED, unit) if share != HUNDRED else amount)
    return tuple(made)


def percentages(text: str) -> tuple[Decimal, ...]:
    """Read a ramp, `25 50 75`: percentages by months since the start. Raises ValueError."""
    try:
        shares = tuple(Decimal(part) for part in text.replace("%", " ").replace(";", " ").split())
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not 0 < len(shares) <= MOST_MONTHS or any(not (share.is_finite() and 0 <= share <= HUNDRED) for share in shares):
        raise ValueError(text)
    return shares
