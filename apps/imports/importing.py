"""Imports the files of a folder as a mapping says, from beginning to end; the same import could be carried on by a worker."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from django.utils.translation import gettext as _

from apps.imports import errors_file, preview, returning, running, selectors, services, sources
from apps.imports.mapping import Mapping
from apps.imports.models import Import
from apps.imports.report import FileReport, ImportReport
from apps.imports.sources import Source


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
    if order.is_dry:
        return ImportReport(files=tuple(each.report for each in preview.preview(found, tell, with_errors=True).files))
    this = services.ask(order.mapping, found, by=None)
    try:
        running.run(this.pk, lambda part: tell(selectors.report_of(part)))
    except KeyboardInterrupt:
        services.cancel(this.pk)
        raise
    this.refresh_from_db()
    return _with_errors_files(selectors.report(this), this, found, order.errors_to)


def _with_errors_files(report: ImportReport, this: Import, found: list[Source], folder: Path | None) -> ImportReport:
    """Write what each file had rejected, over all entities it feeds; a folder that cannot be written to is told."""
    written, warnings = [], []
    for path in dict.fromkeys(source.path for source in found):
        place = folder or path.parent
        try:
            errors_file.remove(path, place)
            if rejected := returning.write(this.files.get(name=path.name), path, place, next(source.load for source in found if source.path == path)):
                written.append(str(rejected))
        except OSError as error:
            told = _("The rejected rows of %(file)s could not be written: %(error)s. Say where with --errors FOLDER, and import again.")
            warnings.append(told % {"file": path.name, "error": error})
    return replace(report, errors_files=tuple(written), warnings=tuple(warnings))
