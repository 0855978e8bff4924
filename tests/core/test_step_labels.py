"""What stands below the columns of a chart."""

import pytest

from apps.core import dates
from apps.core.calendars.calendar import SOLAR_HIJRI, Calendar


@pytest.mark.parametrize(
    ("period", "written"),
    [
        ("2025-03", ("Mar", "2025")),
        ("2025-Q1", ("Q1", "2025")),
        ("2025-W11", ("W11", "2025")),
        ("2025", ("2025", "")),
        ("2025-03-14", ("Mar 14", "")),
    ],
)
def test_a_step_is_told_in_two_lines(period: str, written: tuple[str, str]) -> None:
    assert dates.step_label(Calendar().parse(period)) == written


def test_in_the_solar_hijri_calendar_it_is_that_calendars_month() -> None:
    dates.write_in(SOLAR_HIJRI)
    assert dates.step_label(Calendar(kind=SOLAR_HIJRI).parse("1404-08")) == ("Aban", "1404")
