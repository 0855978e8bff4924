"""Write the reference page of all KPIs, from the catalogue and the tests that prove it."""

from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from apps.kpis import catalogue, reference_page
from apps.kpis.reference_page import Proofs

PAGE = Path("docs", "reference", "kpis.md")


class Command(BaseCommand):
    help = f"Write {PAGE} from the catalogue. With --check: change nothing, and fail when the page is out of date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say whether the page is up to date")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR, PAGE)
        with translation.override("en"):
            text = reference_page.page(proofs())
        if path.exists() and path.read_text() == text:
            self.stdout.write(f"{PAGE} is up to date")
        elif options["check"]:
            raise CommandError(f"{PAGE} is out of date: run script/manage kpi_reference")
        else:
            path.write_text(text)
            self.stdout.write(f"{PAGE} written")


def proofs() -> Proofs:
    """Return what proves each KPI; the tests come with a checkout only. A KPI that nothing proves is refused."""
    try:
        oracle, formulas, test = (import_module(name) for name in ("tests.oracle", "tests.oracle.formulas", "tests.kpis.test_formulas"))
    except ModuleNotFoundError as error:
        raise CommandError("The page names the tests that prove it: write it in a checkout of the source, where tests/ is.") from error
    if unproven := sorted(catalogue.KPIS.keys() - formulas.FORMULAS.keys()):
        raise CommandError(f"Nothing proves {', '.join(unproven)}: write each formula a second time in {path_of(formulas)}.")
    return Proofs(
        test=test.test_every_figure_is_the_oracles_in_every_scope.__name__,
        file=path_of(test),
        formulas=dict.fromkeys(formulas.FORMULAS, path_of(formulas)),
        oracles={key: path_of(family) for family in oracle.FAMILIES for kinds in ("FLOWS", "STOCKS", "WINDOWS") for key in getattr(family, kinds, {})},
    )


def path_of(module: ModuleType) -> str:
    return f"{module.__name__.replace('.', '/')}.py"
