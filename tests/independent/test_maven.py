"""Maven's 8,800 real deals: imported whole, and every figure equal to the recount that shares no code with the product."""

import json
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from apps.core.models import Organisation
from apps.opportunities.models import Opportunity
from apps.reps.models import Rep, Team
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


def test_every_figure_is_the_recounts_and_a_second_import_changes_nothing(day, tmp_path):
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

    again = called("import", "maven", str(FOLDER), "--errors", str(tmp_path))
    assert (again["totals"]["created"], again["totals"]["updated"], again["totals"]["rejected"]) == (0, 0, 0)
