"""Cuts a file into portions that are written one by one: always the same ones, so that an import can go on where it ended.

Rows that mean the same row, or must be written as one, come in one portion: those that lie too far apart are kept for the last ones.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from apps.imports import reading, values
from apps.imports.drafts import Draft, Drafting, Refusal
from apps.imports.entities import KEY, Entity
from apps.imports.mapping import Load
from apps.imports.matching import identity
from apps.imports.records import Desk, Record

ROWS = 5_000
FEW = 50_000  # so many rows of an entity that is known by more than its key are written as one
ENDLESS = 1 << 62
Entry = Draft | Refusal | None  # None: a line that is skipped
Bundles = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Survey:
    """What one look through a file tells: how many lines become rows or are left out, and the places of rows that are kept for the last portions."""

    lines: int
    bundles: list[list[int]]


@dataclass(frozen=True)
class Portion:
    """Some rows of a file that are written together; `read` counts their lines."""

    number: int
    drafts: tuple[Draft, ...]
    refusals: tuple[Refusal, ...]
    skipped: int

    @property
    def read(self) -> int:
        return self.skipped + sum(len(draft.lines) for draft in self.drafts) + sum(len(refusal.lines) for refusal in self.refusals)


def size(entity: Entity, load: Load) -> int:
    """Return how many rows a portion has; rows that refer to others of their own kind are written as one."""
    if refers_to_itself(entity, load):
        return ENDLESS
    return FEW if entity.same else ROWS


def refers_to_itself(entity: Entity, load: Load) -> bool:
    """Whether rows may refer to others of the same file."""
    return any(entity.fields[field.name].related_model is entity.model for field in load.fields)


def is_known_by_key_alone(entity: Entity, load: Load) -> bool:
    """Whether nothing but their keys makes two rows the same, or written as one."""
    return KEY in {field.name for field in load.fields} and not entity.same and not entity.together


def lines(path: Path, load: Load) -> Iterator[reading.Line]:
    """Yield the lines of a file. Raises MappingError where it cannot be read."""
    yield from reading.opened(path, columns=load.columns, formats=load.formats, sheet=load.sheet).lines


def entries(path: Path, load: Load, *, columns: Sequence[str] = ()) -> Iterator[Entry]:
    """Yield what each line, or group of lines, becomes, in the order of the file. Its header is told by some columns: by all of the load's, where none are given."""
    page = reading.opened(path, columns=tuple(columns) or load.columns, formats=load.formats, sheet=load.sheet)
    drafting, width = Drafting(page, load), len(page.header)
    grouped = []
    for line in page.lines:
        if drafting.is_skipped(line) or not (unfolded := drafting.unfolded(line)):
            yield None
        elif len(line.cells) != width:
            yield drafting.wrong_width(line)
        elif load.group:
            grouped += unfolded
        else:
            yield from (drafting.draft((each,)) for each in unfolded)
    yield from (drafting.draft(lines) for lines in drafting.groups(grouped))


def cut(path: Path, load: Load, *, rows: int, bundles: Bundles) -> Iterator[Portion]:
    """Yield the portions of a file; those with bundles come last."""
    bundle_of = {place: bundle for bundle, places in enumerate(bundles) for place in places}
    kept: dict[int, list[Draft]] = {}
    number, block = 0, list[Entry]()
    for place, entry in enumerate(entries(path, load)):
        if place in bundle_of and isinstance(entry, Draft):
            kept.setdefault(bundle_of[place], []).append(entry)
        else:
            block.append(entry)
        if (place + 1) % rows == 0:
            yield _portion(number, block)
            number, block = number + 1, []
    for bundle in (kept[each] for each in sorted(kept)):
        block += bundle
        if len(block) >= rows:
            yield _portion(number, block)
            number, block = number + 1, []
    if block:
        yield _portion(number, block)


def _portion(number: int, block: Sequence[Entry]) -> Portion:
    drafts = tuple(entry for entry in block if isinstance(entry, Draft))
    refusals = tuple(entry for entry in block if isinstance(entry, Refusal))
    return Portion(number, drafts, refusals, sum(entry is None for entry in block))


def survey(path: Path, desk: Desk, *, rows: int) -> Survey:
    """Find the places of rows that belong together but would come in different portions; on disk, so that memory stays as it is."""
    count = 0
    load = replace(desk.load, fields=tuple(field for field in desk.load.fields if field.name in {KEY, *desk.entity.same, desk.entity.together}))
    short = replace(desk, load=load)
    with closing(sqlite3.connect("")) as found:
        found.execute("CREATE TABLE seen (sum INTEGER, place INTEGER)")
        for block in _batches(enumerate(entries(path, load, columns=desk.load.columns)), ROWS):
            count += sum(1 if entry is None else len(entry.lines) for _place, entry in block)
            some = [(place, entry) for place, entry in block if isinstance(entry, Draft)]
            sums: Iterable[tuple[int | None, int]]
            if is_known_by_key_alone(desk.entity, load):
                sums = ((_number(values.text(draft.cells[KEY], load.formats)), place) for place, draft in some if draft.cells[KEY] != "")
            else:
                drafts = [draft for _place, draft in some]
                short.expect(drafts)
                records = short.records(drafts)
                sums = ((_sum(record, desk.entity), place) for (place, _draft), record in zip(some, records, strict=True) if isinstance(record, Record))
            found.executemany("INSERT INTO seen VALUES (?, ?)", (pair for pair in sums if pair[0] is not None))
        apart = f"SELECT group_concat(place) FROM seen GROUP BY sum HAVING min(place) / {rows} <> max(place) / {rows} ORDER BY min(place)"
        return Survey(count, [sorted(map(int, places.split(","))) for (places,) in found.execute(apart)])


def _sum(record: Record, entity: Entity) -> int | None:
    """Return a number that rows which belong together share; None for a row that nothing makes itself."""
    what = (record.values.get(entity.fields[entity.together].attname),) if entity.together else identity(record, entity)
    if not any(each is not None for each in what):
        return None
    return _number(repr(what))


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest(), signed=True)


def _batches(items: Iterable[tuple[int, Entry]], rows: int) -> Iterator[list[tuple[int, Entry]]]:
    rest = iter(items)
    while some := list(islice(rest, rows)):
        yield some
