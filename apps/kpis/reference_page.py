"""The reference page of all KPIs as Markdown: one block of lines per KPI, so that two changes rarely meet."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.kpis import reference
from apps.kpis.reference import Amount, Entry

HEAD = """\
# KPIs: what every number means

This page is written from the catalogue (`apps/kpis/catalogue/`) by `script/manage kpi_reference`; do not edit it. The product shows the same under *KPIs*.

Rules that hold for all: a ratio is always computed from summed parts, never averaged; nothing to divide by gives no value, not 0; a record that
cannot be counted is left out and its number is said beside the figure; a shared deal's money is split by its credits, and a scope that holds
several of its reps counts the deal once. What one record adds is written as the recount itself says it.

Every figure is proven: a slow recount in plain Python, which shares nothing with the engine but the tables of facts and the calendar, says the same of it in
every scope and under any history of writes. What is stored, opened, seen by the members of one day, or restated agrees with that by the laws
[of the engine](../../tests/kpis/test_laws.py), [of regrouped teams](../../tests/kpis/test_regrouping.py) and
[of closed periods](../../tests/kpis/test_restatement_laws.py).
"""


@dataclass(frozen=True)
class Proofs:
    """What proves KPIs, as paths from the root of the source.

    `test` is the test of all figures and stands in `file`; `formulas` writes the formula of each KPI a second time, `oracles` say where
    each measure is recounted record by record.
    """

    test: str
    file: str
    formulas: Mapping[str, str]
    oracles: Mapping[str, str]


def page(proofs: Proofs) -> str:
    """Return the page."""
    blocks = [HEAD]
    for family, entries in reference.families():
        blocks += [f"## {family}\n", *(block(one, proofs) for one in entries)]
    return "\n".join(blocks)


def block(one: Entry, proofs: Proofs) -> str:
    """Return one KPI's lines."""
    facts = [
        ("Formula", one.formula),
        ("Unit", f"{one.unit}; {one.better} is better"),
        ("Counted on", one.date_basis),
        ("Counted for", one.owner_basis),
        ("Left out", one.left_out or "Nothing."),
        ("No value", one.no_value),
        ("Median", one.median),
        ("Defined differently elsewhere", one.elsewhere),
        ("Scopes", ", ".join(one.scopes)),
    ]
    lines = [f"### {one.name}", "", f"`{one.key}` — {one.definition}", ""]
    lines += [f"- **{name}**: {text}" for name, text in facts if text]
    lines += [f"- **Measure** {measure(amount)}" for amount in one.amounts]
    recounts = dict.fromkeys(proofs.oracles[amount.key] for amount in one.amounts)
    lines.append(
        f"- **Proven by** {link(proofs.file, proofs.test)}: by {link(proofs.formulas[one.key], 'the formula written a second time')}"
        f" over {', '.join(link(path, path) for path in recounts)}"
    )
    return "\n".join([*lines, ""])


def link(path: str, words: str) -> str:
    return f"[{words}](../../{path})"


def measure(amount: Amount) -> str:
    """Return one measure's line."""
    where = f", where `{amount.when}`" if amount.when else ""
    share = f" {amount.share}" if amount.share else ""
    unknown = f"; left out where `{amount.unknown}`" if amount.unknown else ""
    return f"“{amount.name}” (`{amount.key}`): one {amount.record} adds `{amount.adds}`{share}{where}{unknown}; it {amount.over_time}."
