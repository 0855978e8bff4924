"""Imports the files of a folder as a mapping says: each file and entity in one transaction, so that nothing is half-written."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from apps.core import authorship, periods
from apps.core.models import Organisation
from apps.imports import errors_file, loading, sources
from apps.imports.entities import ENTITIES
from apps.imports.loading import Loaded
from apps.imports.mapping import Mapping
from apps.imports.records import Desk
from apps.imports.references import References
from apps.imports.report import FileReport, ImportReport
from apps.imports.sources import Source
from apps.kpis.models import DirtyCell
from apps.opportunities.models import Opportunity, OpportunityVersion

LOCK = 0x6B706962  # one import at a time
# Thousands of rows fire row triggers in one transaction. Without a value for pgtrigger.ignore each call of a trigger ends
# in a subtransaction that fails, and each of those walks through all checks still due: quadratic. And the plans of the
# triggers' queries are made while their tables are still small and kept: a sequential scan chosen then is quadratic too.
FOR_MANY_ROWS = ("SET LOCAL pgtrigger.ignore = '{}'", "SET LOCAL enable_seqscan = off")


@dataclass(frozen=True)
class Order:
    """What to import: which files, how, whether only to try, and where rejected rows are written."""

    mapping: Mapping
    place: Path | tuple[Path, ...]
    is_dry: bool = False
    errors_to: Path | None = None


def run(order: Order, tell: Callable[[FileReport], None]) -> ImportReport:
    """Import, telling of each file as it is done. A dry run does the same and takes it all back."""
    found = sources.find(order.mapping, order.place)
    loaded: list[tuple[Source, Loaded]] = []
    with transaction.atomic() if order.is_dry else nullcontext():
        for source in found:
            done = _load(source)
            loaded.append((source, done))
            tell(done.report)
        if order.is_dry:
            transaction.set_rollback(True)
    report = ImportReport(files=tuple(done.report for _source, done in loaded))
    if order.is_dry:
        return report
    _measure_tables(order.mapping)
    return _with_errors_files(report, loaded, order.errors_to)


def _load(source: Source) -> Loaded:
    zone = ZoneInfo(Organisation.get().time_zone)
    load = replace(source.load, formats=replace(source.load.formats, zone=zone))
    desk = Desk(
        file=source.path.name,
        load=load,
        entity=ENTITIES[load.entity],
        calendar=periods.calendar(),
        references=References(),
        currency=Organisation.get().currency,
    )
    with authorship.written(reason=source.path.name):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            for setting in FOR_MANY_ROWS:
                cursor.execute(setting)
        return loading.load(source.path, desk)


def _measure_tables(mapping: Mapping) -> None:
    """Let the database see how its tables have grown, so that what counts them next is planned for their new size."""
    grown: set[type[models.Model]] = {ENTITIES[load.entity].model for load in mapping.loads} | {DirtyCell}
    if Opportunity in grown:
        grown.add(OpportunityVersion)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(sorted(connection.ops.quote_name(model._meta.db_table) for model in grown)))


def _with_errors_files(report: ImportReport, loaded: list[tuple[Source, Loaded]], folder: Path | None) -> ImportReport:
    """Write what each file had rejected, over all entities it feeds; a folder that cannot be written to is told."""
    written, warnings = [], []
    for path in dict.fromkeys(source.path for source, _done in loaded):
        place = folder or path.parent
        try:
            errors_file.remove(path, place)
            if rejected := _write_errors(path, place, [(source, done) for source, done in loaded if source.path == path]):
                written.append(str(rejected))
        except OSError as error:
            told = _("The rejected rows of %(file)s could not be written: %(error)s. Say where with --errors FOLDER, and import again.")
            warnings.append(told % {"file": path.name, "error": error})
    return replace(report, errors_files=tuple(written), warnings=tuple(warnings))


def _write_errors(path: Path, place: Path, own: list[tuple[Source, Loaded]]) -> Path | None:
    lines = {number for _source, done in own for number in done.rejected}
    if not lines:
        return None
    source, done = own[0]
    errors = [error for _source, each in own for error in each.report.errors]
    return errors_file.write(path, place, layout=done.layout, formats=source.load.formats, sheet=source.load.sheet, lines=lines, errors=errors)
