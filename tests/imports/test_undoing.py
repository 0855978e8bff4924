"""An undone import leaves everything as it was, past days included; where something stands on it, it is refused and says what."""

import random
from datetime import date
from pathlib import Path

import pytest

from apps.core import periods
from apps.customers.models import Customer
from apps.goals.models import Goal
from apps.imports import parsing, running, services, sources, undoing
from apps.imports.models import Import, WrittenRow
from apps.kpis import rollup, selectors
from apps.opportunities.models import Opportunity, OpportunityVersion
from apps.reps import scopes
from apps.reps.models import Rep
from tests import make
from tests.imports import facts
from tests.imports.test_importing import DEALS, HEADER, REPS

pytestmark = pytest.mark.django_db

SEVERAL = (
    REPS
    + """
[[load]]
file = "customers.csv"
entity = "customers"
[load.fields]
external_key = "No"
name = "Name"
"""
    + DEALS
    + """customer = "Customer"
currency = "Money"
[[load]]
file = "credits.csv"
entity = "credits"
[load.fields]
opportunity = "Deal"
rep = "Rep"
share = "Share"
[[load]]
file = "goals.csv"
entity = "goals"
[load.fields]
kpi = { value = "revenue" }
scope = { value = "rep" }
rep = "Rep"
start_on = "From"
last_on = "To"
target = "Target"
"""
)
DAYS = [date(2025, 1, 31), date(2025, 2, 28), make.TODAY]
KPIS = ["revenue", "deals_won", "pipeline_value", "win_rate", "opportunities_created", "sales_cycle", "slippage"]
WIDE = HEADER.strip() + ",Customer,Money\n"


@pytest.fixture
def ann(db: None) -> Rep:
    make.organisation()
    make.stages()
    make.rate(on="2025-02-28")
    return make.rep("Ann", external_key="ann")


def imported(folder: Path, mapping: str, files: dict[str, str]) -> Import:
    for name, text in files.items():
        (folder / name).write_text(text)
    parsed = parsing.parse('title = "CRM"\n' + mapping)
    this = services.ask(parsed, sources.find(parsed, folder), by=None)
    assert running.run(this.pk)
    this.refresh_from_db()
    return this


def undone(this: Import) -> None:
    services.ask_to_undo(this.pk, by=None)
    assert services.undo(this.pk)


def figures() -> dict:
    """Every figure of the company and each rep, in each month, as of each day."""
    rollup.drain(on=make.TODAY, wait=True)
    everybody = [scopes.company(), *map(scopes.of, Rep.objects.filter(external_key="ann"))]
    calendar = periods.calendar()
    return {
        (day, month): {
            key: (each.value, each.excluded) for key, each in selectors.figures(KPIS, everybody, calendar.containing("month", month), on=day).items()
        }
        for day in DAYS
        for month in DAYS
    }


def test_an_undone_import_leaves_every_row_and_every_figure_as_before(ann, tmp_path):
    ben = make.rep("Ben")
    moved = make.deal("Moved", rep=ann, external_key="1", created="2025-01-02", amount=500, expected="2025-02-10")
    make.change(moved, on="2025-02-01", amount=700, expected_close_on=date(2025, 3, 20))
    won = make.deal("Won", rep=ben, won="2025-02-20", external_key="2", amount=900)
    make.deal("In dollars", rep=ann, external_key="3", created="2025-03-02", currency="USD", amount=50)
    make.credit(won, **{str(ann.pk): 40, str(ben.pk): 60})
    make.goal(scope=scopes.of(ann), start="2025-03-01", last="2025-03-31", target=1000)
    rows, before = facts.everything(), figures()
    this = imported(
        tmp_path,
        SEVERAL,
        {
            "reps.csv": "No,Name,Hired,Left\nann,Ann B.,2024-01-01,\nzoe,Zoe,2024-01-01,\n",
            "customers.csv": "No,Name\nk,Kraft\n",
            "deals.csv": WIDE
            + "1,Moved on,zoe,Closed,800,2025-01-02,2025-03-03,k,\n2,Won,ann,Qualified,950,2025-01-02,,k,\n3,In euro,ann,Qualified,60,2025-03-02,,,EUR\n4,New,zoe,Won,10,2025-01-01,2025-02-01,k,USD\n",
            "credits.csv": "Deal,Rep,Share\n4,zoe,50\n4,ann,50\n",
            "goals.csv": "Rep,From,To,Target\nann,2025-03-01,2025-03-31,2000\nzoe,2025-03-01,2025-03-31,3000\n",
        },
    )
    assert this.fault == "" and not list(this.parts.values_list("rejections__reason", flat=True).exclude(rejections=None))
    assert figures() != before and Opportunity.objects.count() == 4 and Goal.objects.count() == 2
    undone(this)
    now = facts.everything()
    for name, wanted in rows.items():
        assert now[name] == wanted, name
    assert figures() == before
    assert not WrittenRow.objects.filter(part__of=this).exists()
    this.refresh_from_db()
    assert this.state == "undone"


@pytest.mark.parametrize("seed", range(12))
def test_undone_in_reverse_order_any_imports_leave_nothing(ann, tmp_path, seed):
    chance = random.Random(seed)
    make.rep("Ben", external_key="ben")
    states: list = []
    imports: list[Import] = []
    for _number in range(4):
        states.append(facts.everything())
        lines = []
        for key in chance.sample("abcdefgh", 5):
            stage = chance.choice(["Qualified", "Proposal", "Closed", "Lost"])
            closed = f"2025-0{chance.randint(2, 3)}-0{chance.randint(1, 9)}" if stage in ("Closed", "Lost") else ""
            created = chance.choice(["2025-01-05", "2025-01-20", ""])
            lines.append(f"{key},Deal {key},{chance.choice(['ann', 'ben'])},{stage},{chance.choice(['', '5', '70'])},{created},{closed}\n")
        imports.append(imported(tmp_path, DEALS, {"deals.csv": HEADER + "".join(lines)}))
    while imports:
        undone(imports.pop())
        assert facts.everything() == states.pop()


def test_rows_that_somebody_changed_since_are_named(ann, tmp_path):
    this = imported(tmp_path, DEALS, {"deals.csv": HEADER + "1,First,Ann,Qualified,5,2025-01-01,\n2,Second,Ann,Qualified,5,2025-01-01,\n"})
    first = Opportunity.objects.get(external_key="1")
    first.amount = 6
    first.save()
    with pytest.raises(undoing.Refused, match="First: It was changed since"):
        services.ask_to_undo(this.pk, by=None)
    first.amount = 5
    first.save()
    with pytest.raises(undoing.Refused):  # the row is as it was, its history is not
        services.ask_to_undo(this.pk, by=None)
    assert Opportunity.objects.count() == 2 and OpportunityVersion.objects.count() >= 2


def test_rows_of_others_that_refer_to_added_ones_are_named(ann, tmp_path):
    mapping = '[[load]]\nfile = "c.csv"\nentity = "customers"\n[load.fields]\nexternal_key = "No"\nname = "Name"\n'
    this = imported(tmp_path, mapping, {"c.csv": "No,Name\nk,Kraft\nl,Lang\n"})
    deal = make.deal("Stands", rep=ann, customer=Customer.objects.get(external_key="k"))
    with pytest.raises(undoing.Refused, match="Stands: This opportunity refers to “Kraft”"):
        services.ask_to_undo(this.pk, by=None)
    deal.delete()
    undone(this)
    assert not Customer.objects.exists()


def test_a_deal_that_refers_to_an_added_rep_is_named_once(tmp_path):
    make.stages()
    this = imported(tmp_path, REPS, {"reps.csv": "No,Name,Hired,Left\nzoe,Zoe,2024-01-01,\n"})
    make.deal("Hers", rep=Rep.objects.get(name="Zoe"), created="2025-01-01")
    with pytest.raises(undoing.Refused) as refused:
        services.ask_to_undo(this.pk, by=None)
    assert [obstacle.label for obstacle in refused.value.obstacles] == ["Hers"]


def test_a_rep_in_the_past_of_anothers_deal_stands_in_the_way(ann, tmp_path):
    this = imported(tmp_path, REPS, {"reps.csv": "No,Name,Hired,Left\nzoe,Zoe,2024-01-01,\n"})
    deal = make.deal("Handed on", rep=Rep.objects.get(name="Zoe"), created="2025-01-01")
    make.change(deal, on="2025-02-01", owner=ann)
    with pytest.raises(undoing.Refused, match="refers to “Zoe”"):
        services.ask_to_undo(this.pk, by=None)


def test_a_later_import_of_the_same_rows_is_named_and_undone_first(ann, tmp_path):
    older = imported(tmp_path, DEALS, {"deals.csv": HEADER + "1,First,Ann,Qualified,5,2025-01-01,\n"})
    newer = imported(tmp_path, DEALS.replace("deals", "more"), {"more.csv": HEADER + "1,First,Ann,Qualified,6,2025-01-01,\n"})
    with pytest.raises(undoing.Refused, match="The import “CRM, .*” has changed it since. Undo that one first."):
        services.ask_to_undo(older.pk, by=None)
    undone(newer)
    undone(older)
    assert not Opportunity.objects.exists()


def test_a_row_that_was_deleted_since_has_no_place_for_its_old_values(ann, tmp_path):
    deal = make.deal("Old", rep=ann, external_key="1")
    this = imported(tmp_path, DEALS, {"deals.csv": HEADER + "1,First,Ann,Qualified,6,2025-01-01,\n2,Second,Ann,Qualified,5,2025-01-01,\n"})
    Opportunity.objects.get(external_key="2").delete()  # nothing is left to take back
    Opportunity.objects.get(pk=deal.pk).delete()
    with pytest.raises(undoing.Refused, match="was deleted since"):
        services.ask_to_undo(this.pk, by=None)


def test_what_changes_between_asking_and_undoing_is_seen(ann, tmp_path):
    this = imported(tmp_path, DEALS, {"deals.csv": HEADER + "1,First,Ann,Qualified,5,2025-01-01,\n"})
    services.ask_to_undo(this.pk, by=None)
    Opportunity.objects.update(lost_reason="Price")
    assert not services.undo(this.pk)
    this.refresh_from_db()
    assert this.state == "done" and "First: It was changed since" in this.fault
    assert Opportunity.objects.exists()


def test_locked_targets_keep_an_import_of_goals(ann, tmp_path):
    mapping = SEVERAL[SEVERAL.index('[[load]]\nfile = "goals.csv"') :]
    this = imported(tmp_path, mapping, {"goals.csv": "Rep,From,To,Target\nann,2025-03-01,2025-03-31,2000\n"})
    make.organisation(targets_locked_until="2025-12-31")
    services.ask_to_undo(this.pk, by=None)
    assert not services.undo(this.pk)
    this.refresh_from_db()
    assert "locked" in this.fault and Goal.objects.exists()
