"""Count everything that writes have touched."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from apps.core import clock
from apps.kpis import rollup


class Command(BaseCommand):
    help = "Count everything that writes have touched and that no worker has counted yet."

    def handle(self, *args: Any, **options: Any) -> None:
        done = rollup.drain(on=clock.today(), at=clock.now(), progress=self.show, wait=True)
        self.stdout.write(_("%(done)s cells counted") % {"done": done})

    def show(self, done: int, total: int) -> None:
        self.stderr.write(_("counting %(done)s of %(total)s") % {"done": done, "total": total})
