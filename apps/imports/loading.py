"""Loads one portion of a file into one entity: drafts, records, changes, rows; inside the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from zoneinfo import ZoneInfo

from django.db import connection

from apps.core import periods
from apps.core.models import Organisation
from apps.imports import foresight, portions, writing
from apps.imports.drafts import Draft, Refusal
from apps.imports.entities import ENTITIES
from apps.imports.foresight import Foresight, Seen
from apps.imports.mapping import Load
from apps.imports.matching import Change
from apps.imports.portions import Portion
from apps.imports.records import Desk
from apps.imports.references import References
from apps.imports.report import Counts

LOCK = 0x6B706962  # one portion at a time
# Thousands of rows fire row triggers in one transaction. Without a value for pgtrigger.ignore each call of a trigger ends
# in a subtransaction that fails, and each of those walks through all checks still due: quadratic. And the plans of the
# triggers' queries are made while their tables are still small and kept: a sequential scan chosen then is quadratic too.
FOR_MANY_ROWS = ("SET LOCAL pgtrigger.ignore = '{}'", "SET LOCAL enable_seqscan = off")


@dataclass(frozen=True)
class Loaded:
    """What became of a portion."""

    counts: Counts
    refusals: tuple[Refusal, ...]
    written: tuple[Change, ...]


@dataclass(frozen=True)
class Wave:
    """What became of some drafts. Those that refer to rows that were not there yet may be tried again."""

    written: tuple[Change, ...]
    unchanged: int
    refusals: tuple[Refusal, ...]
    refused: tuple[Draft, ...]


def desk(file: str, load: Load) -> Desk:
    """Lay out what is needed to load a file, as the organisation is now."""
    organisation = Organisation.get()
    return Desk(
        file=file,
        load=replace(load, formats=replace(load.formats, zone=ZoneInfo(organisation.time_zone))),
        entity=ENTITIES[load.entity],
        calendar=periods.calendar(),
        references=References(),
        currency=organisation.currency,
    )


class Watcher(Protocol):
    """Looks at what is about to be written, and at what was."""

    def before(self, changes: Sequence[Change]) -> None: ...

    def written(self, before: Sequence[Change], written: Sequence[Change]) -> None: ...


def alone() -> None:
    """Wait until no other import writes, for as long as the transaction lasts, and make ready for many rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    get_ready()


def get_ready() -> None:
    """Make ready for many rows, for as long as the transaction lasts."""
    with connection.cursor() as cursor:
        for setting in FOR_MANY_ROWS:
            cursor.execute(setting)


def load(portion: Portion, desk: Desk, *watchers: Watcher, foreseen: Foresight | None = None) -> Loaded:
    """Write a portion while others watch; what was foreseen of it holds where nobody has written its rows since."""
    seen = foreseen.seen if foreseen and foreseen.is_current(desk) else None
    waves = _waves(portion.drafts, desk, watchers, seen)
    refusals = (*portion.refusals, *(refusal for wave in waves for refusal in wave.refusals))
    written = tuple(change for wave in waves for change in wave.written)
    created = sum(change.is_new for change in written)
    unchanged, rejected = sum(wave.unchanged for wave in waves), len({line for refusal in refusals for line in refusal.lines})
    merged = portion.read - portion.skipped - rejected - len(written) - unchanged
    counts = Counts(portion.read, created, len(written) - created, unchanged, portion.skipped, merged, rejected)
    return Loaded(counts, refusals, written)


def _waves(waiting: Sequence[Draft], desk: Desk, watchers: Sequence[Watcher], seen: Seen | None) -> list[Wave]:
    """Load drafts; where rows may refer to others of the same file, go on while that adds rows."""
    refers_to_itself = portions.refers_to_itself(desk.entity, desk.load)
    waves = [_wave(waiting, seen or foresight.see(waiting, desk), desk, watchers)]
    while refers_to_itself and waves[-1].refused and any(change.is_new for change in waves[-1].written):
        again = waves.pop()
        waves.append(replace(again, refusals=again.refusals[: -len(again.refused)], refused=()))
        waves.append(_wave(again.refused, foresight.see(again.refused, desk), desk, watchers))
    return waves


def _wave(waiting: Sequence[Draft], seen: Seen, desk: Desk, watchers: Sequence[Watcher]) -> Wave:
    for each in watchers:
        each.before(seen.kept)
    written, unwritten = writing.write(seen.kept, desk)
    for each in watchers:
        each.written(seen.kept, written)
    refused = tuple(draft for draft, record in zip(waiting, seen.made, strict=True) if isinstance(record, Refusal))
    unmade = [record for record in seen.made if isinstance(record, Refusal)]
    return Wave(tuple(written), seen.matched.unchanged, (*seen.matched.refusals, *seen.broken, *unwritten, *unmade), refused)
