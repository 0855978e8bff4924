"""Which report is looked at, at whose and at which days; its pickers lead to the same report."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.dashboards.asking import asked
from apps.dashboards.boards import header as heads
from apps.dashboards.boards import state
from apps.dashboards.boards.header import Choice, Header
from apps.dashboards.selection import Selection, scope_key, written
from apps.reps import access
from apps.reps.scopes import Scope

REPORTS = {
    "funnel": (gettext_lazy("Funnel"), gettext_lazy("What became of the deals that came to each stage, how long they stayed, and which stage got worse.")),
    "waterfall": (gettext_lazy("Pipeline waterfall"), gettext_lazy("How the open pipeline came from what it was on one day to what it is on another.")),
    "cohorts": (gettext_lazy("Cohorts"), gettext_lazy("Of the deals created in each month, the share won by the end of each month after.")),
    "movement": (gettext_lazy("Recurring revenue"), gettext_lazy("How monthly recurring revenue moved: new, expansion, contraction, churn and reactivation.")),
}


@dataclass(frozen=True)
class Place(Selection):
    """A look at one report. `own` is what its address says besides scope, period and day."""

    report: str = ""
    own: tuple[tuple[str, str], ...] = ()

    def board_of(self, scope: Scope) -> str:
        """The address of a report, where a board's pickers would lead to a board."""
        return reverse(f"dashboards:{self.report}") + written(self.query_of(scope, self.window) | dict(self.own))

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        return (("scope", scope_key(self.scope)), *super().kept, *self.own)

    @property
    def home(self) -> str:
        """The address of the board with the same scope and days."""
        return Selection(*self.looks).board

    def having(self, **own: str) -> "Place":
        """Return the same report with something else in its address; what is empty is left out."""
        return replace(self, own=tuple((key, value) for key, value in (dict(self.own) | own).items() if value))

    def list(self, **query: str) -> str:
        """The address of the report's list with the records behind one of its numbers."""
        return reverse(f"dashboards:{self.report}-list") + written(self.query | dict(self.own) | query)


def read(request: HttpRequest, user: User, today: date, report: str, own: Mapping[str, str] | None = None) -> Place:
    """Read a report's address; raise Http404 for what is not theirs."""
    found = asked(request, user, today)
    return Place(*found.looks, report, tuple((own or {}).items()))


def header(place: Place, user: User, now: datetime) -> Header:
    """Put the head of a report together: a board's, but read from the records as they are, so nothing waits to be counted."""
    setting, current = state.read(user)
    made = replace(heads.header(place, access.scopes_for(user, place.today), current, setting.organisation, now), boards="", besides=())
    return made if place.report == "movement" else replace(made, counted="", counted_at="", notice="")


def tabs(place: Place) -> list[Choice]:
    """Lead to the other reports on the same scope and days."""
    return [Choice(str(name), replace(place, report=key, own=()).board, key == place.report) for key, (name, _words) in REPORTS.items()]


def left_out(undated: int) -> str:
    """Say how many deals no report can place."""
    if not undated:
        return ""
    return _("Deals without a creation day are left out, because nobody knows when they were what: %(count)s here.") % {"count": undated}
