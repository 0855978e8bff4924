"""The rhythm of the demo company's year: when customers ask and when they sign."""

from datetime import date, timedelta
from random import Random

from apps.core.periods import DAY, Calendar, add_months

MONTHS = 24  # how far back the history goes
ASKING = {1: 0.95, 2: 1.0, 3: 1.08, 4: 1.0, 5: 1.02, 6: 1.05, 7: 0.82, 8: 0.70, 9: 1.12, 10: 1.15, 11: 1.1, 12: 0.8}
WEEKDAYS = {1: 1.0, 2: 1.12, 3: 1.08, 4: 1.05, 5: 0.78}
GROWTH = 0.05  # a year
FIXED_HOLIDAYS = {(1, 1): "New Year’s Day", (5, 1): "Labour Day", (12, 25): "Christmas Day", (12, 26): "Second day of Christmas"}
EASTER_HOLIDAYS = {-2: "Good Friday", 1: "Easter Monday", 39: "Ascension Day", 50: "Whit Monday"}


def history_start(on: date) -> date:
    """Return the first day of the month from which every month holds facts."""
    return add_months(on.replace(day=1), -MONTHS)


def holidays(year: int) -> dict[date, str]:
    """Return the demo company's days off, with their names."""
    moving = {easter(year) + timedelta(days=days): name for days, name in EASTER_HOLIDAYS.items()}
    fixed = {date(year, month, day): name for (month, day), name in FIXED_HOLIDAYS.items()}
    return moving | fixed


def easter(year: int) -> date:
    """Return Easter Sunday by Butcher's algorithm for the Gregorian calendar."""
    golden, century, short = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (short // 4) - moon - short % 4) % 7
    shift = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def demand(day: date, *, start_on: date) -> float:
    """Return how much customers ask for on a working day; 1.0 is an ordinary Monday at the start of the history."""
    years = (day - start_on).days / 365.25
    return ASKING[day.month] * WEEKDAYS.get(day.isoweekday(), 0.8) * (1 + GROWTH * years)


def signing_day(rng: Random, day: date) -> date:
    """Move a closing day as customers do: before the year or the quarter ends, and out of August."""
    if day.month == 1 and day.day <= 25 and rng.random() < 0.5:
        return date(day.year - 1, 12, rng.randint(5, 22))
    if day.month == 8 and rng.random() < 0.35:
        return day + timedelta(days=rng.randint(18, 35))
    if day.month in (4, 7, 10) and day.day <= 12 and rng.random() < 0.35:
        return day.replace(day=1) - timedelta(days=rng.randint(1, 7))
    return day


def working_day(plan: Calendar, day: date) -> date:
    """Return a day itself, or the next one on which people work."""
    while not plan.is_working(day):
        day += DAY
    return day


def last_working_day(plan: Calendar, day: date) -> date:
    """Return a day itself, or the last one before it on which people work."""
    while not plan.is_working(day):
        day -= DAY
    return day
