"""Finds for each record the row that is already there, joins records that repeat, and sees what would change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext as _

from apps.imports.copying import quoted
from apps.imports.drafts import Refusal
from apps.imports.entities import KEY, Entity
from apps.imports.records import Desk, Record
from apps.imports.references import chunks
from apps.imports.values import Refused

BETWEEN = "\x1f"  # a sign made for it


@dataclass(frozen=True)
class Change:
    """One row as it shall be; `changed` names the attributes in which it differs, `is_new` that it is not there yet."""

    record: Record
    row: models.Model
    is_new: bool
    changed: tuple[str, ...] = ()
    before: tuple[Any, ...] = ()  # the values of `changed` that are there now


@dataclass
class Matched:
    """What records mean for the table: rows to add or change, rows that stay as they are."""

    changes: list[Change] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    unchanged: int = 0


def match(records: list[Record], desk: Desk, rows: "Rows | None" = None) -> Matched:
    """See what records mean, by the rows that are there; those are looked up where they are not given."""
    matched = Matched()
    single = _joined(records, desk, matched)
    rows = rows or Rows.of_records(desk.entity, single)
    for record in single:
        try:
            row = rows.take(record)
        except Refused as refused:
            matched.refusals.append(Refusal(record.lines, (desk.error(desk.entity.same[0] if desk.entity.same else KEY, record, refused),)))
            continue
        change = _change(record, row, desk)
        if change is None:
            matched.refusals.append(_unknown(record, desk))
        elif change.is_new or change.changed:
            matched.changes.append(change)
        else:
            matched.unchanged += 1
    return matched


def identity(record: Record, entity: Entity) -> tuple[Any, ...]:
    """What makes two records the same row: the external key, else the entity's own fields."""
    key = record.values.get(KEY)
    return (KEY, key) if key is not None else own(record, entity)


def own(row: Record | models.Model, entity: Entity) -> tuple[Any, ...]:
    """Give the fields that make a row what it is, besides its key."""
    columns = [entity.fields[name] for name in entity.same]
    if isinstance(row, models.Model):
        return tuple(getattr(row, column.attname) for column in columns)
    return tuple(row.values[column.attname] if column.attname in row.values else column.get_default() for column in columns)


def _joined(records: list[Record], desk: Desk, matched: Matched) -> list[Record]:
    """Keep one of the records that say the same of one row; refuse all that contradict each other."""
    groups: dict[Any, list[Record]] = {}
    for number, record in enumerate(records):  # what nothing makes itself, as without its key, is like no other
        groups.setdefault(identity(record, desk.entity) or number, []).append(record)
    kept = []
    for group in groups.values():
        if len(group) == 1:
            kept.append(group[0])
            continue
        different = [record for record in group[1:] if record.values != group[0].values]
        if different:
            matched.refusals += [_contradiction(record, group, desk) for record in group]
        else:
            lines = sorted((line for record in group for line in record.lines), key=lambda line: line.number)
            kept.append(replace(group[0], lines=tuple(lines)))
    return sorted(kept, key=lambda record: tuple(map(str, identity(record, desk.entity))))


def _contradiction(record: Record, group: Sequence[Record], desk: Desk) -> Refusal:
    other = next(each for each in group if each.values != record.values)
    attribute = next(name for name in record.values if record.values[name] != other.values.get(name))
    reason = _("Line %(line)s says something else of the same row.") % {"line": other.lines[0].number}
    refused = Refused(reason, _("Keep one of them. A mapping file can add lines up (`group`) or leave some out (`skip`)."))
    return Refusal(record.lines, (desk.error(desk.entity.model._meta.get_field(attribute).name, record, refused),))


def _change(record: Record, row: models.Model | None, desk: Desk) -> Change | None:
    entity = desk.entity
    if row is None:
        if desk.load.only == "updates":
            return None
        return Change(record, desk.new(record), is_new=True)
    if desk.load.only == "new":
        return Change(record, row, is_new=False, changed=())
    passing = {entity.fields[name].attname for name in entity.passing}
    changed = [name for name, value in record.values.items() if name not in passing and getattr(row, name) != value]
    before: tuple[Any, ...] = ()
    if changed:
        before = tuple(getattr(row, name) for name in changed)
        changed += [name for name in record.values if name in passing]
        for name in changed:
            setattr(row, name, record.values[name])
    return Change(record, row, is_new=False, changed=tuple(changed), before=before)


def _unknown(record: Record, desk: Desk) -> Refusal:
    refused = Refused(_("There is no such row to update."), _("Add it first: this import changes rows and adds none."))
    name = KEY if KEY in record.cells else desk.entity.same[0]
    return Refusal(record.lines, (desk.error(name, record, refused),))


def versions(entity: Entity, wanted: Sequence[Any], attribute: str = KEY) -> dict[Any, str]:
    """Return which of some values there are, and the version of a row that has it, which is another one after each write.

    A list of thousands is one parameter here, and most rows of a first import are new.
    """
    meta = entity.model._meta
    column, table = (quoted(name) for name in (next(each.column for each in meta.concrete_fields if each.attname == attribute), meta.db_table))
    some = list({each for each in wanted if each is not None})
    given = "%s"
    params: list[Any] = [some]
    if attribute == KEY and not any(BETWEEN in each for each in some):  # one text costs less than a list
        given, params = "string_to_array(nullif(%s, ''), %s)", [BETWEEN.join(some), BETWEEN]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column}, xmin::text FROM {table} WHERE {column} = ANY({given})", params)
        return dict(cursor.fetchall())


class Rows:
    """The rows that some records may mean, found with few queries; each is taken once."""

    def __init__(self, entity: Entity) -> None:
        self.entity = entity
        self.by_key: dict[str, models.Model] = {}
        self.by_own: dict[tuple[Any, ...], list[models.Model]] = {}
        self.taken: set[int] = set()

    @classmethod
    def of_keys(cls, entity: Entity, keys: Sequence[str]) -> "Rows":
        """Return the rows of keys that are there, for records that nothing else makes the same row."""
        rows = cls(entity)
        rows.by_key = {getattr(row, KEY): row for row in rows._rows(KEY, keys)}
        return rows

    @classmethod
    def of_records(cls, entity: Entity, records: Sequence[Record]) -> "Rows":
        rows = cls(entity)
        if entity.has_key:
            keys = [record.values[KEY] for record in records if record.values.get(KEY) is not None]
            rows.by_key = {getattr(row, KEY): row for row in rows._rows(KEY, list(versions(entity, keys)))}
        if entity.same:
            first = entity.fields[entity.same[0]].attname
            for row in rows._rows(first, list(versions(entity, [record.values.get(first) for record in records], first))):
                same = rows.by_key.get(getattr(row, KEY, None) or "", row)
                rows.by_own.setdefault(own(row, entity), []).append(same)
        return rows

    def _rows(self, attribute: str, there: Sequence[Any]) -> Iterable[models.Model]:
        for some in chunks(there):
            yield from self.entity.model._default_manager.filter(**{f"{attribute}__in": some})

    def take(self, record: Record) -> models.Model | None:
        """Return the row that a record means, None where it is new. Raises Refused where it could be several."""
        key = record.values.get(KEY)
        if key is not None and key in self.by_key:
            return self._taken(self.by_key[key])
        if not self.entity.same:
            if key is None:
                raise Refused(_("The key is blank, so the row cannot be recognised."), _("Fill it in."))
            return None
        rows = self.by_own.get(own(record, self.entity), [])
        free = [row for row in rows if row.pk not in self.taken and (key is None or getattr(row, KEY, None) is None)]
        if len(free) > 1:
            reason = _("%(count)s rows are like this one.") % {"count": len(free)}
            raise Refused(reason, _("Give those rows their external keys, and bring the key in with the file."))
        return self._taken(free[0]) if free else None

    def _taken(self, row: models.Model) -> models.Model:
        self.taken.add(row.pk)
        return row
