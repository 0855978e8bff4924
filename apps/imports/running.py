"""Carries an import on from wherever it is, portion by portion, to its end.

Each portion is a transaction with its checkpoint in it: what is committed is counted once and never again, what is not left nothing. Whoever carries an
import on holds its lock for as long as the process lives, so that nobody else does; should two do it nevertheless, the second finds the checkpoint moved.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from django.db import connection, models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.core import authorship, clock
from apps.imports import effects, keeping, loading, moving, parsing, portions
from apps.imports.entities import ENTITIES
from apps.imports.foresight import Foresight, foreseen, many_rows
from apps.imports.keys import MappingError, Problem
from apps.imports.models import Import, Part, Rejection
from apps.imports.portions import Portion
from apps.imports.records import Desk
from apps.imports.traces import Trace
from apps.kpis.models import DirtyCell
from apps.opportunities.models import Opportunity, OpportunityVersion

ALIVE = 0x6B706963  # with an import's number: somebody carries it on
GROWN = "SELECT relname FROM pg_class WHERE oid = ANY(%s::regclass[]) AND reltuples < 10 * %s ORDER BY 1"
STARTS = 5  # so often an import is begun again without getting further
Tell = Callable[[Part], None]


class Stopped(Exception):
    """The import was cancelled, or somebody else carries it on."""


def run(pk: int, tell: Tell = lambda part: None) -> bool:
    """Carry an import on; False where somebody else does, or there is nothing to do. Raises MappingError, and has it fail, where it cannot be done."""
    with _held(pk) as is_ours:
        if not is_ours or not _begin(pk):
            return False
        this = Import.objects.get(pk=pk)
        try:
            with many_rows():
                _carry_on(this, tell)
        except MappingError as error:
            _end(this, Import.State.FAILED, fault=str(error))
            raise
        except Stopped:
            return False
        _measure_tables(this)
        _end(this, Import.State.DONE)
        return True


def is_carried_on(pk: int) -> bool:
    """Whether a living process carries an import on."""
    with _held(pk) as is_free:
        return not is_free


@contextmanager
def _held(pk: int) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [ALIVE, pk])
        is_held: bool = cursor.fetchone()[0]
    try:
        yield is_held
    finally:
        if is_held and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [ALIVE, pk])


def _begin(pk: int) -> bool:
    """Count a start; one that never gets further ends."""
    begun = Import.objects.filter(pk=pk, state__in=[Import.State.WAITING, Import.State.RUNNING])
    if begun.filter(starts__gte=STARTS).update(state=Import.State.FAILED, finished_at=clock.now(), fault=_given_up()):
        return False
    return bool(begun.update(state=Import.State.RUNNING, starts=F("starts") + 1, started_at=models.functions.Coalesce("started_at", models.Value(clock.now()))))


def _given_up() -> str:
    return _("It was begun %(starts)s times and never got further. Look into the worker’s log, then resume it; or undo it.") % {"starts": STARTS}


def _end(this: Import, state: str, *, fault: str = "") -> None:
    with transaction.atomic():
        running = Import.objects.filter(pk=this.pk, state=Import.State.RUNNING)
        if running.update(state=state, fault=fault, finished_at=clock.now(), starts=0) and state == Import.State.DONE:
            effects.after(this)


def _carry_on(this: Import, tell: Tell) -> None:
    loads = parsing.parse(this.mapping).loads
    parts = list(this.parts.select_related("file"))
    for part in parts:
        _path(part)
    if not any(part.portions for part in parts):
        effects.before(this)
        _survey(this, parts, [loading.desk(part.file.name, loads[part.load]) for part in parts])
    for part in parts:
        if not part.is_done:
            _carry_part_on(this, part, loading.desk(part.file.name, loads[part.load]))
        tell(part)


def _path(part: Part) -> Path:
    path = keeping.path_of(part.file)
    if path is None:
        raise MappingError([Problem(part.file.name, _("The file is not kept any more."), _("Import it again."))])
    return path


def _survey(this: Import, parts: list[Part], desks: list[Desk]) -> None:
    """Read every file to its end, so that one that cannot be read has nothing written; count the rows."""
    rows = 0
    for part, desk in zip(parts, desks, strict=True):
        if portions.is_known_by_key_alone(desk.entity, desk.load):
            rows += _bundle(part, desk)
        else:  # what makes its rows the same may be written by a file before
            rows += sum(1 for _line in portions.lines(_path(part), desk.load))
    Import.objects.filter(pk=this.pk).update(rows=rows, rows_done=0)


def _bundle(part: Part, desk: Desk) -> int:
    """Find the rows of a file that are kept for its last portions; return how many lines it has."""
    found = portions.survey(_path(part), desk, rows=portions.size(desk.entity, desk.load))
    part.bundles = found.bundles
    part.save(update_fields=["bundles"])
    return found.lines


def _carry_part_on(this: Import, part: Part, desk: Desk) -> None:
    path, rows, on = _path(part), portions.size(desk.entity, desk.load), effects.begun_on(this)
    if part.bundles is None:
        _bundle(part, desk)
    for portion, seen in foreseen(path, desk, rows=rows, bundles=part.bundles, since=part.portions):
        _write(this, part, portion, desk, seen, on)
    Part.objects.filter(pk=part.pk).update(is_done=True)
    part.is_done = True


def _write(this: Import, part: Part, portion: Portion, desk: Desk, seen: Foresight | None, on: date) -> None:
    """Write one portion and move the checkpoint, both or neither."""
    with authorship.written(by=this.by_id, reason=part.file.name):
        loading.alone()
        _take(this, part, portion)
        loaded, difference = moving.load(portion, desk, seen, on, Trace(part.pk, desk.entity))
        this.sums = effects.grown(this, difference)
        errors = [(refusal, error) for refusal in loaded.refusals for error in refusal.errors]
        Rejection.objects.bulk_create(
            Rejection(
                part=part,
                line=error.line,
                lines=sorted({line.number for line in refusal.lines}),
                column=error.column,
                value=error.value,
                reason=error.reason,
                remedy=error.remedy,
            )
            for refusal, error in errors
        )
        for name, count in vars(loaded.counts).items():
            setattr(part, name, getattr(part, name) + count)
        part.portions = portion.number + 1
        part.save(update_fields=[*vars(loaded.counts), "portions"])
        Import.objects.filter(pk=this.pk).update(rows_done=F("rows_done") + portion.read, starts=0, sums=this.sums)


def _take(this: Import, part: Part, portion: Portion) -> None:
    """Hold the import and its checkpoint until the portion is written. Raises Stopped where it is not ours any more."""
    state = Import.objects.select_for_update().values_list("state", flat=True).get(pk=this.pk)
    if state != Import.State.RUNNING or Part.objects.values_list("portions", flat=True).get(pk=part.pk) != portion.number:
        raise Stopped


def _measure_tables(this: Import) -> None:
    """Let the database see how tables have grown by much of what they were, so that what counts them next is planned for their new size."""
    written: list[tuple[str, int]] = list(this.parts.values_list("entity", models.F("created") + models.F("updated")))
    models_: set[type[models.Model]] = {ENTITIES[entity].model for entity, _rows in written} | {DirtyCell}
    if Opportunity in models_:
        models_.add(OpportunityVersion)
    rows = sum(count for _entity, count in written)
    with connection.cursor() as cursor:
        cursor.execute(GROWN, [[model._meta.db_table for model in models_], rows])
        if grown := [connection.ops.quote_name(table) for (table,) in cursor.fetchall()]:
            cursor.execute("ANALYZE " + ", ".join(grown))
