"""Turns the lines of a file into drafts: for each row to be, one cell per field, still as the file writes it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.imports import values
from apps.imports.mapping import Column, Constant, Field, FirstOf, Load, Sum, Template
from apps.imports.reading import Line, Page
from apps.imports.report import RowError
from apps.imports.values import Cell, Refused


@dataclass(frozen=True)
class Draft:
    """One row to be: the lines it comes from, and a cell for each mapped field ("" where blank)."""

    lines: tuple[Line, ...]
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Refusal:
    """Lines that are not loaded, and why."""

    lines: tuple[Line, ...]
    errors: tuple[RowError, ...]


@dataclass(frozen=True)
class Drafted:
    """What a file's lines became; `read` is how many there were, unfolded."""

    drafts: tuple[Draft, ...]
    refusals: tuple[Refusal, ...]
    skipped: int
    read: int


class Misfit(Exception):
    """A cell from which no draft can be made; the line and column at fault."""

    def __init__(self, line: Line, column: str, cell: Cell, refused: Refused) -> None:
        super().__init__(str(refused))
        self.line, self.column, self.cell, self.refused = line, column, cell, refused


MANY = 1 << 30  # columns


class Drafting:
    """Makes the drafts of one page for one load."""

    def __init__(self, page: Page, load: Load) -> None:
        self.page, self.load = page, load
        self.unfolding = load.unfold.of(page.header) if load.unfold else {}
        self.place = {name: page.header.index(name) for name in (*load.columns, *self.unfolding)}
        self.place |= {name: len(page.header) + n for n, name in enumerate(load.made_up)}
        self.plain = {field.name: self.place[field.source.name] for field in load.fields if field.is_plain and isinstance(field.source, Column)}

    def all(self) -> Drafted:
        drafts: list[Draft] = []
        refusals: list[Refusal] = []
        whole: list[Line] = []
        skipped = 0
        for line in self.page.lines:
            if self.is_skipped(line) or not (unfolded := self.unfolded(line)):
                skipped += 1
            elif len(line.cells) == len(self.page.header):
                whole += unfolded
            else:
                refusals.append(self.wrong_width(line))
        read = skipped + len(whole) + len(refusals)
        for lines in self.groups(whole):
            made = self.draft(lines)
            if isinstance(made, Draft):
                drafts.append(made)
            else:
                refusals.append(made)
        return Drafted(tuple(drafts), tuple(refusals), skipped, read)

    def cell(self, line: Line, column: str) -> Cell:
        place = self.place[column]
        found = line.cells[place] if place < len(line.cells) else ""
        return "" if values.is_blank(found, self.load.formats) else found

    def text(self, line: Line, column: str) -> str:
        return values.text(self.cell(line, column), self.load.formats)

    def is_skipped(self, line: Line) -> bool:
        if not self.load.skip:
            return False
        texts = ((rule, self.text(line, rule.column)) for rule in self.load.skip)
        return any(rule.applies(text, text == "") for rule, text in texts)

    def unfolded(self, line: Line) -> list[Line]:
        """Return a line for each column that holds a row of its own, but the blank ones."""
        if not self.unfolding:
            return [line]
        found = ((column, means, self.cell(line, column)) for column, means in self.unfolding.items())
        return [line._replace(cells=(*line.cells, means, cell), column=column) for column, means, cell in found if cell != ""]

    def wrong_width(self, line: Line) -> Refusal:
        reason = _("The row has %(cells)s cells, the header %(columns)s.") % {"cells": len(line.cells), "columns": len(self.page.header)}
        remedy = _("Put quotes around cells that hold the delimiter. A mapping file can leave out lines that are no rows (`skip`).")
        return Refusal((line,), (RowError(self.page.path.name, line.number, "", "", reason, remedy),))

    def groups(self, lines: list[Line]) -> Iterable[tuple[Line, ...]]:
        if not self.load.group:
            return ((line,) for line in lines)
        found: dict[tuple[str, ...], list[Line]] = {}
        for line in lines:
            found.setdefault(tuple(self.text(line, column) for column in self.load.group), []).append(line)
        return (tuple(group) for group in found.values())

    def draft(self, lines: tuple[Line, ...]) -> Draft | Refusal:
        cells: dict[str, Cell] = {}
        errors = []
        blank, only = self.load.formats.blank, lines[0].cells if len(lines) == 1 else ()
        for field in self.load.fields:
            place = self.plain.get(field.name, MANY)
            if place < len(only) and isinstance(cell := only[place], str) and "\x00" not in cell:  # most cells are texts that stand as they are
                cells[field.name] = "" if cell.strip() in blank else cell
                continue
            try:
                cells[field.name] = self.checked(field, self.value(field, lines), lines[0])
            except Misfit as misfit:
                shown = values.text(misfit.cell, self.load.formats)
                refused = misfit.refused
                errors.append(RowError(self.page.path.name, misfit.line.number, misfit.column, shown, refused.reason, refused.remedy))
        return Refusal(lines, tuple(dict.fromkeys(errors))) if errors else Draft(lines, cells)

    def checked(self, field: Field, cell: Cell, line: Line) -> Cell:
        """Refuse a sign that the database cannot store, even where it would only look for the text."""
        if isinstance(cell, str) and "\x00" in cell:
            refused = Refused(_("It holds a character that is no text."), _("Save the file anew as UTF-8 text."))
            raise Misfit(line, ", ".join(field.columns) or field.name, cell.replace("\x00", "\ufffd"), refused)
        return self.multiplied(field, cell, line) if field.times_by and cell != "" else cell

    def multiplied(self, field: Field, cell: Cell, line: Line) -> Cell:
        by = field.times_by
        if by is None:
            return cell
        told = self.text(line, by.column)
        if told not in by.factors:
            known = ", ".join(by.factors)
            raise Misfit(
                line,
                by.column,
                told,
                Refused(_("It is none of the known texts."), _("Use one of: %(known)s. A mapping file can name more (`factors`).") % {"known": known}),
            )
        return self.part(", ".join(field.columns), line, cell) * by.factors[told]

    def value(self, field: Field, lines: tuple[Line, ...]) -> Cell:
        if field.when and not field.when.applies(text := self.text(lines[0], field.when.column), text == ""):
            return ""
        match field.source:
            case Column(name):
                cell = self.translated(field, self.only(name, lines))
            case FirstOf(names):
                each = (self.translated(field, self.only(name, lines)) for name in names)
                cell = next((found for found in each if not values.is_blank(found, self.load.formats)), "")
            case Constant(text):
                cell = text
            case Template() as template:
                for column in template.columns:
                    self.only(column, lines)
                cell = template.filled(lambda column: values.text(self.translated(field, self.cell(lines[0], column)), self.load.formats))
            case Sum(column):
                return self.sum(column, field.default, lines)
        return field.default if cell == "" and field.default is not None else cell

    def translated(self, field: Field, cell: Cell) -> Cell:
        return field.aliases.get(values.text(cell, self.load.formats), cell) if field.aliases else cell

    def only(self, column: str, lines: tuple[Line, ...]) -> Cell:
        """Give the one value that all lines have; several contradict each other."""
        first = self.cell(lines[0], column)
        for line in lines[1:]:
            other = self.cell(line, column)
            if other != first and values.text(other, self.load.formats) != values.text(first, self.load.formats):
                reason = _("Line %(line)s of the same group says “%(other)s”.") % {"line": lines[0].number, "other": first}
                raise Misfit(line, column, other, Refused(reason, _("Lines of one group must agree; correct one of them.")))
        return first

    def sum(self, column: str, default: str | None, lines: tuple[Line, ...]) -> Cell:
        """Add up a column; when all of it is blank the sum is unknown, when some of it is, it is refused."""
        cells = [(line, self.cell(line, column)) for line in lines]
        if all(cell == "" for _line, cell in cells) and default is None:
            return ""
        return sum((self.part(column, line, default if cell == "" else cell) for line, cell in cells), Decimal(0))

    def part(self, column: str, line: Line, cell: Cell | None) -> Decimal:
        try:
            if cell is None:
                raise Refused(_("It is blank, but other lines of its group are not."), _('Fill it in, or give the field default = "0" in the mapping.'))
            return values.amount(cell, self.load.formats)
        except Refused as refused:
            raise Misfit(line, column, cell or "", refused) from refused


def draft(page: Page, load: Load) -> Drafted:
    return Drafting(page, load).all()
