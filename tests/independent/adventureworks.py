"""Recount AdventureWorks' monthly sales against targets from the CSV alone, sharing no code with the product.

Run `python tests/independent/adventureworks.py FOLDER` for JSON: months per rep, and what an order could contradict.
"""

import csv
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path

Row = dict[str, str]


@dataclass(frozen=True)
class Month:
    """One rep in one month: the orders' amount, the target (None: none set) and their ratio (None: no target)."""

    rep: str
    period: str
    actual: str
    target: str | None
    attainment: str | None


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def money(text: str) -> Decimal:
    return Decimal(text.replace("$", "").replace(",", ""))


def order_totals(lines: list[Row]) -> dict[tuple[str, str], dict[str, Decimal]]:
    """Sum the lines of each order number under the employee and month that it was placed by and in."""
    totals: dict[tuple[str, str], dict[str, Decimal]] = {}
    for line in lines:
        orders = totals.setdefault((line["employee_key"], line["order_date"][:7]), {})
        number = line["sales_order_number"]
        orders[number] = orders.get(number, Decimal(0)) + money(line["sales"])
    return totals


def recount(folder: Path) -> list[Month]:
    """Give every rep's months that have an order or a target."""
    names = {person["employee_key"]: person["name"] for person in read(folder / "sales_person.csv")}
    orders = order_totals(read(folder / "sales.csv"))
    targets = {(row["employee_key"], row["target_month"][:7]): row for row in read(folder / "target.csv")}
    months = []
    for key, period in sorted({*orders, *targets}):
        actual = sum(orders.get((key, period), {}).values(), Decimal(0))
        target = money(targets[key, period]["target_value"]) if (key, period) in targets else None
        attainment = f"{actual / target:.12f}" if target else None
        months.append(Month(names[key], period, str(actual), None if target is None else str(target), attainment))
    return months


def several(lines: list[Row], owner: str, value: Callable[[Row], str]) -> dict[str, list[str]]:
    """Name the owners (orders, resellers) that have more than one value, with their values."""
    values: dict[str, set[str]] = {}
    for line in lines:
        values.setdefault(line[owner], set()).add(value(line))
    return {name: sorted(found) for name, found in values.items() if len(found) > 1}


def contradictions(folder: Path) -> dict[str, dict[str, list[str]]]:
    """List what would stop lines from being one order, or a reseller from having one territory."""
    lines = read(folder / "sales.csv")
    columns = ("order_date", "employee_key", "reseller_key", "sales_teritory_key")
    found = {f"orders with several {column}": several(lines, "sales_order_number", lambda line, column=column: line[column]) for column in columns}
    found["resellers with several territories"] = several(lines, "reseller_key", lambda line: line["sales_teritory_key"])
    return found


if __name__ == "__main__":
    source = Path(sys.argv[1])
    answer = {"months": [asdict(month) for month in recount(source)], "contradictions": contradictions(source)}
    sys.stdout.write(json.dumps(answer, indent=1) + "\n")
