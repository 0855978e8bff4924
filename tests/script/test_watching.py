"""The guide to watching names every metric that there is and none that there is not, also in its alerts."""

import re

import pytest
import yaml

from apps.core import periods
from apps.core.metrics import Broker, Replica
from apps.kpis import closing, rollup
from apps.kpis.metrics import Engine
from apps.kpis.models import Job, Run
from script.house.environment import ROOT
from tests import make

GUIDE = (ROOT / "docs" / "how-to" / "watch-it.md").read_text()
NOW = make.instant("2025-03-14 09:00")


@pytest.fixture
def told(db: None) -> set[str]:
    """The names of all metrics of an installation in which everything has happened."""
    make.deal(rep=make.rep(), won="2025-02-03", amount=100)
    rollup.drain(on=make.TODAY)
    Run.objects.create(started_at=NOW, finished_at=NOW)
    closing.close(periods.calendar().parse("2025-02"), on=make.TODAY, at=NOW)
    rollup.count_everything(Job.Reason.ASKED, make.TODAY)
    return {
        f"{family.name}_total" if family.type == "counter" else family.name
        for found in (Engine().collect(), Broker().collect(), Replica().describe())
        for family in found
    }


def test_every_metric_is_explained_and_no_other(told: set[str]) -> None:
    table = GUIDE[GUIDE.index("| metric |") :]
    table = table[: table.index("\n\n")]
    named = set()
    for line in table.splitlines()[2:]:
        first, *more = re.findall(r"`([a-z_…]+)", line.split("|")[1])
        named |= {first, *(name for name in more if "…" not in name)}
        for ending in (name for name in more if "…" in name):
            pattern = re.compile(ending.replace("…", "[a-z_]+") + "$")
            found = {name for name in told if name.startswith("kpiboard_verification") and pattern.search(name)}
            assert found, ending
            named |= found
    assert named == told


def test_the_alerts_ask_for_metrics_that_there_are(told: set[str]) -> None:
    block = GUIDE[GUIDE.index("groups:") :].split("```")[0]
    rules = yaml.safe_load(block)["groups"][0]["rules"]
    asked = {name for rule in rules for name in re.findall(r"kpiboard_\w+", rule["expr"])}
    assert len(rules) >= 5 and asked and asked <= told
