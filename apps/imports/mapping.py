"""What a mapping file says: which file feeds which entity, and where each of its fields comes from."""

import re
import unicodedata
from collections.abc import Callable
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from decimal import Decimal

from apps.imports.formats import Formats


@dataclass(frozen=True)
class Column:
    """The field is what stands in a column."""

    name: str


@dataclass(frozen=True)
class FirstOf:
    """The field is what stands in the first of some columns that is not blank, as of a day of winning or else of losing."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Constant:
    """The field is the same for every row."""

    text: str


PLACE = re.compile(r"\{([^{}|]+)(?:\|([^{}]*))?\}")  # {column} or {column|style}


def dotted(name: str) -> str:
    """Write a name as the start of an e-mail address: José de Souza is jose.de.souza."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return ".".join(re.findall(r"[a-z0-9-]+", plain))


STYLES: dict[str, Callable[[str], str]] = {"": str, "dotted": dotted, "lower": str.lower, "upper": str.upper}


@dataclass(frozen=True)
class Template:
    """The field joins columns: `{first} {last}`, or `{name|dotted}@company.example`. Aliases translate each column."""

    text: str

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(place[1] for place in PLACE.finditer(self.text))

    @property
    def styles(self) -> tuple[str, ...]:
        return tuple(place[2] or "" for place in PLACE.finditer(self.text))

    def filled(self, read: Callable[[str], str]) -> str:
        """Join the columns' texts; a blank column leaves the whole blank, never half an address."""
        texts = {column: read(column) for column in self.columns}
        if not all(texts.values()):
            return ""
        return PLACE.sub(lambda place: STYLES[place[2] or ""](texts[place[1]]), self.text)


@dataclass(frozen=True)
class Sum:
    """The field is the sum of a column over the lines of a group."""

    column: str


Source = Column | FirstOf | Constant | Template | Sum


@dataclass(frozen=True)
class Condition:
    """What a row may be: the column is blank, is one of some texts or none of others, or matches a pattern."""

    column: str
    texts: frozenset[str] = frozenset()
    blank: bool = False
    pattern: re.Pattern[str] | None = None
    others_than: frozenset[str] = frozenset()

    def applies(self, text: str, is_blank: bool) -> bool:
        is_other = bool(self.others_than) and text not in self.others_than
        return (self.blank and is_blank) or text in self.texts or is_other or bool(self.pattern and self.pattern.search(text))


@dataclass(frozen=True)
class TimesBy:
    """Multiplies a number by what another column says, such as a monthly value by 12; a text that is not listed is refused."""

    column: str
    factors: Table[str, Decimal]


@dataclass(frozen=True)
class Field:
    """Where one field of an entity comes from, and how its text becomes a value."""

    name: str
    source: Source
    aliases: Table[str, str] = field(default_factory=dict)
    default: str | None = None
    by: str | None = None
    times: Decimal | None = None
    first_of: str | None = None
    last_of: str | None = None
    when: Condition | None = None
    times_by: TimesBy | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Name the columns that its value comes from."""
        match self.source:
            case Column(name):
                return (name,)
            case FirstOf(names):
                return names
            case Sum(column):
                return (column,)
            case Template() as template:
                return template.columns
            case Constant():
                return ()

    @property
    def is_plain(self) -> bool:
        """Whether it is a cell of one column as it stands."""
        return isinstance(self.source, Column) and not (self.aliases or self.when or self.times_by or self.default is not None)

    @property
    def needed(self) -> tuple[str, ...]:
        """Name every column that the field needs, those of its conditions too."""
        beside = [each.column for each in (self.when, self.times_by) if each]
        return (*self.columns, *beside)


@dataclass(frozen=True)
class Unfold:
    """Columns that each hold a row of their own, such as a month's target: `into` is a made-up column with what each stands for, `value` one with its cell.

    Columns whose names match `matching` stand for what they are called.
    """

    columns: Table[str, str]
    into: str
    value: str
    matching: re.Pattern[str] | None = None

    def of(self, header: tuple[str, ...]) -> dict[str, str]:
        """Return the columns of a file that hold rows, with what each stands for."""
        return {**self.columns, **{name: name for name in header if self.matching and self.matching.search(name)}}


@dataclass(frozen=True)
class Load:
    """One file feeding one entity."""

    file: str
    entity: str
    fields: tuple[Field, ...]
    formats: Formats = Formats()
    sheet: str | None = None
    skip: tuple[Condition, ...] = ()
    group: tuple[str, ...] = ()
    is_optional: bool = False
    only: str | None = None
    unfold: Unfold | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Name every column that the file must have, each once."""
        wanted = [column for each in self.fields for column in each.needed]
        if self.unfold:
            wanted = [*(column for column in wanted if column not in self.made_up), *self.unfold.columns]
        return tuple(dict.fromkeys([*wanted, *(rule.column for rule in self.skip), *self.group]))

    @property
    def made_up(self) -> tuple[str, ...]:
        """Name the columns that the file does not have, but its unfolded lines do."""
        return (self.unfold.into, self.unfold.value) if self.unfold else ()


@dataclass(frozen=True)
class Mapping:
    """A mapping file as a whole; its loads run in the order they are written."""

    title: str
    loads: tuple[Load, ...]
    text: str = field(default="", compare=False)  # the mapping file as it was written
