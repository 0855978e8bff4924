"""Writes down what was measured: a table for the terminal, JSON for programs, Markdown for the documentation."""

import json
from dataclasses import asdict, dataclass
from datetime import date

from benchmarks.results import Result


@dataclass(frozen=True)
class Report:
    """One run, ready to be written."""

    size: str
    day: date
    commit: str
    command: str
    company: str
    machine: dict[str, str]
    parts: dict[str, list[Result]]
    notes: dict[str, str]

    @property
    def results(self) -> list[Result]:
        return [result for results in self.parts.values() for result in results]

    @property
    def failed(self) -> list[Result]:
        return [result for result in self.results if result.passes is False]

    def table(self) -> str:
        """Return plain lines, one a result."""
        lines = []
        for part, results in self.parts.items():
            lines += ["", part.replace("_", " ").capitalize()]
            lines += [f"  {result.what:<58} {number(result):>14}  {limit(result):<11} {verdict(result):<5} {result.note}".rstrip() for result in results]
        return "\n".join([self.company, *lines, "", f"{len(self.failed)} of {sum(one.limit is not None for one in self.results)} limits not kept", ""])

    def json(self) -> str:
        results = [{"part": part, **asdict(one), "passes": one.passes} for part, found in self.parts.items() for one in found]
        head = {"size": self.size, "day": self.day.isoformat(), "commit": self.commit, "command": self.command, "company": self.company}
        return json.dumps({**head, "machine": self.machine, "results": results}, indent=2, ensure_ascii=False) + "\n"

    def markdown(self) -> str:
        """Return the report as a page of the documentation's reference."""
        text = [f"# Measured at {self.size}", "", f"{self.company} Measured on {self.day}, commit {self.commit}, by:", "", "```sh", self.command, "```", ""]
        text += [f"* {name}: {value}" for name, value in self.machine.items()]
        text += ["", "| measured | value | limit | kept | |", "|---|---:|---:|---|---|"]
        for part, results in self.parts.items():
            text += [f"| **{part.replace('_', ' ').capitalize()}** | | | | |"] if results else []
            text += [f"| {one.what} | {number(one)} | {limit(one)} | {verdict(one)} | {one.note} |" for one in results]
        for title, note in self.notes.items():
            text += ["", f"## {title}", "", note]
        return "\n".join(text).rstrip() + "\n"


def number(result: Result) -> str:
    digits = 0 if result.unit in ("queries", "MB", "bytes") else 2 if result.value < 100 else 1
    return f"{result.value:,.{digits}f} {result.unit}"


def limit(result: Result) -> str:
    if result.limit is None:
        return ""
    return f"{'≥' if result.is_least else '≤'} {result.limit:g} {result.unit}"


def verdict(result: Result) -> str:
    return {None: "", True: "yes", False: "NO"}[result.passes]
