"""Reads measures' sums for scopes and windows: from stored sums where they say it, else from the days or the records."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from apps.core import periods
from apps.core.periods import Calendar, Window
from apps.kpis import books, catalogue, live
from apps.kpis.amounts import Amounts
from apps.kpis.books import Book, Need
from apps.kpis.declarations import Measure
from apps.kpis.regrouping import open_book
from apps.reps import standing
from apps.reps.scopes import Scope


def amounts(
    measures: Iterable[str], scopes: Iterable[Scope], window: Window, *, on: date, calendar: Calendar | None = None, book: Book | None = None
) -> Amounts:
    """Return the sums of measures over a window for scopes, as of the end of day `on`; of a team or region either as it was or regrouped, not both."""
    scopes, wanted = tuple(scopes), [catalogue.MEASURES[key] for key in measures]
    calendar, found = calendar or periods.calendar(), Amounts()
    if any(scope.members_on for scope in scopes):
        for members_on, some in standing.apart(scopes).items():
            _add(found, wanted, tuple(some), window, on, calendar, book if book is None or members_on is None else book.regrouped.get(members_on))
    else:
        _add(found, wanted, scopes, window, on, calendar, book)
    return found


def _add(found: Amounts, wanted: list[Measure], scopes: tuple[Scope, ...], window: Window, on: date, calendar: Calendar, book: Book | None) -> None:
    """Add the sums of scopes that are all as they were, or all regrouped by the members of one day."""
    asked = list(books.questions(wanted, scopes, window, on, calendar))
    if book is None or not book.has_undated(wanted, scopes) or any(book.lacks(question, some) for question, some in asked):
        book = open_book([Need(frozenset(m.key for m in wanted), scopes, (window,), on, calendar)])
        book = book.regrouped.get(scopes[0].members_on, book) if scopes and scopes[0].members_on else book
    missing: dict[tuple[Scope, ...], list[Measure]] = {}
    for question, some in asked:
        if not book.add_to(found, question, some):
            missing.setdefault(some, []).extend(catalogue.MEASURES[key] for key in sorted(question.keys))
    book.add_undated(found, wanted, scopes)
    for group in _alike(missing):
        live.read(found, missing[group[0]], [scope for some in group for scope in some], window, on)


def _alike(missing: dict[tuple[Scope, ...], list[Measure]]) -> list[list[tuple[Scope, ...]]]:
    """Put scopes that miss the same together, so that they are asked for at once."""
    groups: dict[tuple[str, ...], list[tuple[Scope, ...]]] = {}
    for scopes, measures in missing.items():
        groups.setdefault(tuple(measure.key for measure in measures), []).append(scopes)
    return list(groups.values())


def amounts_by_step(
    measures: Iterable[str], scope: Scope, steps: list[Window], *, on: date, calendar: Calendar | None = None, book: Book | None = None
) -> dict[date, dict[str, Decimal]]:
    """Return each step's sums by its first day, in one query where stored sums say them."""
    wanted, calendar = list(measures), calendar or periods.calendar()
    sums: dict[date, dict[str, Decimal]] = {step.start_on: defaultdict(Decimal) for step in steps}
    if not steps or not wanted:
        return sums
    if book is None:
        book = open_book([Need(frozenset(wanted), (scope,), tuple(steps), on, calendar)])
    for step in steps:
        if not book.state.is_before_everything(step):
            sums[step.start_on] = amounts(wanted, [scope], step, on=on, calendar=calendar, book=book).of(scope)
    return sums
