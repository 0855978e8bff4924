"""The reference page of all KPIs as Markdown: one block of lines per KPI, so that two changes rarely meet."""

from collections.abc import Mapping

from apps.kpis import reference
from apps.kpis.reference import Amount, Entry

HEAD = """\
# KPIs: what every number means

This page is written from the catalogue (`apps/kpis/catalogue/`) by `script/manage kpi_reference`; do not edit it. The product shows the same under *KPIs*.

Rules that hold for all: a ratio is always computed from summed parts, never averaged; nothing to divide by gives no value, not 0; a record that
cannot be counted is left out and its number is said beside the figure; a shared deal's money is split by its credits, and a scope that holds
several of its reps counts the deal once. What one record adds is written as the recount itself says it.
"""
LAWS, CATALOGUE = "tests/kpis/test_laws.py", "tests/kpis/test_catalogue.py"


def page(oracles: Mapping[str, str]) -> str:
    """Return the page; `oracles` says in which file each measure is recounted slowly, in plain Python."""
    blocks = [HEAD]
    for family, entries in reference.families():
        blocks += [f"## {family}\n", *(block(one, oracles) for one in entries)]
    return "\n".join(blocks)


def block(one: Entry, oracles: Mapping[str, str]) -> str:
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
    proofs = dict.fromkeys([*(oracles[amount.key] for amount in one.amounts), LAWS, CATALOGUE])
    lines.append("- **Proven by** " + ", ".join(f"[{path}](../../{path})" for path in proofs))
    return "\n".join([*lines, ""])


def measure(amount: Amount) -> str:
    """Return one measure's line."""
    where = f", where `{amount.when}`" if amount.when else ""
    share = f" {amount.share}" if amount.share else ""
    unknown = f"; left out where `{amount.unknown}`" if amount.unknown else ""
    return f"“{amount.name}” (`{amount.key}`): one {amount.record} adds `{amount.adds}`{share}{where}{unknown}; it {amount.over_time}."
