"""Somebody's running goals, each with all that the day asks: how far, what every working day left has to bring, what would close it, and how it went before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core import dates, numbers
from apps.core.periods import Window
from apps.dashboards.goals.listing import Reader
from apps.dashboards.selection import Selection
from apps.dashboards.shown import Number, number
from apps.dashboards.widgets import deals
from apps.dashboards.widgets.bullet import Bullet, bullet, words
from apps.dashboards.widgets.status import Status, status
from apps.goals import selectors
from apps.goals.models import Goal
from apps.goals.progress import Progress
from apps.goals.selectors import GoalFigure
from apps.kpis import catalogue
from apps.kpis.declarations import Kpi, Unit
from apps.opportunities import selectors as opportunities
from apps.reps.scopes import Scope

PAST = 4  # periods before
CLOSING = 6  # deals at most
CLOSED_BY_DEALS = "revenue"


@dataclass(frozen=True)
class Past:
    """How the same goal went in a period before."""

    name: str
    url: str
    attained: str
    is_met: bool


@dataclass(frozen=True)
class Card:
    """One goal. `asks` says what each working day left has to bring, `reached` that it is reached, `closing` which deals would close it."""

    title: str
    days: str
    number: Number
    words: str
    bullet: Bullet | None
    status: Status
    asks: str
    reached: str
    projected: str
    note: str
    closing: deals.Deals | None
    past: tuple[Past, ...]


def cards(scope: Scope, rows: Sequence[Goal], reader: Reader, *, is_own: bool) -> list[Card]:
    """Return a card for each of some goals of one scope, the shortest period first."""
    if not rows:
        return []
    book = _Book(scope, rows, reader)
    found = sorted(rows, key=lambda goal: (goal.last_on, goal.last_on - goal.start_on, list(catalogue.KPIS).index(goal.kpi)))
    return [_card(goal, book, is_own=is_own) for goal in found]


class _Book:
    """All figures that the cards need, read together."""

    def __init__(self, scope: Scope, rows: Sequence[Goal], reader: Reader) -> None:
        self.scope, self.reader = scope, reader
        wanted: dict[Window, set[str]] = {}
        for goal in rows:
            for window in (self.window(goal), *self.before(goal)):
                wanted.setdefault(window, set()).add(goal.kpi)
        asked = {window: [(key, scope) for key in keys] for window, keys in wanted.items()}
        found = selectors.over_windows(asked, on=reader.today, calendar=reader.calendar)
        self.found: dict[tuple[Window, str], GoalFigure] = {(window, key): one for (window, key, _scope), one in found.items()}

    def look(self, window: Window) -> Selection:
        return Selection(self.scope, window, self.reader.today, self.reader.today, self.reader.calendar, self.reader.currency)

    def window(self, goal: Goal) -> Window:
        return self.reader.calendar.from_to(goal.start_on, goal.last_on)

    def before(self, goal: Goal) -> list[Window]:
        """Return the periods before a goal's, where its days are a period of the calendar."""
        found: list[Window] = []
        window = self.window(goal)
        while window.grain and len(found) < PAST:
            window = self.reader.calendar.previous(window)
            found.append(window)
        return found


def _card(goal: Goal, book: _Book, *, is_own: bool) -> Card:
    window = book.window(goal)
    one, look = book.found[window, goal.kpi], book.look(window)
    progress, kpi = one.progress, one.figure.kpi
    name, days = dates.window_name(window), dates.interval(window)
    return Card(
        title=str(kpi.name),
        days=name if name == days else f"{name} · {days}",
        number=number(one.figure, look),
        words=words(kpi, one.figure.value, progress) if progress else "",
        bullet=bullet(one.figure, progress),
        status=status(progress),
        asks=_asks(kpi, progress) if progress else "",
        reached=_reached(kpi, progress) if progress else "",
        projected=_projected(kpi, progress) if progress else "",
        note=goal.note,
        closing=_closing(progress, look, is_own=is_own) if kpi.key == CLOSED_BY_DEALS and progress else None,
        past=tuple(_past(book, goal)),
    )


def _asks(kpi: Kpi, progress: Progress) -> str:
    """Say what is still to do, and what each working day left has to bring."""
    if progress.remaining is None or progress.remaining <= 0:
        return ""
    days = progress.days_total - progress.days_elapsed
    words = {"amount": numbers.short(progress.remaining, str(kpi.unit)), "days": days}
    if progress.per_working_day is None:
        return _("%(amount)s missing, and no working day is left.") % words
    each = progress.per_working_day
    if kpi.unit == Unit.COUNT and (every := int(days / progress.remaining)) > 1:
        return _("%(amount)s to go: one every %(every)s of the %(days)s working days left.") % {**words, "every": every}
    words["each"] = numbers.short(each.quantize(Decimal("0.1")) if each < 10 else each, str(kpi.unit))
    return (
        ngettext(
            "%(amount)s to go, on the one working day that is left.",
            "%(amount)s to go: %(each)s on each of the %(days)s working days left.",
            days,
        )
        % words
    )


def _reached(kpi: Kpi, progress: Progress) -> str:
    if not progress.is_met or progress.remaining is None:
        return ""
    more = -progress.remaining
    return _("Reached, by %(amount)s more.") % {"amount": numbers.short(more, str(kpi.unit))} if more > 0 else _("Reached, to the point.")


def _projected(kpi: Kpi, progress: Progress) -> str:
    if progress.projection is None or progress.is_met or progress.status == "too_early":
        return ""
    return _("Going on like this, it ends at %(amount)s.") % {"amount": numbers.short(progress.projection.quantize(Decimal(1)), str(kpi.unit))}


def _closing(progress: Progress, look: Selection, *, is_own: bool) -> deals.Deals | None:
    """Return the open deals that would close what is left."""
    if progress.remaining is None or progress.remaining <= 0:
        return None
    found = opportunities.closing_next(look.scope, on=look.on, before=look.window.end_on, limit=CLOSING)
    return deals.closing(found, progress.remaining, look, is_own=is_own)


def _past(book: _Book, goal: Goal) -> Iterable[Past]:
    """Yield how the goal went in the periods before that had one, the latest first."""
    for window in book.before(goal):
        one = book.found[window, goal.kpi]
        progress = one.progress
        if progress and progress.attainment is not None:
            look = book.look(window)
            url = look.board if look.can_be_opened else ""
            yield Past(dates.window_name(window), url, numbers.share(progress.attainment), progress.is_met)
