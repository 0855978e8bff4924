"""Close a period, or reopen it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from apps.core import clock, periods
from apps.core.periods import UnknownPeriod
from apps.kpis import closing
from apps.kpis.closing import CannotClose


class Command(BaseCommand):
    help = "Close a month, quarter or year that is over: figures keep what was reported, and later changes show as restated."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("period", nargs="?", help="such as 2026-09, 2026-Q3 or 2026; with --due none")
        parser.add_argument("--reopen", action="store_true", help="reopen it, so that it shows what is known today alone")
        parser.add_argument("--due", action="store_true", help="close what the organisation's rule asks for by today")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["due"]:
            found = closing.close_due(on=clock.today(), at=clock.now())
            self.stdout.write(_("closed: %(periods)s") % {"periods": ", ".join(row.key for row in found) or "–"})
            return
        try:
            window = periods.calendar().parse(options["period"] or "")
            if options["reopen"]:
                self._reopen(window)
                return
            row = closing.close(window, on=clock.today(), at=clock.now())
        except (UnknownPeriod, CannotClose) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("%(period)s is closed since %(day)s") % {"period": row.key, "day": row.closed_on})

    def _reopen(self, window: periods.Window) -> None:
        row = closing.of(window)
        if row is None:
            raise CommandError(_("%(period)s is not closed.") % {"period": window.key})
        closing.reopen(row, at=clock.now())
        self.stdout.write(_("%(period)s is open again") % {"period": window.key})
