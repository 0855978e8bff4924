"""What each system exports is recognised, with what has to be asked, and becomes a mapping that loads."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from apps.imports import importing
from apps.imports.importing import Order
from apps.imports.keys import MappingError
from apps.imports.recognition import known, recognising
from apps.imports.recognition.known import Stated
from apps.imports.recognition.proposal import Proposal
from apps.opportunities.models import Opportunity
from tests import make
from tests.imports.recognition import files
from tests.imports.recognition.files import table, written

NOBODY = Stated(currency="EUR")
STAGES = {"Active": "create: open", "Demo": "create: open"}
SYSTEMS = {
    "Salesforce": (files.SALESFORCE, files.SALESFORCE_ROWS),
    "HubSpot": (files.HUBSPOT, files.HUBSPOT_ROWS),
    "Pipedrive": (files.PIPEDRIVE, files.PIPEDRIVE_ROWS),
    "Zoho CRM": (files.ZOHO, files.ZOHO_ROWS),
    "Close": (files.CLOSE, files.CLOSE_ROWS),
}
ANSWERS = {
    "Zoho CRM": {"currencies": {"*": ""}},
    "Close": {"stages": {"Active": "create: open"}},
}


def questions(proposal: Proposal) -> dict[str, str | None]:
    return {question.key: question.taken for question in proposal.questions}


def fields(proposal: Proposal, file: int = 0) -> dict[str, str | None]:
    return {column.column: column.field for column in proposal.files[file].columns if column.field}


def imported(paths: list[Path], answers: dict[str, dict[str, str]]) -> importing.ImportReport:
    proposal = recognising.recognise(paths, known.company(), answers=answers)
    assert proposal.mapping, proposal.open
    return importing.run(Order(proposal.mapping, tuple(paths)), tell=lambda report: None)


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_systems_deals_are_recognised_and_everything_is_json(tmp_path, system):
    path = written(tmp_path, "deals.csv", table(*SYSTEMS[system]))
    proposal = recognising.recognise([path], NOBODY)
    (file,) = proposal.files
    assert (proposal.system, file.system, file.entity) == (system, system, "opportunities")
    assert file.confidence > 0.9
    assert {"external_key", "name", "owner", "stage", "amount", "created_on"} <= set(fields(proposal).values())
    assert all(0 <= column.confidence <= 1 and column.why for column in file.columns)
    assert json.loads(json.dumps(proposal.as_json()))["files"][0]["entity"] == "opportunities"


@pytest.mark.django_db
@pytest.mark.parametrize("system", ["HubSpot", "Pipedrive", "Zoho CRM", "Close"])
def test_every_systems_deals_are_loaded_with_people_stages_and_customers(tmp_path, system):
    make.organisation(currency="USD" if system == "Zoho CRM" else "EUR")
    path = written(tmp_path, "deals.csv", table(*SYSTEMS[system]))
    answers = {"stages": STAGES if system != "Zoho CRM" else {}, "constants": {"hired_on": "2020-01-01"}}
    answers["stages"] = {text: kind for text, kind in answers["stages"].items() if text in path.read_text()}
    report = imported([path], answers)
    assert report.totals.rejected == 0, [each.errors for each in report.files]
    pumps, valves = Opportunity.objects.get(name="Pumps"), Opportunity.objects.get(name="Valves")
    assert (pumps.amount, pumps.stage.kind, pumps.owner.name, pumps.created_on) == (Decimal("1200.50"), "won", "Ann Lee", date(2024, 1, 2))
    assert (pumps.closed_on, valves.closed_on, valves.stage.kind) == (date(2024, 3, 4), None, "open")
    assert valves.amount == {"HubSpot": None, "Pipedrive": 900, "Zoho CRM": 42000, "Close": 1200}[system]
    assert imported([path], {}).totals.updated == 0


def test_columns_that_are_read_together_with_others_are_told(tmp_path):
    path = written(tmp_path, "deals.csv", table(*SYSTEMS["Pipedrive"]))
    columns = {column.column: column for column in recognising.recognise([path], NOBODY).files[0].columns}
    assert [name for name, column in columns.items() if column.is_beside] == ["Deal - Won time", "Deal - Lost time"]


@pytest.mark.django_db
def test_salesforce_objects_together_refer_to_each_other_and_deleted_rows_are_left_out(tmp_path):
    make.organisation(currency="EUR")
    deals = written(tmp_path, "Opportunity.csv", table(files.SALESFORCE, files.SALESFORCE_ROWS), "utf-8-sig")
    accounts = written(tmp_path, "Account.csv", table(["Id", "Name", "Industry", "OwnerId"], [["001000000000001AAA", "Acme", "Tools", "005A"]]))
    people = [["005A", "Ann Lee", "ann@acme.example", "2020-01-01T00:00:00.000+0000"], ["005B", "Ben", "b@acme.example", "2020-01-01T00:00:00.000+0000"]]
    users = written(tmp_path, "User.csv", table(["Id", "Name", "Username", "CreatedDate"], people))
    report = imported([deals, accounts, users], {})
    assert report.totals.rejected == 0, [each.errors for each in report.files]
    found = Opportunity.objects.order_by("name").values_list("name", "owner__name", "customer__name", "stage__kind", "closed_on", "expected_close_on")
    assert list(found) == [
        ("Pumps", "Ann Lee", "Acme", "won", date(2024, 3, 4), date(2024, 3, 4)),
        ("Valves", "Ann Lee", "Acme", "open", None, date(2024, 9, 30)),
    ]


@pytest.mark.django_db
def test_a_report_with_titles_and_footer_is_loaded_without_them(tmp_path):
    make.organisation(currency="USD")
    text = '"My deals"\n"As of 2024-03-20"\n\n' + table(files.REPORT, files.REPORT_ROWS) + files.FOOTER
    path = written(tmp_path, "report.csv", text)
    proposal = recognising.recognise([path], known.company())
    assert proposal.files[0].left_out[:3] == ("My deals", "As of 2024-03-20", "Total 2,100.50")
    assert len(proposal.files[0].left_out) == 7
    assert questions(proposal)["keys.report.csv"] == "Opportunity Name"
    report = imported([path], {"constants": {"hired_on": "2020-01-01"}})
    assert (report.totals.rejected, report.files[-1].counts.created) == (0, 2)
    assert Opportunity.objects.get(name="Pumps").closed_on == date(2024, 3, 14)


def test_days_that_could_be_two_are_asked_and_the_answer_is_taken(tmp_path):
    rows = [["1", "A", "Ann", "Won", "5", "03/04/2024"]]
    path = written(tmp_path, "deals.csv", table(["Id", "Name", "Owner", "Stage", "Amount", "Created"], rows))
    proposal = recognising.recognise([path], NOBODY)
    assert (questions(proposal)["dates.deals.csv"], proposal.mapping) == (None, None)
    for answer, form in (("day first", "%d/%m/%Y"), ("month first", "%m/%d/%Y")):
        again = recognising.recognise([path], NOBODY, answers={"dates": {"deals.csv": answer}, "constants": {"hired_on": "2020-01-01"}})
        assert again.mapping and {load.formats.dates for load in again.mapping.loads} == {(form,)}


def test_one_day_that_can_only_be_one_decides_for_all(tmp_path):
    rows = [["1", "A", "Ann", "Won", "5", "03/04/2024"], ["2", "A", "Ann", "Won", "5", "13/04/2024"]]
    path = written(tmp_path, "deals.csv", table(["Id", "Name", "Owner", "Stage", "Amount", "Created"], rows))
    proposal = recognising.recognise([path], NOBODY, answers={"constants": {"hired_on": "2020-01-01"}})
    assert proposal.mapping and proposal.mapping.loads[-1].formats.dates == ("%d/%m/%Y",)


def test_days_that_contradict_each_other_are_asked(tmp_path):
    rows = [["1", "A", "Ann", "Won", "5", "25/04/2024"], ["2", "A", "Ann", "Won", "5", "04/25/2024"]]
    path = written(tmp_path, "deals.csv", table(["Id", "Name", "Owner", "Stage", "Amount", "Created"], rows))
    assert questions(recognising.recognise([path], NOBODY))["dates.deals.csv"] is None


@pytest.mark.parametrize(
    ("amounts", "taken"), [(["1,234"], "asked"), (["1,234", "5.50"], "."), (["1,234", "1,5"], ","), (["1.234,50 €"], ","), (["1.234.567"], ","), (["7"], ".")]
)
def test_the_decimal_sign_is_taken_from_what_can_only_mean_one_and_asked_otherwise(tmp_path, amounts, taken):
    rows = [[str(number), "A", "Ann", "Won", amount, "2024-01-01"] for number, amount in enumerate(amounts)]
    path = written(tmp_path, "deals.csv", table(["Id", "Name", "Owner", "Stage", "Amount", "Created"], rows))
    proposal = recognising.recognise([path], NOBODY, answers={"constants": {"hired_on": "2020-01-01"}})
    if taken == "asked":
        assert questions(proposal)["numbers.deals.csv"] is None
    else:
        assert proposal.mapping and proposal.mapping.loads[-1].formats.decimal == taken


def test_a_sign_of_another_currency_is_asked(tmp_path):
    rows = [["1", "A", "Ann", "Won", "$5", "2024-01-01"]]
    path = written(tmp_path, "deals.csv", table(["Id", "Name", "Owner", "Stage", "Amount", "Created"], rows))
    assert questions(recognising.recognise([path], NOBODY))["currencies.deals.csv"] is None
    assert "currencies.deals.csv" not in questions(recognising.recognise([path], Stated(currency="USD")))


def test_unknown_people_stages_and_products_are_listed_once_with_how_often(tmp_path):
    rows = [
        ["1", "A", "Ann", "Signed", "5", "2024-01-01", "Pump"],
        ["2", "B", "Ann", "Won", "5", "2024-01-01", "Pump"],
        ["3", "C", "Bob", "Won", "5", "2024-01-01", ""],
    ]
    path = written(tmp_path, "deals.csv", table(["Id", "Name", "Owner", "Stage", "Amount", "Created", "Product"], rows))
    there = Stated(rows={"reps": ("Anne", "Bob")}, stages={"Won": "won"})
    proposal = recognising.recognise([path], there)
    told = {question.key: (question.count, question.taken, {choice.value for choice in question.choices}) for question in proposal.questions}
    assert told == {
        "owners.Ann": (2, None, {"match: Anne", "create", "skip"}),
        "stages.Signed": (1, None, {"create: open", "create: won", "create: lost", "skip"}),
        "products.Pump": (2, "create", {"create", "skip", "blank"}),
    }
    answers = {"owners": {"Ann": "match: Anne"}, "stages": {"Signed": "skip"}, "products": {"*": "blank"}}
    again = recognising.recognise([path], there, answers=answers)
    assert again.mapping
    (load,) = again.mapping.loads
    by_name = {field.name: field for field in load.fields}
    assert (by_name["owner"].aliases, by_name["product"].aliases) == ({"Ann": "Anne"}, {"Pump": ""})
    assert [(rule.column, rule.texts) for rule in load.skip] == [("Stage", frozenset({"Signed"}))]


def test_somebody_whose_mail_is_written_beside_the_name_is_known_and_a_name_with_more_spaces_is_one_person(tmp_path):
    rows = [[str(number), "A", owner, "Won", "5", "2024-01-01"] for number, owner in enumerate(["Ann Lee (ann@example.com)", "Zoe Ray", "Zoe Ray", "zoe  Ray"])]
    path = written(tmp_path, "deals.csv", table(["Id", "Name", "Owner", "Stage", "Amount", "Created"], rows))
    there = Stated(rows={"reps": ("Ann Lee", "ann@example.com")}, stages={"Won": "won"})
    proposal = recognising.recognise([path], there, answers={"constants": {"hired_on": "2024-01-01"}})
    assert {key: taken for key, taken in questions(proposal).items() if key.startswith("owners")} == {
        "owners.Ann Lee (ann@example.com)": "match: ann@example.com",
        "owners.Zoe Ray": "create",
        "owners.zoe  Ray": "match: Zoe Ray",
    }
    assert proposal.mapping
    (owner,) = (field for load in proposal.mapping.loads if load.entity == "opportunities" for field in load.fields if field.name == "owner")
    assert owner.aliases == {"Ann Lee (ann@example.com)": "ann@example.com", "zoe  Ray": "Zoe Ray"}


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"owners": {"Ann": "yes"}}, "owners.Ann"),
        ({"owners": {"Ann": "match: Zed"}}, "There is no “Zed”"),
        ({"owners": {"Zed": "create"}}, "Nothing is asked there"),
        ({"entities": {"deals.csv": "deal"}}, "entities.deals.csv"),
        ({"columns": {"deals.csv: Nam": "name"}}, "no such column"),
        ({"columns": {"deals.csv: Name": "nam"}}, "no such field"),
        ({"constants": {"hired_on": "soon"}, "owners": {"Ann": "create"}}, "constants.hired_on"),
    ],
)
def test_an_answer_that_is_none_is_refused_by_its_key(tmp_path, answers, told):
    path = written(tmp_path, "deals.csv", table(["Id", "Name", "Owner", "Stage", "Amount", "Created"], [["1", "A", "Ann", "Won", "5", "2024-01-01"]]))
    with pytest.raises(MappingError, match=told):
        recognising.recognise([path], Stated(rows={"reps": ("Anne",)}), answers=answers)


def test_people_say_what_a_column_is_for_and_what_a_file_feeds(tmp_path):
    path = written(tmp_path, "x.csv", table(["Ref", "What", "Who", "Where", "Much"], [["1", "A", "Ann", "Won", "5"]]))
    assert recognising.recognise([path], NOBODY).files[0].entity is None
    columns = {"Ref": "external_key", "What": "name", "Who": "owner", "Where": "stage", "Much": "amount"}
    answers = {"entities": {"x.csv": "opportunities"}, "columns": {f"x.csv: {name}": field for name, field in columns.items()}}
    proposal = recognising.recognise([path], NOBODY, answers={**answers, "constants": {"hired_on": "2020-01-01"}})
    assert fields(proposal) == columns
    assert proposal.mapping and proposal.mapping.loads[-1].entity == "opportunities"


def test_the_sfdx_tools_json_says_itself_what_it_is(tmp_path):
    record = {"attributes": {"type": "Opportunity", "referenceId": "r1"}, "Name": "Pumps", "StageName": "Closed Won", "Amount": 12.5, "CloseDate": "2024-03-04"}
    path = written(tmp_path, "tree.json", json.dumps({"records": [record]}))
    proposal = recognising.recognise([path], NOBODY)
    assert (proposal.files[0].entity, "type Opportunity" in proposal.files[0].why) == ("opportunities", True)
    assert "constants.tree.json: owner" in questions(proposal)


@pytest.mark.django_db
def test_the_parts_of_one_export_are_taken_as_one_and_each_row_once(tmp_path):
    make.organisation(currency="USD")
    paths = [written(tmp_path, f"Deals_00{number}.csv", table(files.ZOHO, [row])) for number, row in enumerate(files.ZOHO_ROWS, 1)]
    report = imported(paths, {"constants": {"hired_on": "2020-01-01"}, "numbers": {"Deals_002.csv": "point"}})
    assert [(each.file, each.counts.created) for each in report.files if each.entity == "opportunities"] == [("Deals_001.csv", 1), ("Deals_002.csv", 1)]
    assert report.totals.rejected == 0


def test_a_mapping_that_is_proposed_takes_tomorrows_export_too(tmp_path):
    path = written(tmp_path, "hubspot-crm-exports-all-deals-2024-08-27.csv", table(files.HUBSPOT, files.HUBSPOT_ROWS))
    proposal = recognising.recognise([path], NOBODY)
    assert proposal.mapping and {load.file for load in proposal.mapping.loads} == {"hubspot-crm-exports-all-deals-*.csv"}


def test_salesforces_own_columns_say_which_stages_are_won_and_ids_are_not_made_people(tmp_path):
    rows = [["006A", "Signed", "true", "true", "0055e000001"], ["006B", "Talks", "", "", "0055e000001"], ["006C", "Gone", "TRUE", "", "0055e000001"]]
    rows += [["006D", "Mixed", "true", "true", "0055e000001"], ["006E", "Mixed", "", "", "0055e000001"]]
    header = ["Id", "StageName", "IsClosed", "IsWon", "OwnerId", "Name", "CloseDate"]
    path = written(tmp_path, "Opportunity.csv", table(header, [[*row, "A", "2024-01-01"] for row in rows]))
    told = questions(recognising.recognise([path], NOBODY))
    assert told == {
        "owners.0055e000001": None,
        "stages.Signed": "create: won",
        "stages.Talks": "create: open",
        "stages.Gone": "create: lost",
        "stages.Mixed": None,
    }


@pytest.mark.django_db
def test_every_sheet_of_a_workbook_is_recognised(tmp_path):
    make.organisation(currency="EUR")
    book = openpyxl.Workbook()
    book.active.title = "Deals"
    for row in [files.HUBSPOT, *files.HUBSPOT_ROWS]:
        book.active.append(row)
    for row in [["Record ID", "Company name", "Industry"], ["7", "Acme", "Tools"]]:
        (book["Companies"] if "Companies" in book.sheetnames else book.create_sheet("Companies")).append(row)
    book.create_sheet("Empty")
    book.save(tmp_path / "export.xlsx")
    proposal = recognising.recognise([tmp_path / "export.xlsx"], known.company())
    assert [(file.sheet, file.entity) for file in proposal.files] == [("Deals", "opportunities"), ("Companies", "customers")]
    report = imported([tmp_path / "export.xlsx"], {"constants": {"hired_on": "2020-01-01"}})
    assert {each.entity: each.counts.created for each in report.files} == {"reps": 2, "customers": 1, "stages": 2, "opportunities": 2}
