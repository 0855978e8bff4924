"""Imports the files of a folder: `import MAPPING FOLDER`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core import clock
from apps.imports import importing, parsing
from apps.imports.importing import Order
from apps.imports.keys import MappingError
from apps.imports.report import FileReport, ImportReport
from apps.kpis import rollup

SHOWN = 20
REJECTED, WRONG = 1, 2
COUNTED = (  # in the order of Counts
    gettext_lazy("%(count)s read"),
    gettext_lazy("%(count)s created"),
    gettext_lazy("%(count)s updated"),
    gettext_lazy("%(count)s unchanged"),
    gettext_lazy("%(count)s skipped"),
    gettext_lazy("%(count)s merged"),
    gettext_lazy("%(count)s rejected"),
)


class Command(BaseCommand):
    help = "Import files as a mapping says. Exit code: 0 all rows fine, 1 some rows rejected, 2 the mapping or a file cannot be used."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("mapping", help=f"path of a mapping file, or the name of a shipped one: {', '.join(parsing.shipped())}")
        parser.add_argument("folder", type=Path, help="folder that holds the files, or one of the files")
        parser.add_argument("--dry-run", action="store_true", help="report the same, but write nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        parser.add_argument("--errors", type=Path, metavar="FOLDER", help="where rejected rows are written (default: beside their file)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            order = self.order(options)
            report = importing.run(order, self.tell)
        except MappingError as error:
            self.refuse(error, is_json=options["json"])
        if not order.is_dry:
            rollup.drain(on=clock.today(), progress=self.counted, wait=True)
        for warning in report.warnings:
            self.stderr.write(warning)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
        else:
            self.summarise(report, is_dry=order.is_dry)
        if rejected := report.totals.rejected:
            told = ngettext("%(count)s row was rejected.", "%(count)s rows were rejected.", rejected)
            raise CommandError(told % {"count": rejected}, returncode=REJECTED)

    def order(self, options: dict[str, Any]) -> Order:
        errors_to = options["errors"]
        if errors_to and not errors_to.is_dir():
            raise CommandError(_("There is no folder %(path)s for rejected rows; make it first.") % {"path": errors_to}, returncode=WRONG)
        return Order(mapping=parsing.read(options["mapping"]), place=options["folder"], is_dry=options["dry_run"], errors_to=errors_to)

    def tell(self, report: FileReport) -> None:
        """Show progress, away from the output that a program may read."""
        self.stderr.write(_("%(file)s → %(entity)s: %(read)s read") % {"file": report.file, "entity": report.entity, "read": report.counts.read})

    def counted(self, done: int, total: int) -> None:
        self.stderr.write(_("Counted %(done)s of %(total)s days and reps") % {"done": done, "total": total})

    def refuse(self, error: MappingError, *, is_json: bool) -> None:
        if is_json:
            answer = {**ImportReport().as_json(), "problems": [vars(problem) for problem in error.problems]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
        raise CommandError(str(error), returncode=WRONG) from error

    def summarise(self, report: ImportReport, *, is_dry: bool) -> None:
        for each in report.files:
            counts = [words % {"count": value} for words, value in zip(COUNTED, vars(each.counts).values(), strict=True) if value]
            self.stdout.write(f"{each.file} → {each.entity}: " + ", ".join(counts or [_("no rows")]))
            for error in each.errors[:SHOWN]:
                place = _("line %(line)s, %(column)s “%(value)s”") % vars(error)
                self.stdout.write(f"  {place}: {error.reason} {error.remedy}")
            if len(each.errors) > SHOWN:
                self.stdout.write(_("  … and %(count)s more") % {"count": len(each.errors) - SHOWN})
        for path in report.errors_files:
            self.stdout.write(_("Rejected rows, to be corrected and imported again: %(path)s") % {"path": path})
        if is_dry:
            self.stdout.write(_("A dry run: nothing was written."))
