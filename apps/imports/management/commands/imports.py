"""Tells of imports, and does with one what its page does: `imports`, `imports --undo 12`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from apps.core import clock
from apps.imports import returning, running, selectors, services, undoing
from apps.imports.keys import MappingError
from apps.imports.models import Import
from apps.kpis import rollup

SHOWN = 20


class Command(BaseCommand):
    help = "List the last imports; undo, resume or cancel one, or write its rejected rows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--undo", type=int, metavar="NUMBER", help="take an import back as a whole")
        one.add_argument("--resume", type=int, metavar="NUMBER", help="go on with an import that ended early")
        one.add_argument("--cancel", type=int, metavar="NUMBER", help="stop an import after the portion that is being written")
        one.add_argument("--errors", type=int, metavar="NUMBER", help="write the rejected rows of an import into the folder --to")
        parser.add_argument("--to", type=Path, default=Path(), metavar="FOLDER", help="where rejected rows are written (default: here)")

    def handle(self, *args: Any, **options: Any) -> None:
        deeds = {"undo": self.undo, "resume": self.resume, "cancel": services.cancel, "errors": lambda pk: self.errors(pk, options["to"])}
        name = next((name for name in deeds if options[name] is not None), None)
        if name is None:
            return self.show()
        if not Import.objects.filter(pk=options[name]).exists():
            raise CommandError(_("There is no import %(number)s. Without an option, this lists them.") % {"number": options[name]})
        try:
            deeds[name](options[name])
        except (services.NotNow, undoing.Refused, MappingError) as error:
            raise CommandError(str(error)) from error

    def show(self) -> None:
        for this in selectors.history()[:SHOWN]:
            counted = ", ".join(f"{name} {count}" for name, count in vars(selectors.counts(this)).items() if count)
            files = ", ".join(file.name for file in this.files.all())
            self.stdout.write(f"{this.pk}  {this.asked_at:%Y-%m-%d %H:%M}  {this.get_state_display()}  {this.title}: {files}  {counted}")
            if this.fault:
                self.stdout.write("    " + this.fault.replace("\n", "\n    "))

    def undo(self, pk: int) -> None:
        services.ask_to_undo(pk, by=None)
        if not services.undo(pk):
            raise CommandError(Import.objects.get(pk=pk).fault)
        rollup.drain(on=clock.today(), wait=True)
        self.stdout.write(_("Undone. All figures are as before."))

    def resume(self, pk: int) -> None:
        services.resume(pk)
        running.run(pk)
        rollup.drain(on=clock.today(), wait=True)

    def errors(self, pk: int, folder: Path) -> None:
        for file in Import.objects.get(pk=pk).files.all():
            if path := returning.rejected(file, folder):
                self.stdout.write(str(path))
