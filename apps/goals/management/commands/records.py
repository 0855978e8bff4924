"""Print the records behind figures, and their sum."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from apps.goals import asking, flat
from apps.kpis import selectors

ALL = 2**31 - 1
COLUMNS = ("id", "record", "day", "rep", "customer", "amount")


class Command(BaseCommand):
    help = "Print the records behind figures: for each measure of the formula, what each record adds, and their sum."

    def add_arguments(self, parser: CommandParser) -> None:
        asking.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        question = asking.read(options)
        lists = [
            flat.records(found, kpi=kpi, scope_text=scope_text, period_text=period_text, as_of=question.on.isoformat())
            for kpi in question.kpis
            for scope_text, scope, period_text, window in question.combinations()
            for found in selectors.records(kpi, scope, window, on=question.on, limit=ALL)
        ]
        if options["json"]:
            self.stdout.write(json.dumps(lists, ensure_ascii=False, indent=1))
            return
        for found in lists:
            self.stdout.write(f"{found['kpi']} · {found['scope']} · {found['period']} · {found['name']}")
            self.stdout.write("\t".join(COLUMNS))
            for row in found["rows"]:
                self.stdout.write("\t".join("" if row[column] is None else str(row[column]) for column in COLUMNS))
            told = _("(%(count)s records, %(excluded)s left out)") % {"count": found["count"], "excluded": found["excluded"]}
            self.stdout.write(f"sum\t{found['sum']}\t{told}\n")
