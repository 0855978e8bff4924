"""Reads measures' sums for scopes and windows: from stored sums where they say it, else from the days or the records."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from apps.core import periods
from apps.core.periods import Calendar, Window
from apps.kpis import catalogue, live, narrowing, plans
from apps.kpis.amounts import Amounts
from apps.kpis.books import Book, Need
from apps.kpis.narrowing import Ask, Days, Narrow
from apps.kpis.regrouping import open_book
from apps.reps import standing
from apps.reps.scopes import Scope


def amounts(
    measures: Iterable[str], scopes: Iterable[Scope], window: Window, *, on: date, calendar: Calendar | None = None, book: Book | None = None
) -> Amounts:
    """Return the sums of measures over a window for scopes, as of the end of day `on`; of each scope in one way alone: as it was or regrouped, whole or narrowed."""
    scopes, wanted = tuple(scopes), tuple(measures)
    calendar, found = calendar or periods.calendar(), Amounts()
    if any(scope.members_on or scope.only for scope in scopes):
        for (members_on, only), some in standing.apart(scopes).items():
            if only is not None:
                _add_narrowed(found, wanted, some, narrowing.days_of(window, on), book.narrowed.get((members_on, only)) if book else None)
            else:
                _add(found, wanted, tuple(some), window, on, calendar, book if book is None or members_on is None else book.regrouped.get(members_on))
    else:
        _add(found, wanted, scopes, window, on, calendar, book)
    return found


def _add_narrowed(found: Amounts, wanted: tuple[str, ...], scopes: list[Scope], days: Days, narrow: Narrow | None) -> None:
    """Add the sums of scopes that are all narrowed in the same way; what was not counted along with others is counted now."""
    if narrow is None or not narrow.says(wanted, scopes, days):
        ask = Ask(frozenset(wanted), frozenset((scope.kind, scope.id) for scope in scopes), days)
        narrow = narrowing.count([ask], (scopes[0].members_on, scopes[0].only))
    narrow.add_to(found, wanted, scopes, days)


def _add(found: Amounts, wanted: tuple[str, ...], scopes: tuple[Scope, ...], window: Window, on: date, calendar: Calendar, book: Book | None) -> None:
    """Add the sums of scopes that are all as they were, or all regrouped by the members of one day."""
    plan = plans.of(wanted, scopes, window, on, calendar, book.state.standing) if book else None
    if book is None or plan is None or not plan.places <= book.loaded:
        book = open_book([Need(frozenset(wanted), scopes, (window,), on, calendar)])
        book = book.regrouped.get(scopes[0].members_on, book) if scopes and scopes[0].members_on else book
        plan = plans.of(wanted, scopes, window, on, calendar, book.state.standing)
    plan.add_to(found, book)
    for some, measures in plan.missing:
        live.read(found, [catalogue.MEASURES[key] for key in measures], list(some), window, on)


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
