"""Gives the rejected rows of a file that an import keeps back, in the layout of the file, to be corrected and sent again."""

from pathlib import Path

from apps.imports import errors_file, keeping, parsing, reading, selectors
from apps.imports.mapping import Load
from apps.imports.models import ImportedFile, Part


def rejected(file: ImportedFile, folder: Path) -> Path | None:
    """Write the rejected rows of a kept file into a folder, and beside them the reasons; None where there are none, or the file is not kept any more."""
    path, part = keeping.path_of(file), file.parts.first()
    if path is None or part is None:
        return None
    return write(file, path, folder, parsing.parse(file.of.mapping).loads[part.load])


def write(file: ImportedFile, path: Path, folder: Path, load: Load) -> Path | None:
    """Write the rejected rows of a file that stands at `path`; None where there are none."""
    lines = selectors.rejected_lines(file)
    if not lines:
        return None
    errors = [error for part in Part.objects.filter(file=file).select_related("file") for error in selectors.errors(part)]
    layout = reading.opened(path, columns=load.columns, formats=load.formats, sheet=load.sheet).layout
    return errors_file.write(path, folder, layout=layout, formats=load.formats, sheet=load.sheet, lines=lines, errors=errors)
