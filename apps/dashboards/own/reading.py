"""All that a board's widgets show, read at once: each says what it asks for, and is handed the sources it draws from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _

from apps.boards.models import Widget
from apps.core import dates
from apps.core.periods import Calendar, Window
from apps.dashboards.boards.sources import Sources
from apps.dashboards.own.spots import Spot
from apps.dashboards.selection import Selection
from apps.goals import rows
from apps.goals.rows import Span
from apps.goals.selectors import Loaded
from apps.kpis import restatements, selectors
from apps.kpis.books import Need
from apps.kpis.figures import Figure, Point
from apps.kpis.regrouping import open_book
from apps.kpis.restatements import Reported
from apps.reps import places
from apps.reps.scopes import Scope

Keys = tuple[str, ...]


@dataclass(frozen=True)
class Asks:
    """What a widget needs: figures with their goals over its window, and other stored sums."""

    figures: tuple[tuple[Keys, tuple[Scope, ...]], ...] = ()
    sums: tuple[Need, ...] = ()


NOTHING = Asks()


def asking(kpis: Iterable[str], scopes: Iterable[Scope], *sums: Sequence[Need]) -> Asks:
    return Asks(((tuple(dict.fromkeys(kpis)), tuple(dict.fromkeys(scopes))),), tuple(need for some in sums for need in some))


@dataclass
class Reading:
    """What was read for a whole board; what was reported of a closed period is read once for each period."""

    loaded: Loaded
    scopes: tuple[Scope, ...]
    on: date
    reported: dict[Window, Reported | None] = field(default_factory=dict)

    def of(self, look: Selection) -> Sources:
        """Return what there is for one look."""
        if look.window not in self.reported:
            self.reported[look.window] = restatements.of_period(self.scopes, look.window, on=self.on)
        return Sources(look, replace(self.loaded, window=look.window, reported=self.reported[look.window]))


def read(asked: Iterable[tuple[Spot, Asks]], calendar: Calendar, *, on: date, counted_to: date | None) -> Reading:
    """Read what several widgets ask for, in four queries at most."""
    needs: list[Need] = []
    spans: list[Span] = []
    scopes: dict[Scope, None] = {}
    for spot, asks in asked:
        look = spot.seen
        for kpis, some in asks.figures:
            needs += selectors.needs(kpis, some, look.window, on=look.on, calendar=look.calendar)
            spans.append(Span(some, look.window.start_on, look.window.last_on))
            scopes |= dict.fromkeys(some)
        needs += asks.sums
    book = open_book(needs, counted_to=counted_to)
    loaded = Loaded(rows.read(*_merged(spans), on=on), book, calendar.containing("day", on), None, places.calendars(calendar, scopes, on))
    return Reading(loaded, tuple(scopes), on)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Put the scopes of the same days together, so that each days are asked for once."""
    by_days: dict[tuple[date, date], dict[Scope, None]] = {}
    for scopes, first, last in spans:
        by_days.setdefault((first, last), {}).update(dict.fromkeys(scopes))
    return [Span(list(scopes), first, last) for (first, last), scopes in by_days.items()]


# --- The time before ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class Earlier:
    """The window a figure is compared with, up to which day, and how that point is called."""

    window: Window
    until: date
    since: str


def earlier(widget: Widget, look: Selection) -> Earlier | None:
    """Return what a widget compares with; None where with nothing."""
    if widget.comparison == Widget.Comparison.NONE:
        return None
    window, until = (look.beside(year=True) if widget.comparison == Widget.Comparison.YEAR else look).earlier()
    name = dates.window_name(window)
    return Earlier(window, until, name if look.is_over else _("this point of %(period)s") % {"period": name})


def needs_before(widget: Widget, kpis: Keys, look: Selection) -> list[Need]:
    then = earlier(widget, look)
    return selectors.needs(kpis, [look.scope], then.window, on=then.until, calendar=look.calendar) if then else []


def before(widget: Widget, kpis: Keys, source: Sources) -> tuple[dict[str, Figure], str]:
    """Return figures of the time before, by KPI, and how it is called; nothing where none is compared with."""
    look = source.selection
    then = earlier(widget, look)
    if then is None:
        return {}, ""
    found = selectors.figures(kpis, [look.scope], then.window, on=then.until, calendar=look.calendar, book=source.loaded.book)
    return {kpi: figure for (kpi, _scope), figure in found.items()}, then.since


# --- Steps of time -----------------------------------------------------------------------------------
STEPS = {"day": 28, "week": 13, "month": 12, "quarter": 8, "year": 5}


def grain_of(widget: Widget, look: Selection) -> str:
    """Return the steps a trend goes in: as chosen, else months, or weeks for what is short."""
    return widget.grain or ("month" if look.window.days > 31 or look.window.grain == "quarter" else "week")


def lately(grain: str, look: Selection) -> Window:
    """Return the last so many steps of a grain up to the day that is looked at."""
    return _up_to(_last(grain, look), grain, look)


def lately_before(grain: str, look: Selection, *, year: bool) -> tuple[Window, date]:
    """Return the same steps a year, or as many steps, earlier, and the day by which as many days of the last of them had passed."""
    last, calendar = _last(grain, look), look.calendar
    then, until = calendar.year_before(last, look.on) if year else calendar.same_elapsed(last, look.on, steps=STEPS[grain])
    return _up_to(then, grain, look), until


def _last(grain: str, look: Selection) -> Window:
    return look.calendar.containing(grain, min(look.on, look.window.last_on) if look.has_begun else look.on)


def _up_to(last: Window, grain: str, look: Selection) -> Window:
    first = last
    for _step in range(STEPS[grain] - 1):
        first = look.calendar.previous(first)
    return Window("", None, first.start_on, last.end_on)


def needs_of_steps(kpis: Keys, scope: Scope, grain: str, span: Window, look: Selection, *, on: date | None = None) -> list[Need]:
    return selectors.needs_of_series(kpis, scope, span, grain, on=on or look.on, calendar=look.calendar)


def steps(kpis: Keys, scope: Scope, grain: str, span: Window, source: Sources, *, on: date | None = None) -> dict[str, list[Point]]:
    """Return series of KPIs over a span of steps, as of the end of the day that is looked at, or of another."""
    look = source.selection
    return selectors.several_series(kpis, scope, span, grain, on=on or look.on, calendar=look.calendar, book=source.loaded.book)
