"""Imports files: `import FILE…`; what it recognises and has to ask stands beside them, and it goes on when that is answered."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core import clock
from apps.imports import importing, intake, parsing, proposal_words
from apps.imports.keys import MappingError
from apps.imports.report import FileReport, ImportReport
from apps.kpis import rollup

SHOWN = 20
REJECTED, WRONG, ASKING = 1, 2, 3
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
    help = (
        "Import files: CSV, TSV, Excel, JSON, and gzip or zip of them. Without a mapping they are recognised. "
        "Exit code: 0 all rows fine, 1 some rows rejected, 2 the mapping or a file cannot be used, 3 there are questions to answer first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        shipped = ", ".join(parsing.shipped())
        parser.add_argument("files", nargs="+", metavar="FILE", help="files, or a folder that holds them; a mapping may be named before them")
        parser.add_argument("--mapping", metavar="TOML", help=f"path of a mapping file, or the name of a shipped one: {shipped}")
        parser.add_argument("--answers", type=Path, metavar="TOML", help="the file with the questions of an earlier call, answered")
        parser.add_argument("--dry-run", action="store_true", help="report the same, but write nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        parser.add_argument("--errors", type=Path, metavar="FOLDER", help="where rejected rows are written (default: beside their file)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with intake.opened(self.request(options)) as ready:
                if ready.order is None:
                    self.ask(ready, is_json=options["json"])
                    return
                report = importing.run(ready.order, self.tell)
        except MappingError as error:
            self.refuse(error, is_json=options["json"])
        self.told(report, is_dry=options["dry_run"], is_json=options["json"])

    def told(self, report: ImportReport, *, is_dry: bool, is_json: bool) -> None:
        if not is_dry:
            rollup.drain(on=clock.today(), progress=self.counted, wait=True)
        for warning in report.warnings:
            self.stderr.write(warning)
        if is_json:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
        else:
            self.summarise(report, is_dry=is_dry)
        if rejected := report.totals.rejected:
            told = ngettext("%(count)s row was rejected.", "%(count)s rows were rejected.", rejected)
            raise CommandError(told % {"count": rejected}, returncode=REJECTED)

    def ask(self, ready: intake.Ready, *, is_json: bool) -> None:
        """Show what is proposed, and where it stands."""
        if ready.proposal is None:
            return
        if is_json:
            answer = {"proposal": ready.proposal.as_json(), "written": [str(path) for path in ready.written]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
        else:
            for line in proposal_words.lines(ready.proposal):
                self.stdout.write(line)
            for path in ready.written:
                self.stdout.write(_("Written: %(path)s") % {"path": path})
        if not any(file.entity for file in ready.proposal.files):
            raise CommandError(_("No file was recognised; write a mapping, or say what they feed under [entities] in an answers file."), returncode=WRONG)
        raise CommandError(_("Nothing was imported yet. Answer the questions in the file above, and give it with --answers."), returncode=ASKING)

    def request(self, options: dict[str, Any]) -> intake.Request:
        errors_to = options["errors"]
        if errors_to and not errors_to.is_dir():
            raise CommandError(_("There is no folder %(path)s for rejected rows; make it first.") % {"path": errors_to}, returncode=WRONG)
        files, mapping = intake.requested(options["files"], options["mapping"])
        return intake.Request(files, mapping, options["answers"], options["dry_run"], errors_to)

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
