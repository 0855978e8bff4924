"""Count everything from nothing, or do the nightly run by hand."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from apps.core import clock
from apps.kpis import rollup
from apps.kpis.verification import nights


class Command(BaseCommand):
    help = "Forget every stored sum and count all facts from nothing. With --verify: do the nightly comparison now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--verify", action="store_true", help="change nothing; report where stored amounts differ")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verify"]:
            run = nights.nightly(on=clock.today(), started_at=clock.now(), finished_at=clock.now)
            self.stdout.write(
                _("%(cells)s sums and %(figures)s figures compared, %(differing)s differ")
                % {"cells": run.cells, "figures": run.figures, "differing": run.differing}
            )
            return
        rollup.recount_all(
            on=clock.today(), progress=lambda done, total: self.stderr.write(_("counting %(done)s of %(total)s") % {"done": done, "total": total})
        )
        self.stdout.write(_("everything recounted"))
