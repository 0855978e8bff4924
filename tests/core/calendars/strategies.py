"""Calendars of every kind, grains and days, for the laws."""

from datetime import date

from hypothesis import strategies as st

from apps.core.calendars.calendar import GREGORIAN, SOLAR_HIJRI, Calendar
from apps.core.calendars.months import LAST, NEAREST, PATTERNS
from apps.core.calendars.windows import GRAINS

calendars = st.builds(
    Calendar,
    kind=st.sampled_from((GREGORIAN, SOLAR_HIJRI, *PATTERNS)),
    fiscal_year_start=st.integers(1, 12),
    first_weekday=st.integers(1, 7),
    year_ends=st.sampled_from((NEAREST, LAST)),
)
days = st.dates(date(1995, 1, 1), date(2060, 12, 31))
grains = st.sampled_from(GRAINS)
