"""A widget in its place on somebody's look: whose numbers it shows them, over which days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from apps.boards.models import OWN, Widget
from apps.core.periods import Calendar, Window
from apps.dashboards.boards.board import Viewer
from apps.dashboards.boards.state import State
from apps.dashboards.selection import Selection, read_scope_key
from apps.kpis import catalogue
from apps.kpis.declarations import Kpi
from apps.reps import directory, places
from apps.reps.directory import Directory
from apps.reps.scopes import Scope

NOBODY = Directory((), (), (), (), ())


@dataclass(frozen=True)
class Spot:
    """One widget with its look; `look` is None where the viewer may not see whose numbers it shows.

    `inside` is who and what is in the look's scope, `is_elsewhere` says that it looks at something else than the board does.
    """

    widget: Widget
    look: Selection | None
    viewer: Viewer
    current: State
    stages: tuple[tuple[int, str], ...]
    inside: Directory = NOBODY
    is_elsewhere: bool = False

    @property
    def id(self) -> str:
        return f"w{self.widget.pk or 0}"

    @property
    def kpis(self) -> list[Kpi]:
        return [catalogue.KPIS[key] for key in self.widget.known_kpis]

    @property
    def kpi(self) -> Kpi:
        return self.kpis[0]

    @property
    def listed(self) -> list[Scope]:
        """Who is listed beneath each other; of a rep, the rep alone."""
        if self.seen.scope.kind == "rep":
            return [self.seen.scope]
        if self.widget.among == Widget.Among.TEAMS:
            return [branch.scope for branch in self.inside.branches]
        if self.widget.among == Widget.Among.REGIONS:
            return list(self.inside.regions)
        return [member.scope for member in self.inside.members]

    @property
    def seen(self) -> Selection:
        """The look of a widget that the viewer may see."""
        if self.look is None:
            raise ValueError("nobody may look at this")
        return self.look


def spots(
    widgets: Iterable[Widget], look: Selection, viewer: Viewer, allowed: Iterable[Scope], current: State, stages: tuple[tuple[int, str], ...]
) -> list[Spot]:
    """Put widgets into their places, in two queries at most, however many they are."""
    theirs = {(scope.kind, scope.id): scope for scope in allowed}
    found = []
    for widget in widgets:
        scope = _scope(widget, look, viewer, theirs)
        seen = look.at(scope=scope, window=_window(widget, look)) if scope else None
        is_elsewhere = seen is not None and bool(widget.declared.takes & {"scope", "period"}) and (seen.scope, seen.window) != (look.scope, look.window)
        found.append(Spot(widget, seen, viewer, current, stages, is_elsewhere=is_elsewhere))
    members_on = look.today if look.is_regrouped else None
    looks = [(spot.look.scope, spot.look.window) for spot in found if spot.look]
    inside = directory.inside(looks, on=look.on, today=look.today, own=viewer.rep_id, members_on=members_on)
    here = places.calendars(look.calendar, {scope for scope, _window in looks}, look.on)
    return [
        replace(spot, inside=inside[spot.look.scope, spot.look.window].narrowed(look.only), look=replace(spot.look, calendar=here[spot.look.scope]))
        if spot.look
        else spot
        for spot in found
    ]


def _scope(widget: Widget, look: Selection, viewer: Viewer, theirs: Mapping[tuple[str, int], Scope]) -> Scope | None:
    """Return whose numbers a widget shows; what is not there and what is not theirs is equally None."""
    if not widget.scope:
        return look.scope
    if widget.scope == OWN:
        return theirs.get(("rep", viewer.rep_id or 0), look.scope)
    return theirs.get(read_scope_key(widget.scope))


def _window(widget: Widget, look: Selection) -> Window:
    return running(widget.period, look.calendar, look.on) if widget.period else look.window


def running(period: str, calendar: Calendar, on: date) -> Window:
    """Return the days of a `Widget.Period` that moves with the calendar: the one running on a day, or the last before it."""
    now = calendar.containing(period.removeprefix("last_"), on)
    return calendar.previous(now) if period.startswith("last_") else now
