"""What an import makes of files: rows found again by their keys, joined, refused one by one, and nothing twice."""

from datetime import date
from decimal import Decimal

import pytest

from apps.accounts.models import User
from apps.activities.models import SocialReading
from apps.goals.models import Goal, GoalVersion
from apps.imports.keys import MappingError
from apps.opportunities.models import Opportunity, OpportunityVersion, Stage
from apps.reps.models import Region, Rep
from tests import make

pytestmark = pytest.mark.django_db

REPS = """
[[load]]
file = "reps.csv"
entity = "reps"
[load.fields]
external_key = "No"
name = "Name"
hired_on = "Hired"
left_on = "Left"
"""
DEALS = """
[[load]]
file = "deals.csv"
entity = "opportunities"
[load.fields]
external_key = "No"
name = "Deal"
owner = "Rep"
stage = { column = "Stage", aliases = { "Closed" = "Won" } }
amount = "Amount"
created_on = "Created"
closed_on = "Closed"
"""
HEADER = "No,Deal,Rep,Stage,Amount,Created,Closed\n"


@pytest.fixture
def ann():
    make.stages()
    return make.rep("Ann")


def deal(key: str) -> Opportunity:
    return Opportunity.objects.get(external_key=key)


def counts(report) -> dict[str, int]:
    return {name: value for name, value in vars(report.totals).items() if value}


def test_the_same_import_twice_changes_nothing(run):
    files = {"reps.csv": "No,Name,Hired,Left\n1,Ann,2020-01-01,\n2,Ben,2020-01-01,2021-01-01\n"}
    assert counts(run(REPS, files)) == {"read": 2, "created": 2}
    before = list(Rep.objects.values())
    assert counts(run(REPS, files)) == {"read": 2, "unchanged": 2}
    assert list(Rep.objects.values()) == before


def test_only_what_differs_is_updated(run):
    run(REPS, {"reps.csv": "No,Name,Hired,Left\n1,Ann,2020-01-01,\n2,Ben,2020-01-01,\n"})
    assert counts(run(REPS, {"reps.csv": "No,Name,Hired,Left\n1,Ann,2020-01-01,\n2,Ben,2020-01-01,2021-01-01\n"})) == {"read": 2, "unchanged": 1, "updated": 1}
    assert Rep.objects.get(external_key="2").left_on == date(2021, 1, 1)


def test_a_person_entered_by_hand_is_found_by_name_and_given_their_key(run):
    by_hand = make.rep("Ann")
    assert counts(run(REPS, {"reps.csv": "No,Name,Hired,Left\n1,Ann,2020-01-01,\n"})) == {"read": 1, "updated": 1}
    by_hand.refresh_from_db()
    assert by_hand.external_key == "1"


def test_two_people_of_one_name_are_told_apart_by_their_keys_and_refused_without(run, ann):
    run(REPS, {"reps.csv": "No,Name,Hired,Left\n1,Ben,2020-01-01,\n2,Ben,2020-01-01,\n"})
    report = run(DEALS, {"deals.csv": HEADER + "a,A,Ben,Qualified,1,2020-02-01,\nb,B,2,Qualified,1,2020-02-01,\n"})
    assert counts(report) == {"read": 2, "created": 1, "rejected": 1}
    assert "2 rows of reps have this name" in report.files[0].errors[0].reason


def test_each_mistake_of_a_row_is_told_with_place_reason_and_remedy_and_good_rows_load(run, ann):
    report = run(DEALS, {"deals.csv": HEADER + "a,A,Ann,Qualified,1,2020-02-01,\nb,B,Zed,Qualified,1x,2020-02-01,\n"})
    assert [row.external_key for row in Opportunity.objects.all()] == ["a"]
    found = {(error.file, error.line, error.column, error.value): (error.reason, error.remedy) for error in report.files[0].errors}
    assert set(found) == {("deals.csv", 3, "Rep", "Zed"), ("deals.csv", 3, "Amount", "1x")}
    assert all(reason and remedy for reason, remedy in found.values())


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("b,B,Ann,Won,1,2020-02-01,", "Closed", "has a closing day"),
        ("b,B,Ann,Qualified,1,2020-02-01,2020-03-01", "Closed", "has a closing day"),
        ("b,B,Ann,Won,1,2020-02-01,2020-01-01", "Closed", "cannot close before"),
        ("b,B,Ann,Won,1,2020-02-30,2020-03-01", "Created", "not a date"),
        ("b,B,Ann,Won,12345678901234567,2020-02-01,2020-03-01", "Amount", "too big"),
        ("b," + "B" * 201 + ",Ann,Won,1,2020-02-01,2020-03-01", "Deal", "200"),
        ("b,B,Ann,Nowhere,1,2020-02-01,", "Stage", "No row of stages"),
        ("b,,Ann,Won,1,2020-02-01,2020-03-01", "Deal", "blank"),
        (",B,Ann,Won,1,2020-02-01,2020-03-01", "No", "key is blank"),
        ("b,B,Ann,Won,1,2020-02-01", "", "has 6 cells"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused_at_its_column(run, ann, row, column, reason):
    report = run(DEALS, {"deals.csv": HEADER + "a,A,Ann,Closed,1,2020-02-01,2020-03-01\n" + row + "\n"})
    (error,) = report.files[0].errors
    assert (error.line, error.column) == (3, column)
    assert reason in error.reason
    assert counts(report) == {"read": 2, "created": 1, "rejected": 1}


def test_rows_without_a_key_are_each_told_that_it_is_blank(run, ann):
    report = run(DEALS, {"deals.csv": HEADER + ",A,Ann,Qualified,1,2020-02-01,\n,B,Ann,Qualified,2,2020-02-01,\n,B,Ann,Qualified,2,2020-02-01,\n"})
    assert [(error.line, error.column) for error in report.files[0].errors] == [(2, "No"), (3, "No"), (4, "No")]
    assert all("key is blank" in error.reason for error in report.files[0].errors)


def test_a_day_to_come_is_loaded_as_it_is(run, ann):
    assert run(DEALS, {"deals.csv": HEADER + "a,A,Ann,Won,1,2099-02-01,2099-03-01\n"}).totals.created == 1
    assert deal("a").closed_on == date(2099, 3, 1)


def test_an_empty_amount_is_unknown_and_a_zero_is_zero(run, ann):
    run(DEALS, {"deals.csv": HEADER + "a,A,Ann,Qualified,,2020-02-01,\nb,B,Ann,Qualified,0,2020-02-01,\n"})
    assert (deal("a").amount, deal("b").amount) == (None, Decimal(0))


def test_a_deal_that_moved_since_the_last_import_keeps_its_past(run, ann, day):
    run(DEALS, {"deals.csv": HEADER + "a,A,Ann,Qualified,1,2025-02-01,\n"})
    day.to("2025-03-20")
    assert run(DEALS, {"deals.csv": HEADER + "a,A,Ann,Proposal,5,2025-02-01,\n"}).totals.updated == 1
    states = [(str(state.valid_from), state.stage.name, state.amount) for state in OpportunityVersion.objects.order_by("sequence")]
    assert states == [("2025-02-01", "Qualified", 1), ("2025-03-20", "Proposal", 5)]


def test_lines_that_repeat_are_merged_and_lines_that_contradict_are_all_refused(run):
    mapping = '[[load]]\nfile = "r.csv"\nentity = "teams"\n[load.fields]\nname = "Team"\nregion = "Region"'
    make.region("East"), make.region("West")
    report = run(mapping, {"r.csv": "Team,Region\nA,East\nB,East\nA,East\nB,West\n"})
    assert counts(report) == {"read": 4, "created": 1, "merged": 1, "rejected": 2}
    assert [(error.line, error.column) for error in report.files[0].errors] == [(3, "Region"), (5, "Region")]


ORDERS = """
[[load]]
file = "lines.csv"
entity = "opportunities"
group = ["Order"]
skip = [{ column = "Order", blank = true }]
[load.formats]
currency = "$"
[load.fields]
external_key = "Order"
name = "Order"
owner = "Rep"
stage = { value = "Won" }
amount = { sum = "Sales" }
cost = { sum = "Cost" }
created_on = "Day"
closed_on = "Day"
"""


def test_lines_of_one_order_are_summed(run, ann):
    lines = 'Order,Rep,Day,Sales,Cost\nA,Ann,2020-01-01,"$1,000.10",$1\nB,Ann,2020-01-02,$5,$2\nA,Ann,2020-01-01,$0.20,$1\n,,,,\n,x,,,\n'
    assert counts(run(ORDERS, {"lines.csv": lines})) == {"read": 4, "created": 2, "merged": 1, "skipped": 1}
    assert (deal("A").amount, deal("A").cost, deal("B").amount) == (Decimal("1000.30"), 2, 5)


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [("A,Ann,2020-01-02,$1,$1", "Day", "says “2020-01-01”"), ("A,Ann,2020-01-01,oops,$1", "Sales", "not a number"), ("A,Ann,2020-01-01,,$1", "Sales", "blank")],
)
def test_an_order_whose_lines_disagree_is_refused_whole(run, ann, line, column, reason):
    report = run(ORDERS, {"lines.csv": f"Order,Rep,Day,Sales,Cost\nA,Ann,2020-01-01,$1,$1\n{line}\nB,Ann,2020-01-01,$1,$1\n"})
    assert counts(report) == {"read": 3, "created": 1, "rejected": 2}
    assert {(error.line, error.column) for error in report.files[0].errors} >= {(3, column)}
    assert reason in report.files[0].errors[0].reason


def test_users_from_a_file_have_no_password(run):
    fields = 'name = "Name"\nemail = { template = "{Name|dotted}@acme.example" }\nrole = { value = "manager" }'
    mapping = f'[[load]]\nfile = "u.csv"\nentity = "users"\n[load.fields]\n{fields}'
    run(mapping, {"u.csv": "Name\nJosé de Souza\n"})
    user = User.objects.get(email="jose.de.souza@acme.example")
    assert (user.has_usable_password(), user.role) == (False, "manager")


GOALS = """
[[load]]
file = "g.csv"
entity = "goals"
[load.fields]
kpi = "KPI"
scope = { value = "rep" }
rep = "Rep"
start_on = { column = "Month", first_of = "month" }
last_on = { column = "Month", last_of = "month" }
target = { column = "Target", times = 1000 }
[load.formats]
dates = "%m/%Y"
"""


def test_goals_are_made_of_months_and_found_again(run):
    make.rep("Ann")
    files = {"g.csv": "KPI,Rep,Month,Target\nrevenue,Ann,02/2024,2\n"}
    assert run(GOALS, files).totals.created == 1
    goal = Goal.objects.get()
    assert (goal.start_on, goal.last_on, goal.target) == (date(2024, 2, 1), date(2024, 2, 29), 2000)
    before = goal.updated_at
    assert run(GOALS, files).totals.unchanged == 1
    assert run(GOALS, {"g.csv": files["g.csv"].replace(",2\n", ",3\n")}).totals.updated == 1
    assert Goal.objects.get().updated_at > before
    assert list(GoalVersion.objects.values_list("target", "reason")) == [(2000, "g.csv"), (3000, "g.csv")]


WIDE = """[[load]]
file = "w.csv"
entity = "goals"
[load.formats]
blank = ["NULL"]
[load.unfold]
into = "Month"
value = "Target"
columns = { M01 = "01", M02 = "02", M03 = "03" }
[load.fields]
kpi = { value = "revenue" }
scope = { value = "rep" }
rep = "Rep"
start_on = { template = "{Year}-{Month}-01" }
last_on = { template = "{Year}-{Month}-01", last_of = "month" }
target = { column = "Target", times = 1000 }
"""


def test_a_column_for_each_month_makes_a_goal_of_each_cell(run):
    make.rep("Ann")
    make.rep("Bea")
    files = {"w.csv": "Year,Rep,M01,M02,M03\n2024,Ann,2,,3\n2024,Bea,NULL,4.5,NULL\n2025,Bea,,,\n"}
    report = run(WIDE, files)
    assert counts(report) == {"read": 4, "created": 3, "skipped": 1}
    found = Goal.objects.order_by("rep__name", "start_on").values_list("rep__name", "start_on", "last_on", "target")
    assert list(found) == [
        ("Ann", date(2024, 1, 1), date(2024, 1, 31), 2000),
        ("Ann", date(2024, 3, 1), date(2024, 3, 31), 3000),
        ("Bea", date(2024, 2, 1), date(2024, 2, 29), 4500),
    ]
    assert run(WIDE, files).totals.unchanged == 3


def test_columns_that_match_are_unfolded_by_their_names_and_one_there_must_be(run):
    make.rep("Ann")
    mapping = WIDE.replace('columns = { M01 = "01", M02 = "02", M03 = "03" }', 'matching = "^[0-9][0-9]$"')
    assert run(mapping, {"w.csv": "Year,Rep,01,02\n2024,Ann,2,3\n"}).totals.created == 2
    with pytest.raises(MappingError, match="does not know the column “1/2”. Call it as the others that are unfolded, such as 01"):
        run(mapping, {"w.csv": "Year,Rep,01,1/2\n2024,Ann,2,3\n"})
    with pytest.raises(MappingError, match="none of the columns that are to be unfolded"):
        run(mapping, {"w.csv": "Year,Rep,Note\n2024,Ann,x\n"})


def test_a_cell_that_cannot_be_read_is_told_by_its_own_column_and_the_others_are_loaded(run):
    make.rep("Ann")
    report = run(WIDE, {"w.csv": "Year,Rep,M01,M02,M03\n2024,Ann,2,many,3\n2024,Nobody,1,,\n"})
    assert counts(report) == {"read": 4, "created": 2, "rejected": 2}
    assert [(error.line, error.column, error.value) for error in report.files[0].errors] == [(2, "M02", "many"), (3, "Rep", "Nobody")]


def test_a_goal_for_a_kpi_that_is_none_is_refused(run):
    make.rep("Ann")
    report = run(GOALS, {"g.csv": "KPI,Rep,Month,Target\nrevenu,Ann,02/2024,2\n"})
    assert "win_rate" in report.files[0].errors[0].reason


def test_what_only_updates_makes_no_rows(run):
    mapping = '[[load]]\nfile = "r.csv"\nentity = "reps"\nonly = "updates"\n[load.fields]\nexternal_key = "No"\nleft_on = "Left"'
    make.rep("Ann", external_key="1")
    report = run(mapping, {"r.csv": "No,Left\n1,2024-01-01\n2,2024-01-01\n"})
    assert counts(report) == {"read": 2, "updated": 1, "rejected": 1}


def test_a_field_that_the_database_fills_is_left_alone_when_blank(run):
    ann = make.rep("Ann")
    fields = 'external_key = "No"\nname = "No"\nowner = "Rep"\nacquired_on = "Since"\nacquired_by = "By"'
    mapping = f'[[load]]\nfile = "c.csv"\nentity = "customers"\n[load.fields]\n{fields}'
    files = {"c.csv": "No,Rep,Since,By\nx,Ann,2024-01-01,\n"}
    run(mapping, files)
    assert run(mapping, files).totals.unchanged == 1
    assert ann.acquired_customers.count() == 1


def test_a_dry_run_reports_the_same_and_writes_nothing(run, ann, tmp_path):
    files = {"deals.csv": HEADER + "a,A,Ann,Qualified,1,2020-02-01,\nb,B,Zed,Qualified,1,2020-02-01,\n"}
    dry = run(DEALS, files, is_dry=True)
    assert (Opportunity.objects.count(), sorted(path.name for path in tmp_path.iterdir())) == (0, ["deals.csv"])
    assert run(DEALS, files).files == dry.files


def test_every_row_read_is_counted_once(run, ann):
    rows = "a,A,Ann,Won,1,2020-02-01,2020-03-01\na,A,Ann,Won,1,2020-02-01,2020-03-01\nb,B,Zed,Won,1,,\nc,C,Ann,Qualified,,,\n"
    totals = run(DEALS, {"deals.csv": HEADER + rows}).totals
    assert totals.read == totals.created + totals.updated + totals.unchanged + totals.skipped + totals.merged + totals.rejected == 4


def test_a_file_may_be_one_of_several_and_others_may_be_missing(run):
    mapping = (
        '[[load]]\nfile = "r_*.csv"\nentity = "regions"\nfields.name = "R"\n[[load]]\nfile = "x.csv"\nentity = "regions"\noptional = true\nfields.name = "R"'
    )
    report = run(mapping, {"r_1.csv": "R\nEast\n", "r_2.csv": "R\nWest\n"})
    assert [each.file for each in report.files] == ["r_1.csv", "r_2.csv"]
    assert set(Region.objects.values_list("name", flat=True)) == {"East", "West"}


def test_what_only_makes_new_rows_leaves_those_that_are_there(run):
    make.stages()
    mapping = '[[load]]\nfile = "s.csv"\nentity = "stages"\nonly = "new"\n[load.fields]\nname = "Stage"\nkind = "Kind"\nposition = "Position"'
    report = run(mapping, {"s.csv": "Stage,Kind,Position\nWon,won,103\nEngaging,open,102\n"})
    assert counts(report) == {"read": 2, "created": 1, "unchanged": 1}
    assert dict(Stage.objects.filter(name__in=["Won", "Engaging"]).values_list("name", "position")) == {"Won": 8, "Engaging": 102}


def test_readings_are_found_again_by_profile_and_day(run):
    make.rep("Ann")
    mapping = """
[[load]]
file = "profiles.csv"
entity = "social_readings"
[load.fields]
rep = "Who"
network = "Where"
read_on = "Day"
followers = "Followers"
profile_strength = "Strength"
"""
    header = "Who,Where,Day,Followers,Strength\n"
    run(mapping, {"profiles.csv": header + "Ann,LinkedIn,2025-03-03,100,\nAnn,X,2025-03-03,40,55\n"})
    run(mapping, {"profiles.csv": header + "Ann,linkedin,2025-03-03,110,60\n"})
    rows = SocialReading.objects.order_by("network").values_list("network", "followers", "profile_strength")
    assert list(rows) == [("linkedin", 110, 60), ("x", 40, 55)]


def test_a_key_that_a_spreadsheet_has_rounded_is_refused(run, ann):
    report = run(DEALS, {"deals.csv": HEADER + "5.12347E+18,A,Ann,Won,10,2024-01-01,2024-01-02\n"})
    assert counts(report) == {"read": 1, "rejected": 1} and "spreadsheet has rounded this key" in report.files[0].errors[0].reason


def test_a_wrong_cell_that_feeds_two_fields_is_told_once(run, ann):
    twice = DEALS + 'expected_close_on = "Closed"\nfirst_contact_on = "Created"\n'
    report = run(twice, {"deals.csv": HEADER + "1,A,Ann,Won,10,2024-01-01,soon\n2,B,Ann,Won,10,never,later\n"})
    assert [(error.line, error.column, error.value) for error in report.files[0].errors] == [
        (2, "Closed", "soon"),
        (3, "Closed", "later"),
        (3, "Created", "never"),
    ]
