"""Of which stored sums an answer is put together. That is worked out once, as things stand, and the sums are added up for every page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from apps.core.periods import Calendar, Window
from apps.kpis import books, catalogue, layouts
from apps.kpis.amounts import Amounts, Owner, Slot
from apps.kpis.books import NO_DAY, Book, Place, State
from apps.kpis.carrying import EVER
from apps.kpis.declarations import Measure
from apps.kpis.streams import STREAMS
from apps.reps.scopes import Scope

Found = tuple[Owner, Place, tuple[Slot, ...]]  # whose sums stand in which place, and where in its array


@dataclass(frozen=True)
class Plan:
    """What to add up; `places` is all that has to be looked up for it, `missing` the measures that no stored sum says, with the scopes they are of.

    Records without a day belong to no window, so every window says how many there are: `undated`.
    """

    places: frozenset[Place]
    sums: tuple[Found, ...]
    undated: tuple[Found, ...]
    missing: tuple[tuple[tuple[Scope, ...], tuple[str, ...]], ...]

    def add_to(self, found: Amounts, book: Book) -> None:
        """Add what a book says."""
        for owner, place, slots in self.sums:
            for part, stored in book.sums.get(place, ()):
                found.add_stored(owner, part, stored, slots)
        for owner, place, slots in self.undated:
            for _part, stored in book.sums.get(place, ()):
                found.add_excluded(owner, stored, slots)


@lru_cache(maxsize=4096)
def of(measures: tuple[str, ...], scopes: tuple[Scope, ...], window: Window, on: date, calendar: Calendar, state: State) -> Plan:
    """Plan the sums of measures over a window for scopes, as of the end of day `on`, while the stored sums stand as `state` says (see `State.standing`)."""
    wanted = [catalogue.MEASURES[key] for key in measures]
    sums: list[Found] = []
    missing: dict[tuple[Scope, ...], list[str]] = {}
    for question, some in books.questions(wanted, scopes, window, on, calendar):
        parts = question.answer(state)
        if parts is None:
            missing.setdefault(some, []).extend(sorted(question.keys))
        elif parts:
            slots = layouts.layouts()[question.stream].slots_of(question.keys)
            sums += (((one.kind, one.id), (one.kind, one.id, grain, start_on, question.stream), slots) for one in some for grain, start_on in parts)
    undated = tuple(_undated(wanted, scopes))
    places = frozenset(place for _owner, place, _slots in (*sums, *undated))
    return Plan(places, tuple(sums), undated, tuple(_alike(missing)))


def _undated(measures: Iterable[Measure], scopes: Iterable[Scope]) -> Iterable[Found]:
    keys: dict[str, set[str]] = {}
    for measure in measures:
        if STREAMS[measure.stream].may_be_undated:
            keys.setdefault(measure.stream, set()).add(measure.key)
    for stream, some in keys.items():
        slots = layouts.layouts()[stream].slots_of(frozenset(some))
        yield from (((scope.kind, scope.id), (scope.kind, scope.id, EVER, NO_DAY, stream), slots) for scope in scopes)


def _alike(missing: dict[tuple[Scope, ...], list[str]]) -> Iterable[tuple[tuple[Scope, ...], tuple[str, ...]]]:
    """Put scopes that miss the same together, so that they are asked for at once."""
    groups: dict[tuple[str, ...], list[Scope]] = {}
    for scopes, measures in missing.items():
        groups.setdefault(tuple(measures), []).extend(scopes)
    return ((tuple(scopes), measures) for measures, scopes in groups.items())
