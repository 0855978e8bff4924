"""What is proposed for some files, and what has to be asked: plain values that pages, commands and programs draw alike."""

from collections.abc import Mapping as Table
from dataclasses import asdict, dataclass
from typing import Any

from apps.imports import mapping_file
from apps.imports.mapping import Mapping

Answers = Table[str, Table[str, str]]
ALL = "*"  # answers every question of its group that has no answer of its own


def given(answers: Answers, group: str, name: str) -> str | None:
    """Return the answer to a question, its own or that to all of its group."""
    table = answers.get(group, {})
    return table.get(name, table.get(ALL)) or None


@dataclass(frozen=True)
class Choice:
    """One answer that a question may have."""

    value: str
    words: str


@dataclass(frozen=True)
class Question:
    """What only a person knows. Without an answer the default holds; without a default nothing is imported.

    `count` is how many rows it is about. Where `is_free`, an answer may be other than the choices.
    """

    group: str
    name: str
    words: str
    choices: tuple[Choice, ...] = ()
    default: str | None = None
    count: int = 0
    is_free: bool = False
    answer: str | None = None

    @property
    def key(self) -> str:
        return f"{self.group}.{self.name}"

    @property
    def taken(self) -> str | None:
        """The answer that holds: the one that was given, or else the default."""
        return self.answer if self.answer is not None else self.default


@dataclass(frozen=True)
class ColumnProposal:
    """One column of a file, with values as they stand in it, and the field that it feeds; `field` is None where it feeds nothing, `also` are more that it feeds.

    `is_double` where several columns are called so, and none can be told from another; `is_beside` where it is read only together with others.
    """

    column: str
    samples: tuple[str, ...]
    field: str | None
    confidence: float
    why: str
    also: tuple[str, ...] = ()
    is_double: bool = False
    is_beside: bool = False


@dataclass(frozen=True)
class FileProposal:
    """One file (or one sheet of it): from which system, what it feeds, how it is written and what each column is for; `entity` is None where it feeds nothing."""

    file: str
    sheet: str | None
    system: str
    entity: str | None
    confidence: float
    why: str
    rows: int
    written: str
    left_out: tuple[str, ...]
    columns: tuple[ColumnProposal, ...]


@dataclass(frozen=True)
class Proposal:
    """How to import some files. `mapping` is None while a question without a default is open, or nothing is recognised."""

    system: str
    files: tuple[FileProposal, ...]
    questions: tuple[Question, ...]
    mapping: Mapping | None

    @property
    def open(self) -> tuple[Question, ...]:
        """The questions without which nothing can be imported."""
        return tuple(question for question in self.questions if question.taken is None)

    def as_json(self) -> dict[str, Any]:
        questions = [{**asdict(question), "key": question.key, "taken": question.taken} for question in self.questions]
        return {
            "system": self.system,
            "files": [asdict(file) for file in self.files],
            "questions": questions,
            "mapping": mapping_file.write(self.mapping) if self.mapping else None,
        }
