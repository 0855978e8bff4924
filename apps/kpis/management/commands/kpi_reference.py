"""Write the reference page of all KPIs, from the catalogue and the tests that prove it."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from apps.kpis import reference_page

PAGE = Path("docs", "reference", "kpis.md")


class Command(BaseCommand):
    help = f"Write {PAGE} from the catalogue. With --check: change nothing, and fail when the page is out of date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say whether the page is up to date")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR, PAGE)
        with translation.override("en"):
            text = reference_page.page(oracles())
        if path.exists() and path.read_text() == text:
            self.stdout.write(f"{PAGE} is up to date")
        elif options["check"]:
            raise CommandError(f"{PAGE} is out of date: run script/manage kpi_reference")
        else:
            path.write_text(text)
            self.stdout.write(f"{PAGE} written")


def oracles() -> Mapping[str, str]:
    """Return the file that recounts each measure slowly; the tests come with a checkout only."""
    try:
        oracle = import_module("tests.oracle")
    except ModuleNotFoundError as error:
        raise CommandError("The page names the tests that prove it: write it in a checkout of the source, where tests/ is.") from error
    return {
        key: f"{family.__name__.replace('.', '/')}.py"
        for family in oracle.FAMILIES
        for kinds in ("FLOWS", "STOCKS", "WINDOWS")
        for key in getattr(family, kinds, {})
    }
