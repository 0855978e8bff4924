"""What the faces ask: figures, series, rankings, parts and records. Pages, API and commands use the same, so they cannot disagree."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import periods
from apps.core.periods import Calendar, Window
from apps.kpis import catalogue, narrowing, reading
from apps.kpis.books import Book, Need
from apps.kpis.declarations import Basis, Inputs, Kpi
from apps.kpis.divisions import DIVISIONS
from apps.kpis.figures import Figure, Freshness, Part, Place, Point
from apps.kpis.looks import look_of, used, windows_of
from apps.kpis.recordlists import median, records, spread
from apps.kpis.regrouping import open_book
from apps.kpis.targets import Targets
from apps.reps.scopes import Scope

__all__ = [
    "breakdown",
    "figures",
    "freshness",
    "median",
    "needs",
    "needs_of_series",
    "open_book",
    "ranking",
    "records",
    "series",
    "several_series",
    "spread",
]

StepTargets = Mapping[date, Mapping[str, Decimal]]


class UnknownKpi(ValueError):
    """A KPI that is not in the catalogue; the message says where to look."""


def kpi(key: str) -> Kpi:
    """Return the declaration of a KPI."""
    if key not in catalogue.KPIS:
        raise UnknownKpi(_("There is no KPI “%(key)s”. The catalogue lists them all: figure --list.") % {"key": key})
    return catalogue.KPIS[key]


def figures(
    kpis: Iterable[str],
    scopes: Iterable[Scope],
    window: Window,
    *,
    on: date,
    targets: Targets | None = None,
    calendar: Calendar | None = None,
    book: Book | None = None,
) -> dict[tuple[str, Scope], Figure]:
    """Return each KPI of each scope over a window, as of the end of day `on`; a fixed number of queries however many.

    What is in `book` (see `open_book`) is not asked again.
    """
    wanted, scopes, calendar = [kpi(key) for key in kpis], list(dict.fromkeys(scopes)), calendar or periods.calendar()
    book = book or open_book(_needs(wanted, scopes, window, on, calendar))
    looks = windows_of(wanted, window, on, calendar)
    found = {basis: reading.amounts(used(wanted, basis), scopes, look, on=until, calendar=calendar, book=book) for basis, (look, until) in looks.items()}
    days = window.clipped(on).days
    targeted: dict[Scope, dict[str, Decimal]] = {}
    for (key, scope), target in (targets or {}).items():
        targeted.setdefault(scope, {})[key] = target
    result = {}
    for scope in scopes:
        inputs = Inputs({basis: sums.of(scope) for basis, sums in found.items()}, targeted.get(scope, {}), days)
        left_out = found[Basis.NOW].left_out(scope)
        for one in wanted:
            result[one.key, scope] = figure(one, scope, window, on, inputs, excluded(one, left_out))
    return result


def needs(kpis: Iterable[str], scopes: Iterable[Scope], window: Window, *, on: date, calendar: Calendar) -> list[Need]:
    """Return the stored sums that `figures`, `ranking` or `breakdown` read, to be loaded with others by `open_book`."""
    return _needs([kpi(key) for key in kpis], scopes, window, on, calendar)


def needs_of_series(kpis: Iterable[str], scope: Scope, window: Window, grain: str, *, on: date, calendar: Calendar) -> list[Need]:
    """Return the stored sums that `several_series` reads."""
    return list(_needs_of_series(tuple(kpis), scope, window, grain, on, calendar))


@lru_cache(maxsize=1024)
def _needs_of_series(keys: tuple[str, ...], scope: Scope, window: Window, grain: str, on: date, calendar: Calendar) -> tuple[Need, ...]:
    """Put steps that are read as of the same day together; every look at a board on one day needs the same."""
    wanted = [kpi(key) for key in keys]
    windows: dict[tuple[Basis, date], list[Window]] = {}
    for step in steps_of(window, grain, on, calendar):
        for basis, (look, until) in windows_of(wanted, step, on, calendar).items():
            windows.setdefault((basis, until), []).append(look)
    return tuple(Need(frozenset(used(wanted, basis)), (scope,), tuple(found), until, calendar) for (basis, until), found in windows.items())


def _needs(kpis: list[Kpi], scopes: Iterable[Scope], window: Window, on: date, calendar: Calendar) -> list[Need]:
    scopes, looks = tuple(scopes), windows_of(kpis, window, on, calendar)
    return [Need(frozenset(used(kpis, basis)), scopes, (look,), until, calendar) for basis, (look, until) in looks.items()]


def excluded(one: Kpi, left_out: Mapping[str, int]) -> int:
    """Count the records a KPI left out: measures of the same records left out the same ones, those of others add their own."""
    if not left_out:
        return 0
    counts: dict[tuple[str, str], int] = {}
    for measure in (catalogue.MEASURES[key] for key in one.measures):
        of_all = any(catalogue.MEASURES[key].stream == measure.stream and catalogue.MEASURES[key].when == "TRUE" for key in one.measures)
        records = (measure.stream, "TRUE" if of_all else measure.when)
        counts[records] = max(counts.get(records, 0), left_out.get(measure.key, 0))
    return sum(counts.values())


NOT_NARROWED = gettext_lazy("What it counts names no product or no campaign, so it cannot be narrowed to one.")


def figure(one: Kpi, scope: Scope, window: Window, on: date, inputs: Inputs, excluded: int) -> Figure:
    """Compute a KPI from the sums of its measures."""
    if not narrowing.makes_sense(one, scope):
        return Figure(one, scope, window, on, None, None, None, 0, str(one.not_for_others) if scope.kind not in one.scopes else str(NOT_NARROWED))
    numerator = one.formula.numerator.compute(inputs)
    denominator = one.formula.denominator.compute(inputs) if one.formula.denominator else None
    value, reason = divide(one, numerator, denominator)
    note = str(one.note(inputs)) if one.note and value is not None else ""
    return Figure(one, scope, window, on, value, numerator, denominator, excluded, reason, note)


def value(one: Kpi, scope: Scope, inputs: Inputs) -> Decimal | None:
    """Compute no more of a figure than its value."""
    if not narrowing.makes_sense(one, scope):
        return None
    denominator = one.formula.denominator.compute(inputs) if one.formula.denominator else None
    return divide(one, one.formula.numerator.compute(inputs), denominator)[0]


def divide(one: Kpi, numerator: Decimal | None, denominator: Decimal | None) -> tuple[Decimal | None, str]:
    """Return the value in the KPI's unit, or None and why there is none."""
    if one.formula.denominator is None:
        return numerator, ""
    if one.target_of and denominator is None:
        return None, _("No target is set.")
    if numerator is None or denominator is None:
        return None, _("There is nothing to count yet.")
    if denominator == 0 or (one.target_of and denominator < 0):
        return None, str(one.no_value)
    return numerator / denominator * one.formula.factor, ""


def series(
    key: str,
    scope: Scope,
    window: Window,
    grain: str,
    *,
    on: date,
    calendar: Calendar | None = None,
    targets: StepTargets | None = None,
    book: Book | None = None,
) -> list[Point]:
    """Return a KPI per day, week, month, quarter or year of a window, up to day `on`; a running step says so."""
    return several_series([key], scope, window, grain, on=on, calendar=calendar, targets=targets, book=book)[key]


def several_series(
    keys: Iterable[str],
    scope: Scope,
    window: Window,
    grain: str,
    *,
    on: date,
    calendar: Calendar | None = None,
    targets: StepTargets | None = None,
    book: Book | None = None,
) -> dict[str, list[Point]]:
    """Return the series of several KPIs by key, in as many queries as one takes; `targets` are by the steps' first days."""
    keys, calendar = tuple(keys), calendar or periods.calendar()
    wanted = [kpi(key) for key in keys]
    steps = steps_of(window, grain, on, calendar)
    book = book or open_book(_needs_of_series(tuple(keys), scope, window, grain, on, calendar))
    sums = reading.amounts_by_step(used(wanted, Basis.NOW), scope, steps, on=on, calendar=calendar, book=book)
    others = {
        basis: _of_basis(basis, used(wanted, basis), scope, steps, on, calendar, book) for basis in {b for one in wanted for b in one.bases} - {Basis.NOW}
    }
    found: dict[str, list[Point]] = {one.key: [] for one in wanted}
    for step in steps:
        by_basis = {Basis.NOW: sums[step.start_on], **{basis: rows[step.start_on] for basis, rows in others.items()}}
        inputs = Inputs(by_basis, (targets or {}).get(step.start_on, {}), step.clipped(on).days)
        for one in wanted:
            found[one.key].append(Point(step, value(one, scope, inputs), step.last_on > on))
    return found


def steps_of(window: Window, grain: str, on: date, calendar: Calendar) -> list[Window]:
    """Return the steps of a grain that have begun in a window by day `on`, cut where the window cuts them."""
    return [within(step, window) for step in calendar.between(grain, window.start_on, window.end_on) if step.start_on <= on]


def _of_basis(basis: Basis, measures: list[str], scope: Scope, steps: list[Window], on: date, calendar: Calendar, book: Book) -> dict[date, dict[str, Decimal]]:
    """Return each step's sums over another basis."""
    looks = {step.start_on: look_of(basis, step, on, calendar) for step in steps}
    return {start_on: reading.amounts(measures, [scope], look, on=until, calendar=calendar, book=book).of(scope) for start_on, (look, until) in looks.items()}


def within(step: Window, window: Window) -> Window:
    """Return the part of a step that lies in a window."""
    start, end = max(step.start_on, window.start_on), min(step.end_on, window.end_on)
    return step if (start, end) == (step.start_on, step.end_on) else Window(step.key, None, start, end)


def ranking(key: str, scopes: Iterable[Scope], window: Window, *, on: date, book: Book | None = None) -> list[Place]:
    """Rank scopes by a KPI, best first; ties share a rank; who has no value, or too little volume for a rate, comes last without one."""
    one = kpi(key)
    return rank(list(figures([key], scopes, window, on=on, book=book).values()), better_is_up=one.better == "up")


def rank(found: list[Figure], *, better_is_up: bool) -> list[Place]:
    """Put figures in order."""
    counted = [f for f in found if f.value is not None and (f.denominator is None or f.denominator >= f.kpi.minimum_volume)]
    counted.sort(key=lambda f: (-f.value if better_is_up else f.value, f.scope.name))  # type: ignore[operator]
    places: list[Place] = []
    for position, one in enumerate(counted, 1):
        tied = places and places[-1].figure.value == one.value
        places.append(Place(places[-1].rank if tied else position, one))
    rest = sorted((f for f in found if f not in counted), key=lambda f: f.scope.name)
    return places + [Place(None, f) for f in rest]


def breakdown(key: str, scope: Scope, window: Window, *, on: date, book: Book | None = None) -> list[Part]:
    """Return a KPI per part of what it is divided by (its stages, its campaigns), in their order."""
    one = kpi(key)
    found = reading.amounts(one.measures, [scope], window, on=on, book=book)
    parts = []
    for part, name in DIVISIONS[one.part].named(found.parts(scope)):
        inputs = Inputs({Basis.NOW: found.of(scope, part)}, days=window.clipped(on).days)
        parts.append(Part(part, name, figure(one, scope, window, on, inputs, 0)))
    return parts


def freshness(book: Book | None = None) -> Freshness:
    """Return how old the stored numbers are and how many changes wait to be counted."""
    state = (book or open_book([])).state
    return Freshness(state.counted_at, state.counted_to, state.waiting, state.version)
