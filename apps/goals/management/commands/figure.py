"""Print figures: any KPIs of any scopes over any periods, with target and progress."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.goals import asking, flat, selectors
from apps.kpis import catalogue

COLUMNS = ("kpi", "scope", "period", "value", "numerator", "denominator", "target", "attainment", "expected", "pace", "excluded", "as_of", "reason")


class Command(BaseCommand):
    help = """Print figures. Every combination of KPI, scope and period is answered in one call.

Values are in the KPI's unit: 63.2 of a percent KPI means 63.2 %. Attainment and pace are ratios: 0.69 means 69 %.
A KPI without a value (nothing to divide by, or asked for a scope that it makes no sense for) prints nothing, with --json null; `reason` says why."""

    def add_arguments(self, parser: CommandParser) -> None:
        asking.add_arguments(parser)
        parser.add_argument("--list", action="store_true", help="list the KPIs instead")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [flat.kpi(kpi) for kpi in catalogue.KPIS.values()] if options["list"] else self.figures(asking.read(options))
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        columns = ("key", "name", "unit", "better") if options["list"] else COLUMNS
        self.stdout.write("\t".join(columns))
        for row in rows:
            self.stdout.write("\t".join("" if row[column] is None else str(row[column]) for column in columns))

    def figures(self, question: asking.Question) -> list[dict[str, Any]]:
        rows = []
        for period_text, window in question.windows:
            found = selectors.figures(question.kpis, {scope for _, scope in question.scopes}, window, on=question.on)
            rows += [
                flat.figure(found[kpi, scope], scope_text=scope_text, period_text=period_text) for kpi in question.kpis for scope_text, scope in question.scopes
            ]
        return rows
