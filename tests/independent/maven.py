"""Recount the Maven sales files from the CSV alone, sharing no code with the product: the proof of its figures.

Run `python tests/independent/maven.py FOLDER` for JSON: one object per KPI, scope and period, as of 2017-12-31.
"""

import csv
import json
import sys
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

MONTHS = [f"2016-{month:02}" for month in (10, 11, 12)] + [f"2017-{month:02}" for month in range(1, 13)]
QUARTERS = ["2016-Q4", "2017-Q1", "2017-Q2", "2017-Q3", "2017-Q4"]
PERIODS = [*MONTHS, *QUARTERS, "2017"]


@dataclass(frozen=True)
class Count:
    """One KPI of one scope in one period; value is None where there was nothing to divide by."""

    kpi: str
    scope: str
    period: str
    value: str | None
    numerator: str
    denominator: str


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def scopes(people: list[dict[str, str]]) -> dict[str, set[str]]:
    """Say which sales agents belong to each scope; every agent has a scope, those without a deal too."""
    members = {"company": {person["sales_agent"] for person in people}}
    for person in people:
        agent = person["sales_agent"]
        members.setdefault("region:" + person["regional_office"], set()).add(agent)
        members.setdefault("team:" + person["manager"], set()).add(agent)
        members["rep:" + agent] = {agent}
    return members


def is_in(day: str, period: str) -> bool:
    """Tell whether a day (yyyy-mm-dd, or blank) lies in a year, a quarter (yyyy-Qn) or a month."""
    if not day:
        return False
    year, month = day[:4], int(day[5:7])
    return period in (year, f"{year}-{month:02}", f"{year}-Q{(month + 2) // 3}")


def days_between(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def digits(number: Fraction, places: int = 12) -> str:
    """Write a number with enough digits to be compared, an integer without any."""
    if number.denominator == 1:
        return str(number.numerator)
    scaled = round(number * 10**places)
    sign, scaled = ("-" if scaled < 0 else ""), abs(scaled)
    return f"{sign}{scaled // 10**places}.{scaled % 10**places:0{places}}"


def counts(deals: list[dict[str, str]], scope: str, period: str) -> list[Count]:
    """Count the seven KPIs from the deals of one scope."""
    closed = [deal for deal in deals if is_in(deal["close_date"], period)]
    won = [deal for deal in closed if deal["deal_stage"] == "Won"]
    lost = [deal for deal in closed if deal["deal_stage"] == "Lost"]
    created = [deal for deal in deals if is_in(deal["engage_date"], period)]
    amount = sum(int(deal["close_value"]) for deal in won)
    cycle = sum(days_between(deal["engage_date"], deal["close_date"]) for deal in won)
    parts = {
        "revenue": (amount, 1),
        "deals_won": (len(won), 1),
        "lost_opportunities": (len(lost), 1),
        "opportunities_created": (len(created), 1),
        "win_rate": (len(won), len(won) + len(lost)),
        "average_deal_size": (amount, len(won)),
        "sales_cycle": (cycle, len(won)),
    }
    return [Count(kpi, scope, period, digits(Fraction(above, below)) if below else None, str(above), str(below)) for kpi, (above, below) in parts.items()]


def recount(folder: Path) -> list[Count]:
    """Count every KPI for every scope and period of the Maven files in a folder."""
    deals = read(folder / "sales_pipeline.csv")
    found = []
    for scope, agents in scopes(read(folder / "sales_teams.csv")).items():
        theirs = [deal for deal in deals if deal["sales_agent"] in agents]
        for period in PERIODS:
            found += counts(theirs, scope, period)
    return found


def pipeline_moves(deals: list[dict[str, str]], first: str, last: str) -> dict[str, int]:
    """Count the deals that were open at the end of `first`, came, were won and lost after it up to `last`, and are open at its end."""
    stood = [deal for deal in deals if deal["engage_date"] and deal["engage_date"] != deal["close_date"] and deal["engage_date"] <= last]
    ended = [deal for deal in stood if first < deal["close_date"] <= last]
    return {
        "start": sum(deal["engage_date"] <= first and not (deal["close_date"] and deal["close_date"] <= first) for deal in stood),
        "new": sum(deal["engage_date"] > first for deal in stood),
        "won": sum(deal["deal_stage"] == "Won" for deal in ended),
        "lost": sum(deal["deal_stage"] == "Lost" for deal in ended),
        "end": sum(not (deal["close_date"] and deal["close_date"] <= last) for deal in stood),
    }


def cohort(deals: list[dict[str, str]], month: str, until: str) -> tuple[int, int, int]:
    """Count the deals engaged in a month, and those of them won in months up to `until`, with their value."""
    born = [deal for deal in deals if deal["engage_date"][:7] == month]
    won = [deal for deal in born if deal["deal_stage"] == "Won" and deal["close_date"][:7] <= until]
    return len(born), len(won), sum(int(deal["close_value"]) for deal in won)


if __name__ == "__main__":
    sys.stdout.write(json.dumps([asdict(count) for count in recount(Path(sys.argv[1]))], indent=1) + "\n")
