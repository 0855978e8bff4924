"""The goals somebody may see, with how far each has come, by their days."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.urls import reverse

from apps.accounts.models import User
from apps.core import dates
from apps.core.periods import Calendar, Window
from apps.dashboards.goals.words import outcome
from apps.dashboards.selection import Selection, written
from apps.dashboards.shown import Number, number
from apps.dashboards.widgets.bullet import Bullet, bullet, words
from apps.dashboards.widgets.earlier import changed_since
from apps.dashboards.widgets.status import Status, status
from apps.goals import selectors
from apps.goals.models import Goal
from apps.kpis import catalogue
from apps.reps import access
from apps.reps.scopes import Scope

WINDOWS = 6  # on a page
SHOWN = 8  # people's goals over the same days; more are folded
KINDS = ("company", "region", "team", "rep")


@dataclass(frozen=True)
class Line:
    """One goal."""

    kpi: str
    whose: str
    board: str
    number: Number
    words: str
    outcome: str
    bullet: Bullet | None
    status: Status
    note: str
    change_url: str
    person_url: str


@dataclass(frozen=True)
class Group:
    """The goals over the same days."""

    name: str
    days: str
    lines: tuple[Line, ...]
    people: tuple[Line, ...]


@dataclass(frozen=True)
class Reader:
    """Whose goals may be seen, as of which day, in which money, and whose of them they may set."""

    allowed: Sequence[Scope]
    today: date
    calendar: Calendar
    currency: str
    user: User
    may_set: bool


def visible(reader: Reader, kpi: str = "") -> QuerySet[Goal]:
    """Return the goals of whom the reader may see, of KPIs that there are."""
    rows = Goal.objects.filter(selectors.of(reader.allowed), kpi__in=[kpi] if kpi else list(catalogue.KPIS))
    return rows.select_related("region", "team", "rep")


def at(when: str, today: date) -> Q:
    """Select goals by when they run: running, coming or past."""
    return {
        "running": Q(start_on__lte=today, last_on__gte=today),
        "coming": Q(start_on__gt=today),
        "past": Q(last_on__lt=today),
    }[when]


def groups(rows: QuerySet[Goal], reader: Reader, wanted_page: int) -> tuple[list[Group], Page[Any]]:
    """Return one page of groups, the latest first (past the end, the last), and which it is; a fixed number of queries per group."""
    spans = rows.order_by("-start_on", "last_on").values_list("start_on", "last_on").distinct()
    page = Paginator(spans, WINDOWS).get_page(wanted_page)
    shown = list(page)
    wanted = Q(pk__in=[])
    for start_on, last_on in shown:
        wanted |= Q(start_on=start_on, last_on=last_on)
    found = list(rows.filter(wanted))
    settable = _settable(found, reader)
    return [_group(span, [g for g in found if (g.start_on, g.last_on) == span], settable, reader) for span in shown], page


def _settable(goals: list[Goal], reader: Reader) -> set[int]:
    """Return which of some goals the reader may set, by number."""
    if not reader.may_set:
        return set()
    owners = _owners(reader)
    wanted = {goal.pk: (owners[selectors.owner_of(goal)], goal.start_on, goal.last_on) for goal in goals}
    others = set(access.not_to_set(reader.user, wanted.values(), reader.today))
    return {pk for pk, target in wanted.items() if target not in others}


def _owners(reader: Reader) -> dict[tuple[str, int], Scope]:
    return {(scope.kind, scope.id): scope for scope in reader.allowed}


def _group(span: tuple[date, date], goals: list[Goal], settable: set[int], reader: Reader) -> Group:
    window = reader.calendar.from_to(*span)
    owners = _owners(reader)
    pairs = [(goal, owners[selectors.owner_of(goal)]) for goal in goals]
    figures = selectors.figures({goal.kpi for goal in goals}, dict.fromkeys(scope for _goal, scope in pairs), window, on=reader.today, calendar=reader.calendar)
    pairs.sort(key=lambda pair: (list(catalogue.KPIS).index(pair[0].kpi), KINDS.index(pair[1].kind), pair[1].name))
    made = [(scope.kind, _line(goal, figures[goal.kpi, scope], _selection(scope, window, reader), goal.pk in settable, reader)) for goal, scope in pairs]
    wide = tuple(line for kind, line in made if kind != "rep")
    people = tuple(line for kind, line in made if kind == "rep")
    name, days = dates.window_name(window), dates.interval(window)
    is_long = len(people) > SHOWN
    return Group(name, days if days != name else "", wide if is_long else (*wide, *people), people if is_long else ())


def _selection(scope: Scope, window: Window, reader: Reader) -> Selection:
    return Selection(scope, window, reader.today, reader.today, reader.calendar, reader.currency)


def _line(goal: Goal, found: selectors.GoalFigure, selection: Selection, is_settable: bool, reader: Reader) -> Line:
    figure, progress = found.figure, found.progress
    return Line(
        kpi=str(figure.kpi.name),
        whose=selection.scope.name,
        board=selection.board if selection.can_be_opened else "",
        number=number(figure, selection) if selection.can_be_opened else replace(number(figure, selection), url=""),
        words=words(figure.kpi, figure.value, progress) if progress else "",
        outcome=outcome(figure.kpi, figure.value, progress),
        bullet=bullet(figure, progress),
        status=status(progress),
        note=" ".join(filter(None, (goal.note, changed_since(found.goals)))),
        change_url=reverse("dashboards:goal", args=[goal.pk]) if is_settable else "",
        person_url=reverse("dashboards:goals") + written({"rep": str(goal.rep_id)}) if goal.rep_id and len(reader.allowed) > 1 else "",
    )
