"""Writes the questions of a proposal as a TOML file that a person answers in it, and reads the answers."""

import tomllib
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from django.utils.translation import gettext as _

from apps.imports.entities import ENTITIES
from apps.imports.keys import MappingError, Problem
from apps.imports.mapping_file import key_text, quoted
from apps.imports.recognition.proposal import ALL, Answers, Proposal, Question


def read(path: Path) -> Answers:
    """Read answers: tables by group, in each a text for a name. A blank text answers nothing."""
    try:
        tables = tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError([Problem(path.name, f"{error}.", _("Texts stand in quotes, tables in [brackets]."))]) from error
    except OSError as error:
        raise MappingError([Problem(path.name, _("It cannot be read: %(error)s.") % {"error": error}, _("Give the file with the answers."))]) from error
    problems = list(_wrong(tables))
    if problems:
        raise MappingError(problems)
    return {group: dict(table) for group, table in tables.items()}


def _wrong(tables: dict[str, object]) -> Iterator[Problem]:
    for group, table in tables.items():
        if not isinstance(table, dict):
            yield Problem(group, _("It is not a table."), _("Write it as [%(path)s] with keys below it.") % {"path": group})
            continue
        for name, answer in table.items():
            if not isinstance(answer, str):
                yield Problem(f"{group}.{name}", _("It is not a text."), _("Write it in quotes."))


def write(proposal: Proposal, given: Answers | None = None) -> str:
    """Write every question with its words and choices above the answer that holds; a blank one has to be filled in.

    What was `given` without being asked for is kept.
    """
    lines = ["# " + _("What each question means stands above it. Fill in what is blank, change what is wrong, and give this file with --answers.")]
    lines += _unasked(proposal, given or {})
    for group, questions in groupby(sorted(proposal.questions, key=lambda each: each.group), key=lambda each: each.group):
        lines += ["", f"[{key_text(group)}]", "# " + _("“%(all)s” = … answers all of these at once.") % {"all": ALL}]
        for_all = (given or {}).get(group, {}).get(ALL)
        lines += [f"{key_text(ALL)} = {quoted(for_all)}"] if for_all else []
        lines += [line for question in questions for line in _question(question)]
    return "\n".join(lines) + "\n"


def _unasked(proposal: Proposal, given: Answers) -> Iterator[str]:
    """Write what files feed that were not recognised, and columns that somebody corrected."""
    files = {f"{file.file} / {file.sheet}" if file.sheet else file.file: "" for file in proposal.files if file.entity is None}
    said = {**files, **given.get("entities", {})}
    if said:
        yield from ("", "[entities]", "# " + _("What a file feeds; blank for nothing. One of: %(names)s") % {"names": ", ".join(ENTITIES)})
        yield from (f"{key_text(name)} = {quoted(entity)}" for name, entity in said.items())
    if given.get("columns"):
        yield from ("", "[columns]", *(f"{key_text(name)} = {quoted(column)}" for name, column in given["columns"].items()))


def _question(question: Question) -> Iterator[str]:
    yield f"# {_line(question.words)}"
    for choice in question.choices:
        yield f"#   {_line(quoted(choice.value))}: {_line(choice.words)}"
    yield f"{key_text(question.name)} = {quoted(question.taken or '')}"


def _line(words: str) -> str:
    """Keep a comment on its line, whatever a file's text in it holds."""
    return "".join(sign if sign.isprintable() else " " for sign in words)
