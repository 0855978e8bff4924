"""What the commands `figure` and `records` share: their arguments, read and checked."""

import argparse
import itertools
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from apps.core import clock, periods
from apps.core.periods import UnknownPeriod, Window
from apps.kpis import rollup, selectors
from apps.kpis.selectors import UnknownKpi
from apps.reps import scopes
from apps.reps.scopes import Scope, UnknownScope


@dataclass(frozen=True)
class Question:
    """Which KPIs, scopes and windows were asked for, with the words they were asked in, as of which day."""

    kpis: tuple[str, ...]
    scopes: tuple[tuple[str, Scope], ...]
    windows: tuple[tuple[str, Window], ...]
    on: date

    def combinations(self) -> Any:
        """Yield every scope text, scope, period text and window."""
        for (scope_text, scope), (period_text, window) in itertools.product(self.scopes, self.windows):
            yield scope_text, scope, period_text, window


def add_arguments(parser: CommandParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("kpi", nargs="*", metavar="KPI", help="one or more keys of the catalogue (see: figure --list)")
    parser.add_argument("--scope", action="append", help="company, region:NAME, team:NAME or rep:NAME; repeatable; default company")
    parser.add_argument(
        "--period",
        action="append",
        help="2017, 2017-Q2, 2017-04, 2017-W14, 2017-04-01 or 2017-04-01..2017-05-15 (both days in it); repeatable; default the running quarter",
    )
    parser.add_argument("--on", help="as of the end of this day, such as 2017-12-31; default today")
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")


def read(options: dict[str, Any]) -> Question:
    """Read the arguments, and count what is still waiting, so that the answer holds every change; raise CommandError."""
    if not options["kpi"]:
        raise CommandError(_("Name at least one KPI. `figure --list` prints them all."))
    today = clock.today()
    try:
        on = date.fromisoformat(options["on"]) if options["on"] else today
    except ValueError as error:
        raise CommandError(_("--on %(text)s: write a day as 2017-12-31.") % {"text": options["on"]}) from error
    if on > today:
        raise CommandError(_("--on %(day)s lies ahead. Figures can be asked for as of today or an earlier day.") % {"day": on})
    calendar = periods.calendar()
    texts = options["period"] or [calendar.containing("quarter", on).key]
    try:
        kpis = tuple(selectors.kpi(key).key for key in options["kpi"])
        asked = tuple((text, scopes.parse(text)) for text in options["scope"] or ["company"])
        windows = tuple((text, calendar.parse(text)) for text in texts)
    except (UnknownKpi, UnknownScope, UnknownPeriod) as error:
        raise CommandError(str(error)) from error
    rollup.drain(on=today, at=clock.now(), wait=True)
    return Question(kpis, asked, windows, on)
