"""Takes the keys of a table of a mapping file one by one and notes every mistake: key, what is wrong, what is allowed."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Problem:
    """One mistake in a mapping file."""

    key: str
    wrong: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.key}: {self.wrong} {self.allowed}"


class MappingError(ValueError):
    """A mapping file or a folder that cannot be used; `problems` has every mistake."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Keys:
    """One table of the file. Take each key, then call `done`: what was not taken is unknown."""

    def __init__(self, path: str, table: Any, problems: list[Problem]) -> None:
        self.path, self.problems = path, problems
        self.table: dict[str, Any] = table if isinstance(table, dict) else {}
        self.taken: set[str] = set()
        if not isinstance(table, dict):
            self.note("", _("It is not a table."), _("Write it as [%(path)s] with keys below it.") % {"path": path})

    def at(self, key: str) -> str:
        return ".".join(part for part in (self.path, key) if part)

    def note(self, key: str, wrong: str, allowed: str) -> None:
        self.problems.append(Problem(self.at(key), wrong, allowed))

    def raw(self, key: str) -> Any:
        self.taken.add(key)
        return self.table.get(key)

    def text(self, key: str, *, is_required: bool = False, allowed: Iterable[str] = ()) -> str | None:
        """Take a text; `allowed` lists the only texts it may be."""
        value, known = self.raw(key), list(allowed)
        if value is None:
            if is_required:
                self.note(key, _("It is missing."), one_of(known) if known else _("Write a text."))
            return None
        if not isinstance(value, str) or (is_required and not value):
            self.note(key, _("It is not a text."), one_of(known) if known else _("Write it in quotes."))
            return None
        if known and value not in known:
            self.note(key, _("“%(value)s” is unknown.") % {"value": value}, suggestion(value, known))
            return None
        return value

    def texts(self, key: str) -> tuple[str, ...] | None:
        """Take one text or a list of texts."""
        value = self.raw(key)
        if value is None:
            return None
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            self.note(key, _("It is not a list of texts."), _('Write it as ["one", "two"].'))
            return None
        return tuple(values)

    def truth(self, key: str) -> bool:
        """Take true or false; what is not there is false."""
        value = self.raw(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.note(key, _("It is neither true nor false."), _("Write true or false, without quotes."))
        return False

    def tables(self, key: str) -> list[Any]:
        """Take a list of tables."""
        value = self.raw(key)
        if value is None or isinstance(value, list):
            return value or []
        self.note(key, _("It is not a list of tables."), _("Write one [[%(key)s]] for each.") % {"key": self.at(key)})
        return []

    def inner(self, key: str) -> "Keys":
        """Take a table inside; without one it is empty."""
        value = self.raw(key)
        return Keys(self.at(key), {} if value is None else value, self.problems)

    def done(self) -> None:
        for key in self.table.keys() - self.taken:
            self.note(key, _("There is no such key here."), suggestion(key, sorted(self.taken)))


def one_of(known: Iterable[str]) -> str:
    return _("Use one of: %(known)s.") % {"known": ", ".join(known)}


def suggestion(text: str, known: Iterable[str]) -> str:
    """Name the nearest of the known words first, then all."""
    names = list(known)
    near = get_close_matches(text, names, n=1)
    return (_("Did you mean “%(near)s”? ") % {"near": near[0]} if near else "") + one_of(names)
