"""Finds the files of a folder that a mapping wants, and checks each before anything is written."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from apps.imports import reading
from apps.imports.keys import MappingError, Problem
from apps.imports.mapping import Load, Mapping

ERRORS, REASONS = ".errors.csv", ".errors.txt"


@dataclass(frozen=True)
class Source:
    """One file for one load."""

    path: Path
    load: Load


def find(mapping: Mapping, place: Path | tuple[Path, ...]) -> list[Source]:
    """List what to load, in the mapping's order, from a folder or from files; raise MappingError for what is not there."""
    is_folder = isinstance(place, Path) and place.is_dir()
    paths = [path for each in ((place,) if isinstance(place, Path) else place) for path in _paths(each)]
    found: list[Source] = []
    problems: list[Problem] = []
    for load in mapping.loads:
        matching = [path for path in paths if _feeds(path, load, is_alone=not is_folder)]
        found += [Source(path, load) for path in matching]
        if not matching and not load.is_optional and is_folder:
            names = ", ".join(path.name for path in paths if not is_ours(path)) or _("nothing")
            problems.append(Problem(load.file, _("The folder has no such file."), _("It holds: %(names)s.") % {"names": names}))
    if not found and not problems:
        names = ", ".join(dict.fromkeys(load.file for load in mapping.loads))
        problems.append(Problem(", ".join(path.name for path in paths), _("The mapping has no such file."), _("It has: %(names)s.") % {"names": names}))
    if problems:
        raise MappingError(dict.fromkeys(problems))
    _check(found)
    return found


def _paths(place: Path) -> list[Path]:
    try:
        if place.exists():
            return sorted(path for path in place.iterdir() if path.is_file()) if place.is_dir() else [place]
    except OSError as error:
        raise MappingError([Problem(str(place), _("It cannot be read: %(error)s.") % {"error": error}, _("Let the user who runs this read it."))]) from error
    raise MappingError([Problem(str(place), _("There is no such folder or file."), _("Give files, or the folder that holds them."))])


def is_ours(path: Path) -> bool:
    return path.name.endswith((ERRORS, REASONS))


def _feeds(path: Path, load: Load, *, is_alone: bool) -> bool:
    """A file given alone may be an errors file that was repaired: it stands for the file it came from."""
    name = path.name
    while is_alone and name.endswith(ERRORS) and name != ERRORS:
        name = name.removesuffix(ERRORS)
    return not (is_ours(path) and not is_alone) and Path(name).match(load.file)


def _unfoldable(source: Source, header: tuple[str, ...]) -> Iterator[Problem]:
    """Yield why a file's columns cannot be unfolded: none is there, or one is called in another way than those that are."""
    unfold = source.load.unfold
    if unfold is None:
        return
    columns = unfold.of(header)
    if not columns:
        yield Problem(source.path.name, _("It has none of the columns that are to be unfolded."), _("Check their names, and `unfold` in the mapping."))
    elif unfold.matching:
        for name in header:
            if name and name not in columns and name not in source.load.columns:
                wrong = _("The mapping does not know the column “%(name)s”.") % {"name": name}
                yield Problem(
                    source.path.name, wrong, _("Call it as the others that are unfolded, such as %(known)s, or remove it.") % {"known": next(iter(columns))}
                )


def _check(found: list[Source]) -> None:
    problems: list[Problem] = []
    for source in found:
        try:
            header = reading.header_of(source.path, columns=source.load.columns, formats=source.load.formats, sheet=source.load.sheet)
            problems += _unfoldable(source, header)
        except MappingError as error:
            problems += error.problems
        except OSError as error:
            wrong = _("It cannot be read: %(error)s.") % {"error": error}
            problems.append(Problem(source.path.name, wrong, _("Let the user who runs this read it.")))
    if problems:
        raise MappingError(dict.fromkeys(problems))
