"""A small client of KPIBoard's API: one file, standard library only. Copy it beside your program.

    board = Client("https://kpi.example", token)
    board.upsert("opportunities", rows)                            # added or changed by external_key, in requests of 5,000
    for deal in board.rows("opportunities", stage__kind="won"):    # follows the pages
        ...
    board.figures(kpi="revenue", scope=["company", "team:North"], period="2026-Q1")

Every refusal is a `Problem` that names fields and remedies. A request that was refused for coming too often is sent again when the server says; one that
did not arrive is sent again where that does no harm. See docs/reference/api.md, and /api/v1/docs/ of your installation for every kind of row and field.
"""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterable, Iterator
from http.client import HTTPException
from itertools import islice
from typing import Any

Row = dict[str, Any]
MOST = 5_000  # rows of one request
TRIES = 5
SAFE = ("GET", "PUT", "DELETE")


class Problem(Exception):
    """What the server refused: its status, the kind of problem, and field by field what is wrong and what to do."""

    def __init__(self, told: Row) -> None:
        self.status, self.type, self.detail = told.get("status", 0), told.get("type", ""), told.get("detail", "")
        self.errors: list[Row] = told.get("errors", [])
        self.told = told
        words = [f"{one['field']}: {one['detail']}" if one.get("field") else one["detail"] for one in self.errors]
        super().__init__(" ".join([f"{self.status}", self.detail, *words]))


class Client:
    """One installation, asked with one token."""

    def __init__(self, address: str, token: str, *, patience: float = 60.0) -> None:
        self.base, self.token, self.patience = f"{address.rstrip('/')}/api/v1/", token, patience

    # --- Rows ------------------------------------------------------------------------------------
    def rows(self, kind: str, **filters: Any) -> Iterator[Row]:
        """Yield the rows of a kind, page after page."""
        for page in self._pages(f"{kind}/", {"page_size": 1000, **filters}):
            yield from page["results"]

    def get(self, kind: str, pk: int) -> Row:
        return self._ask("GET", self._address(f"{kind}/{pk}/"))

    def find(self, kind: str, external_key: str) -> Row | None:
        """Return the row with a key of your own system; None where there is none."""
        return next(self.rows(kind, external_key=external_key), None)

    def create(self, kind: str, **fields: Any) -> Row:
        return self._ask("POST", self._address(f"{kind}/"), fields)

    def update(self, kind: str, pk: int, **fields: Any) -> Row:
        """Change some fields of a row."""
        return self._ask("PATCH", self._address(f"{kind}/{pk}/"), fields)

    def delete(self, kind: str, pk: int) -> None:
        self._ask("DELETE", self._address(f"{kind}/{pk}/"))

    def upsert(self, kind: str, rows: Iterable[Row], *, write: str = "all", **told: Any) -> list[Row]:
        """Add rows or change those that are there, found by their `external_key`; return what became of each.

        `told` is what counts for all rows, such as the `reason` for which goals are set.

        With `write="all"` a refused row means that nothing of its 5,000 is written, and is raised as a Problem; with `"valid"` the others are written, and
        the results of the refused ones have `errors`. Each request has a key of its own, so that it may be sent again without being done twice.
        """
        found, waiting = [], iter(rows)
        while some := list(islice(waiting, MOST)):
            answer = self._ask("POST", self._address(f"{kind}/bulk/"), {"write": write, **told, "rows": some}, key=str(uuid.uuid4()))
            found += [{**one, "row": one["row"] + len(found)} for one in answer["results"]]
        return found

    # --- Numbers ---------------------------------------------------------------------------------
    def figures(self, **asked: Any) -> list[Row]:
        """Return every combination of `kpi`, `scope` and `period`, each of which may be a list; `product` or `campaign` narrows them to one."""
        return self._ask("GET", self._address("figures/", asked))

    def series(self, **asked: Any) -> Row:
        """Return one `kpi` of one `scope` step by step through a `period`."""
        return self._ask("GET", self._address("series/", asked))

    def ranking(self, **asked: Any) -> Row:
        return self._ask("GET", self._address("ranking/", asked))

    def records(self, **asked: Any) -> Iterator[Row]:
        """Yield the facts behind a figure, each with the `measure` it adds to, page after page."""
        for page in self._pages("records/", {"page_size": 1000, **asked}):
            for measure in page["measures"]:
                yield from ({"measure": measure["measure"], **row} for row in measure["rows"])

    # --- Asking ----------------------------------------------------------------------------------
    def _pages(self, path: str, query: Row) -> Iterator[Row]:
        address: str | None = self._address(path, query)
        while address:
            page = self._ask("GET", address)
            yield page
            address = page["next"]

    def _address(self, path: str, query: Row | None = None) -> str:
        return self.base + path + (f"?{urllib.parse.urlencode(query, doseq=True)}" if query else "")

    def _ask(self, method: str, address: str, body: Row | None = None, *, key: str = "") -> Any:
        headers = {"Authorization": f"Token {self.token}", "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if key:
            headers["Idempotency-Key"] = key
        request = urllib.request.Request(address, json.dumps(body).encode() if body is not None else None, headers, method=method)
        for left in reversed(range(TRIES)):
            try:
                with urllib.request.urlopen(request, timeout=self.patience) as answer:
                    text = answer.read()
                return json.loads(text) if text else None
            except urllib.error.HTTPError as error:
                with error:
                    problem, wait = Problem(_told(error)), error.headers.get("Retry-After", "")
                if error.code != 429 or not left:
                    raise problem from None
                time.sleep(float(wait) if wait.isdecimal() else 1.0)
            except (OSError, HTTPException):
                if not left or not (key or method in SAFE):
                    raise
                time.sleep(2.0 ** (TRIES - left) / 4)
        raise AssertionError("the last try answers or raises")


def _told(error: urllib.error.HTTPError) -> Row:
    """Return what the server says of a refusal, also where it is not the API that answers."""
    try:
        told = json.loads(error.read())
    except ValueError:
        told = None
    return told if isinstance(told, dict) else {"status": error.code, "detail": error.reason}
