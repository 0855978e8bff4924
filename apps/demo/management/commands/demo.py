"""Fills an empty database with the demo company."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import clock
from apps.demo import closes, company, sign_ins
from apps.demo.sign_ins import SignIn


class Command(BaseCommand):
    help = "Fill an empty database with the demo company: invented people and 24 months of sales up to today."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there is data already, instead of refusing")
        parser.add_argument("--sign-ins", type=Path, metavar="FILE", help="write how the demo people sign in to this file instead of showing it")

    def handle(self, *args: Any, if_empty: bool, sign_ins: Path | None, **options: Any) -> None:
        if company.is_database_empty():
            self.fill(sign_ins)
        elif if_empty:
            self.leave(sign_ins)
        else:
            raise CommandError(_("This database holds data already, and the demo company would mix with it. Use an empty database."))

    def fill(self, path: Path | None) -> None:
        with transaction.atomic():
            company.establish()
            found = company.found(on=clock.today(), say=self.stdout.write)
        company.tell_planner()
        self.stdout.write(_("Counting it, and closing the last quarters …"))
        closes.close_quarters(on=clock.today())
        self.tell(found, path)
        self.stdout.write(_("The demo company is here."))

    def leave(self, path: Path | None) -> None:
        """Change no data; see to it that the file still names sign-ins that work."""
        self.stdout.write(_("There is data already: no demo company made."))
        if path and not sign_ins.keep(path):
            self.stdout.write(_("Nobody of the demo company is here: sign in with your own account, or make one with “manage.py first_admin”."))

    def tell(self, found: list[SignIn], path: Path | None) -> None:
        if path:
            sign_ins.write(path, found)
            self.stdout.write(_("How its people sign in is in %(path)s.") % {"path": path})
            return
        for one in found:
            self.stdout.write(f"{one.role:8} {one.email:40} {one.password}")
