"""Imports in words and numbers, as pages show them."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.core import dates, numbers, periods
from apps.core.models import Organisation
from apps.imports import selectors
from apps.imports.entities import ENTITIES
from apps.imports.models import Effect, Import, Part
from apps.imports.report import Counts
from apps.imports.views import forms
from apps.kpis import catalogue

SHOWN = 20
TONES = {"done": "ahead", "failed": "behind", "cancelled": "risk", "running": "", "waiting": "", "undoing": "", "undone": "quiet"}
State = Import.State


@dataclass(frozen=True)
class Count:
    """So many rows that became something."""

    name: str
    text: str
    tone: str = ""


@dataclass(frozen=True)
class Moved:
    """A headline figure before and after."""

    name: str
    period: str
    before: str
    after: str
    by: str


@dataclass(frozen=True)
class PartDrawn:
    """One file feeding one kind of row."""

    file: str
    entity: str
    counts: tuple[Count, ...]
    errors: tuple[Mapping[str, Any], ...]
    more_errors: int
    changed: tuple[Mapping[str, Any], ...] = ()
    errors_file: int = 0


@dataclass(frozen=True)
class Line:
    """One import in the list."""

    pk: int
    title: str
    when: str
    by: str
    files: str
    state: str
    tone: str
    counts: tuple[Count, ...]


@dataclass(frozen=True)
class Whole:
    """One import on its page. `done` and `rows` are what a bar is drawn from."""

    line: Line
    is_moving: bool
    done: int
    rows: int
    progress: str
    parts: tuple[PartDrawn, ...]
    effects: tuple[Moved, ...]
    files: tuple[Mapping[str, str], ...]
    fault: str
    told: str
    deeds: tuple[str, ...]


@dataclass(frozen=True)
class Ahead:
    """What an import would do; `same` is the number of an import of just these files, where there was one."""

    parts: tuple[PartDrawn, ...]
    effects: tuple[Moved, ...]
    fault: str
    same: int = 0

    @property
    def is_empty(self) -> bool:
        return not self.fault and not any(count.tone == "ahead" for part in self.parts for count in part.counts)


def line(this: Import) -> Line:
    return Line(
        pk=this.pk,
        title=this.title,
        when=moment(this.asked_at),
        by=this.by.name if this.by else _("by command"),
        files=", ".join(file.name for file in this.files.all()),
        state=str(State(this.state).label),
        tone=TONES[this.state],
        counts=counts(replace(selectors.counts(this), skipped=0, merged=0)),  # each file feeds several kinds of rows, and leaves most lines out for some
    )


def whole(this: Import) -> Whole:
    """Draw one import."""
    parts = tuple(_part(part) for part in this.parts.select_related("file"))
    rows, done = (0, 0) if this.state == State.UNDOING else (max(this.rows, this.rows_done), this.rows_done)  # how far undoing is, nobody knows
    words = {"done": numbers.decimal(Decimal(done), 0), "rows": numbers.decimal(Decimal(rows), 0)}
    return Whole(
        line=line(this),
        is_moving=this.state in (State.WAITING, State.RUNNING, State.UNDOING),
        done=done,
        rows=rows,
        progress=_("Being taken back") if this.state == State.UNDOING else _("%(done)s of about %(rows)s rows") % words if rows else _("About to begin"),
        parts=parts,
        effects=tuple(moved(this.effects.all())) if this.state == State.DONE else (),
        files=tuple({"name": file.name, "size": size(file.size), "hash": file.sha256[:12], "kept": bool(file.stored)} for file in this.files.all()),  # type: ignore[dict-item]
        fault=this.fault,
        told=_told(this),
        deeds=tuple(_deeds(this)),
    )


def _told(this: Import) -> str:
    if this.state == State.UNDONE and this.undone_at:
        words = {"when": moment(this.undone_at), "who": this.undone_by.name if this.undone_by else _("a command")}
        return _("Undone %(when)s by %(who)s: every row is as it was before.") % words
    if this.state == State.UNDOING:
        return _("You may leave this page: it goes on, and you find it again under Imports. Figures show it until all of it is taken back at once.")
    if this.state in (State.RUNNING, State.WAITING):
        return _("You may leave this page: it goes on, and you find it again under Imports. Until it is done, figures show a part of it.")
    if this.state in (State.FAILED, State.CANCELLED) and this.parts.filter(portions__gt=0).exists():
        return _("A part was written, and figures show it. Resume it, or undo what was written.")
    return ""


def _deeds(this: Import) -> Iterable[str]:
    if this.state in (State.WAITING, State.RUNNING):
        yield "cancel"
    if this.state in (State.FAILED, State.CANCELLED):
        yield "resume"
    if this.state in (State.DONE, State.FAILED, State.CANCELLED):
        yield "undo"


def _part(part: Part) -> PartDrawn:
    found = selectors.mistakes(part, most=SHOWN)
    more = part.rejections.count() - sum(each.count for each in found) if len(found) == SHOWN else 0
    errors_file = part.file_id if found and part.file.stored else 0
    errors = tuple(_mistake(asdict(each)) for each in found)
    return PartDrawn(part.file.name, forms.entity_name(part.entity), counts(selectors.counts_of(part)), errors, more, errors_file=errors_file)


def _mistake(one: Mapping[str, Any]) -> Mapping[str, Any]:
    """Name the lines of a mistake."""
    lines = ", ".join(numbers.decimal(Decimal(line), 0) for line in one["lines"])
    more = one["count"] - len(one["lines"])
    where = _("%(lines)s and %(more)s more") % {"lines": lines, "more": numbers.decimal(Decimal(more), 0)} if more else lines
    return {**one, "where": where}


def preview(told: Mapping[str, Any] | None) -> Ahead | None:
    """Draw a preview; None while it is being found out."""
    if told is None:
        return None
    if "fault" in told:
        return Ahead((), (), told["fault"])
    parts = tuple(
        PartDrawn(
            one["file"],
            forms.entity_name(one["entity"]),
            counts(Counts(**one["counts"])),
            tuple(_mistake(each) for each in one.get("mistakes", ())),
            one.get("mistaken", 0) - sum(each["count"] for each in one.get("mistakes", ())),
            tuple({**row, "differences": [_difference(one["entity"], part) for part in row["differences"]]} for row in one["changed"]),
        )
        for one in told["files"]
    )
    return Ahead(parts, tuple(_kept(one) for one in told["effects"]), "", told.get("same") or 0)


def _difference(entity: str, part: Mapping[str, str]) -> Mapping[str, str]:
    """Draw an old and a new value as pages write such."""
    column = ENTITIES[entity].fields[part["field"]]
    return {"field": str(capfirst(str(column.verbose_name))), "old": _written(column, part["old"]), "new": _written(column, part["new"])}


def _written(column: models.Field, text: str) -> str:
    if text and isinstance(column, models.DecimalField):
        value = Decimal(text)
        return numbers.decimal(value, max(0, -int(value.normalize().as_tuple().exponent)))
    if text and isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField):
        return dates.day(date.fromisoformat(text))
    return text


def counts(found: Counts) -> tuple[Count, ...]:
    """Name what rows became; what none became is left out, but for new ones."""
    named = (
        (found.created, _("new"), "ahead"),
        (found.updated, _("changed"), "ahead"),
        (found.unchanged, _("unchanged"), ""),
        (found.skipped, _("left out by the mapping"), ""),
        (found.merged, _("joined with another line"), ""),
        (found.rejected, _("rejected"), "behind"),
    )
    return tuple(Count(name, numbers.decimal(Decimal(count), 0), tone if count else "") for count, name, tone in named if count or name == _("new"))


def moved(effects: Iterable[Effect]) -> Iterable[Moved]:
    for one in effects:
        yield _moved(one.kpi, one.start_on, one.last_on, one.before, one.after)


def _kept(one: Mapping[str, str]) -> Moved:
    """Draw what a preview keeps as JSON."""
    before, after = (Decimal(one[when]) if one[when] else None for when in ("before", "after"))
    return _moved(one["kpi"], date.fromisoformat(one["start_on"]), date.fromisoformat(one["last_on"]), before, after)


def _moved(kpi: str, start_on: date, last_on: date, then: Decimal | None, now: Decimal | None) -> Moved:
    one, window = catalogue.KPIS[kpi], periods.calendar().from_to(start_on, last_on)
    texts = [numbers.NO_VALUE if value is None else numbers.short(value, str(one.unit)) for value in (then, now)]
    by = "" if then is None or now is None or then == now else numbers.difference(now - then, str(one.unit))
    signed = f"+{by}" if by and not by.startswith(("-", "−")) else by
    return Moved(str(one.name), dates.window_name(window), texts[0], texts[1], signed)


def moment(at: datetime) -> str:
    return str(format_datetime(at.astimezone(ZoneInfo(Organisation.get().time_zone)), "short", locale=numbers.locale()))


def size(count: int) -> str:
    return _("%(count)s kB") % {"count": numbers.decimal(Decimal(max(1, count // 1000)), 0)}
