"""Maven's 8,800 real deals: imported whole, and every figure equal to the recount that shares no code with the product."""

import json
from datetime import date
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from apps.core import periods
from apps.core.models import Organisation
from apps.kpis.reports import cohorts, funnel, waterfall
from apps.opportunities.models import Opportunity
from apps.reps import scopes
from apps.reps.models import Region, Rep, Team
from tests.independent import maven

FOLDER = Path(settings.BASE_DIR).parent / "shared" / "data" / "maven"
PERCENTS = {"win_rate"}
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="The Maven files are not beside this checkout (../shared/data/maven): their figures are not proved."),
]


def called(*arguments: str) -> Any:
    out = StringIO()
    call_command(*arguments, "--json", stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


def expected(count: maven.Count) -> Fraction | None:
    if count.value is None:
        return None
    return Fraction(int(count.numerator), int(count.denominator)) * (100 if count.kpi in PERCENTS else 1)


def is_equal(shown: str | None, recounted: Fraction | None) -> bool:
    if shown is None or recounted is None:
        return shown is None and recounted is None
    return abs(Fraction(shown) - recounted) < Fraction(1, 10**6)


def held(scope: scopes.Scope) -> list[dict[str, str]]:
    agents = maven.scopes(maven.read(FOLDER / "sales_teams.csv"))[scope.kind if scope.kind == "company" else f"{scope.kind}:{scope.name}"]
    return [deal for deal in maven.read(FOLDER / "sales_pipeline.csv") if deal["sales_agent"] in agents]


def proved_reports(on: date) -> None:
    """Hold the pipeline's waterfall, the funnel and cohorts of every kind of scope against the files."""
    calendar = periods.calendar()
    months = list(calendar.between("month", date(2016, 10, 1), date(2017, 9, 30)))
    later = list(calendar.between("month", date(2017, 10, 1), on))
    for scope in [scopes.company(), *map(scopes.of, [*Region.objects.all(), *Team.objects.all(), *Rep.objects.all()[:3]])]:
        deals, quarter = held(scope), calendar.parse("2017-Q2")
        found = waterfall.read(scope, waterfall.Span(date(2017, 3, 31), date(2017, 6, 30), None))
        assert {bar: found[bar].count for bar in ("start", "new", "won", "lost", "end")} == maven.pipeline_moves(deals, "2017-03-31", "2017-06-30"), scope.key
        assert sum(found[bar].amount for bar in waterfall.BARS[:-1]) == found["end"].amount, scope.key
        assert found.undated == sum(not deal["engage_date"] for deal in deals), scope.key

        passages = funnel.read(scope, [], quarter, on=on).of(scope)
        came = [deal["deal_stage"] for deal in deals if maven.is_in(deal["engage_date"], "2017-Q2")]
        won = sum(deal["deal_stage"] == "Won" and maven.is_in(deal["close_date"], "2017-Q2") for deal in deals)  # the last stage is passed on winning
        first, last = passages[0], passages[-1]
        assert (first.entered.count, first.advanced.count) == (len(came), len(came) - came.count("Lost")), scope.key
        assert (sum(one.lost.count for one in passages), last.here.count) == (came.count("Lost"), came.count("Engaging")), scope.key
        assert (last.advanced.count, last.skipped, last.advanced.count + last.here.count) == (won, won, last.entered.count), scope.key

        for row, one in enumerate(cohorts.read(scope, months, later, on=on).cohorts):
            for cell, window in zip(one.cells, [*months, *later][row:], strict=True):
                assert (one.created.count, cell.won.count, cell.won.amount) == maven.cohort(deals, one.month.key, window.key), (scope.key, one.month.key)


def test_every_figure_and_report_is_the_recounts_and_a_second_import_changes_nothing(day, tmp_path):
    day.to("2017-12-31")
    Organisation.objects.update_or_create(pk=1, defaults={"currency": "USD"})
    first = called("import", "maven", str(FOLDER), "--errors", str(tmp_path))
    assert [each["rejected"] for each in first["files"]] == [0] * len(first["files"])
    assert (Opportunity.objects.count(), Rep.objects.count(), Team.objects.count()) == (8800, 35, 6)

    counts = maven.recount(FOLDER)
    scopes, kpis = dict.fromkeys(count.scope for count in counts), dict.fromkeys(count.kpi for count in counts)
    asked = [*(f"--scope={scope}" for scope in scopes), *(f"--period={period}" for period in maven.PERIODS), "--on=2017-12-31"]
    shown = {(row["kpi"], row["scope"], row["period"]): row["value"] for row in called("figure", *kpis, *asked)}
    recounted = {(count.kpi, count.scope, count.period): expected(count) for count in counts}
    assert shown.keys() == recounted.keys()
    assert {key: (shown[key], value) for key, value in recounted.items() if not is_equal(shown[key], value)} == {}
    assert shown["win_rate", "company", "2017-01"] is None
    assert shown["revenue", "company", "2017"] == "10005534"

    proved_reports(date(2017, 12, 31))
    again = called("import", "maven", str(FOLDER), "--errors", str(tmp_path))
    assert (again["totals"]["created"], again["totals"]["updated"], again["totals"]["rejected"]) == (0, 0, 0)
