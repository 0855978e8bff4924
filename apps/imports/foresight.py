"""Sees what the next portion of a file means while the last one is being written; and anew, where somebody else has written meanwhile what it is about.

Whoever writes asks the database, between two portions; what follows from the answers is worked out in a thread that never asks.
"""

import gc
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path

from django.utils import translation

from apps.imports import matching, portions, rules, values
from apps.imports.ahead import ahead
from apps.imports.drafts import Draft, Refusal
from apps.imports.entities import KEY
from apps.imports.matching import Change, Matched, Rows
from apps.imports.portions import Bundles, Portion
from apps.imports.records import Desk, Record
from apps.opportunities.models import Opportunity, Stage

TURN = 0.0005  # seconds
OBJECTS = 200_000


@dataclass(frozen=True)
class Seen:
    """What drafts mean: the record of each or why there is none, what they change, what of that may be written, and what breaks a rule."""

    made: Sequence[Record | Refusal]
    matched: Matched
    kept: Sequence[Change]
    broken: Sequence[Refusal]


@dataclass(frozen=True)
class Foresight:
    """What a portion means, if the rows of its keys are still those that were there."""

    keys: Sequence[str]
    there: dict[str, str]
    seen: Seen

    def is_current(self, desk: Desk) -> bool:
        return matching.versions(desk.entity, self.keys) == self.there


@dataclass(frozen=True)
class Named:
    """What a portion names: the keys of its rows, and by field the texts that stand for others."""

    keys: Sequence[str]
    references: Mapping[str, set[str]]

    @classmethod
    def of(cls, portion: Portion, desk: Desk) -> "Named":
        return cls(sorted({values.text(draft.cells[KEY], desk.load.formats) for draft in portion.drafts} - {""}), desk.named(portion.drafts))


@dataclass(frozen=True)
class Asked:
    """What has to be known of the database to see what drafts mean; `rows` is left open where only the records say which."""

    rows: Rows | None
    kinds: dict[int, str]


def foreseen(path: Path, desk: Desk, *, rows: int, bundles: Bundles, since: int = 0) -> Iterator[tuple[Portion, Foresight | None]]:
    """Yield the portions of a file from a number on, with what they mean where that can be seen before the last one is written."""
    found = (portion for portion in portions.cut(path, desk.load, rows=rows, bundles=bundles) if portion.number >= since)
    if not _is_seen_by_keys(desk):
        yield from ((portion, None) for portion in ahead(found))
        return
    before: tuple[Portion, Future[Foresight]] | None = None
    with ThreadPoolExecutor(1) as thread:
        for portion, named in ahead((portion, Named.of(portion, desk)) for portion in found):
            after = portion, _begin(thread, portion, named, desk)
            if before:
                yield before[0], before[1].result()
            before = after
        if before:
            yield before[0], before[1].result()


@contextmanager
def many_rows() -> Iterator[None]:
    """Let whoever writes go on soon after each of the database's many short answers, although others think meanwhile; and seldom look for objects that
    refer to each other in a circle: the tens of thousands of a portion do not, and looking takes a quarter of the time.
    """
    turn, circles = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(min(turn, TURN))
    gc.set_threshold(max(circles[0], OBJECTS) if circles[0] else 0, *circles[1:])
    try:
        yield
    finally:
        sys.setswitchinterval(turn)
        gc.set_threshold(*circles)


def _is_seen_by_keys(desk: Desk) -> bool:
    """Whether the keys say which rows a portion means, and nothing that the portion before writes."""
    return portions.is_known_by_key_alone(desk.entity, desk.load) and not portions.refers_to_itself(desk.entity, desk.load)


def _begin(thread: ThreadPoolExecutor, portion: Portion, named: Named, desk: Desk) -> "Future[Foresight]":
    keys, there = named.keys, matching.versions(desk.entity, named.keys)
    desk.look_up(named.references)
    asked = Asked(Rows.of_keys(desk.entity, list(there)), _kinds(desk))
    language = translation.get_language()

    def work() -> Foresight:
        with translation.override(language):
            return Foresight(keys, there, _see(portion.drafts, desk, asked))

    return thread.submit(copy_context().run, work)


def see(drafts: Sequence[Draft], desk: Desk) -> Seen:
    """See what drafts mean now."""
    desk.expect(drafts)
    return _see(drafts, desk, Asked(None, _kinds(desk)))


def _see(drafts: Sequence[Draft], desk: Desk, asked: Asked) -> Seen:
    made = desk.records(drafts)
    matched = matching.match([record for record in made if isinstance(record, Record)], desk, asked.rows)
    kept, broken = rules.keep(matched.changes, desk, asked.kinds)
    return Seen(made, matched, kept, broken)


def _kinds(desk: Desk) -> dict[int, str]:
    return dict(Stage.objects.values_list("pk", "kind")) if desk.entity.model is Opportunity else {}
