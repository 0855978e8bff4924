"""AdventureWorks' 57,851 order lines and 809 targets: every rep's monthly attainment is that of the recount."""

from fractions import Fraction
from pathlib import Path

import pytest
from django.conf import settings

from apps.goals.models import Goal
from apps.opportunities.models import Opportunity
from tests.independent import adventureworks
from tests.independent.test_maven import called, is_equal

FOLDER = Path(settings.BASE_DIR).parent / "shared" / "data" / "adventureworks_pl300"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not FOLDER.is_dir(), reason="The AdventureWorks files are not beside this checkout (../shared/data/adventureworks_pl300): attainment is not proved."
    ),
]


def test_every_reps_month_is_the_recounts_and_a_second_import_changes_nothing(day, tmp_path):
    day.to("2021-12-31")
    first = called("import", "adventureworks", str(FOLDER), "--errors", str(tmp_path))
    assert [each["rejected"] for each in first["files"]] == [0] * len(first["files"])
    assert (Opportunity.objects.count(), Goal.objects.count()) == (3616, 809)

    months = {(f"rep:{month.rep}", month.period): month for month in adventureworks.recount(FOLDER)}
    scopes, periods = (dict.fromkeys(key[place] for key in months) for place in (0, 1))
    asked = [*(f"--scope={scope}" for scope in scopes), *(f"--period={period}" for period in periods), "--on=2021-12-31"]
    shown = {(row["scope"], row["period"]): row for row in called("figure", "revenue", *asked)}
    for key, month in months.items():
        row = shown[key]
        target = None if month.target is None else Fraction(month.target)
        assert is_equal(row["value"], Fraction(month.actual)), key
        assert is_equal(row["target"], target), key
        assert is_equal(row["attainment"], Fraction(month.actual) / target if target else None), key
    without = [row for key, row in shown.items() if key not in months]
    assert {(row["value"], row["target"]) for row in without} <= {("0", None)}

    wide = called("import", "adventureworks_wide", str(FOLDER), "--errors", str(tmp_path))["totals"]
    assert (wide["unchanged"], wide["created"], wide["updated"], wide["rejected"]) == (245, 0, 0, 0)

    again = called("import", "adventureworks", str(FOLDER), "--errors", str(tmp_path))
    assert (again["totals"]["created"], again["totals"]["updated"], again["totals"]["rejected"]) == (0, 0, 0)


def test_an_order_has_one_day_one_rep_and_one_reseller_and_a_reseller_one_territory():
    assert {name: found for name, found in adventureworks.contradictions(FOLDER).items() if found} == {}
