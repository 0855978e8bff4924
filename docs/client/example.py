"""Keeps KPIBoard up to date with a table of your own, and asks what came of it. Run: example.py ADDRESS TOKEN deals.csv

`deals.csv` has a line for each deal: key,name,owner,stage,amount,created,closed (owner and stage by the keys that KPIBoard knows them by).
It ends with 0 when every deal was taken, 2 when some were refused, 1 when nothing could be sent.
"""

import csv
import sys
from collections.abc import Iterator
from datetime import date
from typing import Any

from kpiboard_client import Client, Problem


def deals(path: str) -> Iterator[dict[str, Any]]:
    """Yield deals as the API takes them; what is blank is left as it is, or unknown."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            yield {
                "external_key": line["key"],
                "name": line["name"],
                "owner": {"external_key": line["owner"]},
                "stage": {"external_key": line["stage"]},
                "amount": line["amount"] or None,
                "created_on": line["created"],
                "closed_on": line["closed"] or None,
            }


def main(address: str, token: str, path: str) -> int:
    board = Client(address, token)
    try:
        results = board.upsert("opportunities", deals(path), write="valid")
    except (Problem, OSError) as problem:  # refused, or not reached
        print(problem, file=sys.stderr)
        return 1
    for one in results:
        for error in one["errors"]:
            print(f"line {one['row'] + 2}, {error['field']}: {error['detail']}", file=sys.stderr)
    written = [one for one in results if one["status"] != "refused"]
    print(f"{len(written)} of {len(results)} deals are in KPIBoard.")
    quarter = f"{date.today().year}-Q{(date.today().month + 2) // 3}"
    for figure in board.figures(kpi=["revenue", "deals_won", "pipeline_value"], scope="company", period=quarter):
        print(f"{figure['kpi']} {figure['period']}: {figure['value']}")
    return 0 if len(written) == len(results) else 2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
