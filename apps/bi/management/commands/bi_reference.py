"""Write the reference page of the views for BI tools, from what they are made of."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from apps.bi import relations

PAGE = Path("docs", "reference", "bi.md")
HEAD = """# Views for BI tools

Written by `script/manage bi_reference`; do not edit it by hand.

Metabase, Superset, Power BI, Excel and whatever else speaks to PostgreSQL read KPIBoard through views in the schema `bi`: the facts, the stored sums, and the KPIs made of them. Make a role that reads
them and nothing else:

```sh
printf '%s\\n' 'a long password' | script/manage bi_role kpiboard_bi --password
```

It reads everybody's numbers: give it to tools, not to people who see only a part. It can write nothing, and a question of its that takes longer than two minutes is stopped. The views are made anew by
every `migrate`; who was granted them keeps them. With a read replica, let tools ask that.

Money is in the organisation's currency; facts agreed in another keep it in `currency` and `original_amount`. Days are days of the organisation's time zone, and where something is valid `end_on` and
`valid_to` are the first day on which it no longer is. Leads come without e-mail address and telephone number.

```sql
SELECT scope, period, value FROM bi.kpis WHERE kpi = 'revenue' AND scope_kind = 'team' AND grain = 'quarter' ORDER BY start_on, scope;
```

Numbers of the running period are as of the last count, seconds ago. `bi.kpis` has every KPI that a period's own sums say; these need more (another period, a target, the days that people worked) and are
read from the [API](api.md): {untold}.
"""


class Command(BaseCommand):
    help = f"Write {PAGE}. With --check: change nothing, and fail when the page is out of date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say whether the page is up to date")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR, PAGE)
        with translation.override("en"):
            text = page()
        if path.exists() and path.read_text() == text:
            self.stdout.write(f"{PAGE} is up to date")
        elif options["check"]:
            raise CommandError(f"{PAGE} is out of date: run script/manage bi_reference")
        else:
            path.write_text(text)
            self.stdout.write(f"{PAGE} written")


def page() -> str:
    """Return the page."""
    parts = [HEAD.format(untold=", ".join(f"`{kpi.key}`" for kpi in relations.untold()))]
    for view in relations.views():
        rows = "\n".join(f"| `{column.name}` | {column.about} |" for column in view.columns)
        parts.append(f"## bi.{view.name}\n\n{view.about}\n\n| column | what it is |\n|---|---|\n{rows}\n")
    return "\n".join(parts)
