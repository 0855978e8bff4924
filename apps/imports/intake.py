"""What the command makes of its arguments: which files, which mapping, and a proposal where there is none."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from apps.imports import answers_file, mapping_file, parsing, sources, unpacking
from apps.imports.importing import Order
from apps.imports.keys import MappingError, Problem
from apps.imports.recognition import known, recognising
from apps.imports.recognition.proposal import Answers, Proposal

ANSWERS, MAPPING = ".answers.toml", ".mapping.toml"


@dataclass(frozen=True)
class Request:
    """What somebody wants imported, as they said it."""

    files: tuple[Path, ...]
    mapping: str | None = None
    answers: Path | None = None
    is_dry: bool = False
    errors_to: Path | None = None

    @property
    def beside(self) -> Path:
        """The path beside which what is proposed is written."""
        return self.files[0]


@dataclass(frozen=True)
class Ready:
    """What can be imported, or else only proposed; `written` are the files in which the proposal stands."""

    order: Order | None
    proposal: Proposal | None = None
    written: tuple[Path, ...] = ()


def requested(words: Iterable[str], mapping: str | None) -> tuple[tuple[Path, ...], str | None]:
    """Part files from a mapping that is named before them: `maven FOLDER` is `FOLDER --mapping maven`."""
    first, *rest = list(words)
    is_mapping = first.endswith(".toml") or (first in parsing.shipped() and not Path(first).exists())
    if mapping is None and rest and is_mapping:
        return tuple(map(Path, rest)), first
    return tuple(map(Path, (first, *rest))), mapping


@contextmanager
def opened(request: Request) -> Iterator[Ready]:
    """Give what is ready to be imported, while the files of packages are unpacked. Raises MappingError."""
    mapping = parsing.read(request.mapping) if request.mapping else None
    errors_to = request.errors_to
    if mapping and len(request.files) == 1 and not _has_package(request.files[0]):
        yield Ready(Order(mapping, request.files[0], request.is_dry, errors_to))
        return
    files = _files(request.files)
    if errors_to is None and any(unpacking.is_package(path) for path in files):
        errors_to = request.beside if request.beside.is_dir() else request.beside.parent
    with unpacking.unpacked(files) as plain:
        if mapping:
            yield Ready(Order(mapping, plain, request.is_dry, errors_to))
            return
        yield _proposed(request, plain, errors_to)


def _has_package(place: Path) -> bool:
    inside = sorted(place.iterdir()) if place.is_dir() else [place]
    return any(unpacking.is_package(path) for path in inside)


def _files(places: Iterable[Path]) -> list[Path]:
    """List the files of folders, and those that are given by name; what an import wrote itself only if it is given."""
    found: list[Path] = []
    for place in places:
        if place.is_dir():
            found += [path for path in sorted(place.iterdir()) if path.is_file() and path.suffix != ".toml" and not sources.is_ours(path)]
        elif place.is_file():
            found.append(place)
        else:
            raise MappingError([Problem(str(place), _("There is no such folder or file."), _("Give files, or the folder that holds them."))])
    if not found:
        raise MappingError([Problem(str(next(iter(places), "")), _("There is no file to import."), _("Give files, or the folder that holds them."))])
    return found


def _proposed(request: Request, plain: tuple[Path, ...], errors_to: Path | None) -> Ready:
    answers: Answers = answers_file.read(request.answers) if request.answers else {}
    mappings = [parsing.read(name) for name in parsing.shipped()]
    proposal = recognising.recognise(plain, known.company(), mappings=mappings, answers=answers)
    is_settled = proposal.mapping is not None and (bool(request.answers) or request.is_dry or not proposal.questions)
    written = () if request.is_dry else _written(request, proposal, answers)
    if not is_settled or proposal.mapping is None:
        return Ready(None, proposal, written)
    feeding = tuple(path for path in plain if any(path.match(load.file) for load in proposal.mapping.loads))
    return Ready(Order(proposal.mapping, feeding, request.is_dry, errors_to), proposal, written)


def _written(request: Request, proposal: Proposal, given: Answers) -> tuple[Path, ...]:
    """Write the questions and the mapping beside the first file; answers that somebody may be writing are never overwritten unread."""
    texts: dict[Path, str] = {}
    if proposal.questions or not all(file.entity for file in proposal.files):
        answers = request.answers or _beside(request.beside, ANSWERS)
        if not request.answers and answers.exists():
            wrong = _("It is there already and may hold answers.")
            raise MappingError([Problem(str(answers), wrong, _("Give it with --answers, or remove it."))])
        if not request.answers or proposal.open or not proposal.mapping:
            texts[answers] = answers_file.write(proposal, given)
    if proposal.mapping:
        texts[_beside(request.beside, MAPPING)] = mapping_file.write(proposal.mapping)
    for path, text in texts.items():
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise MappingError(
                [Problem(str(path), _("It cannot be written: %(error)s.") % {"error": error}, _("Import from a folder you may write to."))]
            ) from error
    return tuple(texts)


def _beside(path: Path, ending: str) -> Path:
    return path / f"import{ending}" if path.is_dir() else path.with_name(path.name + ending)
