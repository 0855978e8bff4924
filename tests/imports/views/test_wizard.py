"""An admin brings files in by browser: recognised, corrected, looked ahead, imported, taken back; nobody else finds the pages."""

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.imports import running, services, uploads
from apps.imports.models import Import, SavedMapping, Upload
from apps.opportunities.models import Opportunity
from tests import make
from tests.people import People

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = ["Record ID", "Deal Name", "Deal Stage", "Close Date", "Deal owner", "Amount", "Pipeline", "Create Date"]


@pytest.fixture(autouse=True)
def _kept(settings: Any, tmp_path: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, "imports": {**settings.STORAGES["imports"], "OPTIONS": {"location": tmp_path, "base_url": None}}}


def deals(*rows: tuple[str, ...], name: str = "hubspot-crm-exports-all-deals-2025-03-14.csv") -> SimpleUploadedFile:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([HEAD, *rows])
    return SimpleUploadedFile(name, text.getvalue().encode("utf-8-sig"), content_type="text/csv")


def row(n: int, amount: str = "1,200.00", owner: str = "Alice Adler", stage: str = "Proposal") -> tuple[str, ...]:
    return (str(9000 + n), f"Deal {n}", stage, f"2025-04-{n:02d} 10:00", owner, amount, "Sales Pipeline", f"2025-02-{n:02d} 09:00")


@pytest.fixture
def admin(people: People) -> Client:
    make.stages()
    client: Client = people.client("carol")
    return client


def bring(admin: Client, *files: SimpleUploadedFile) -> Upload:
    answer = admin.post(reverse("imports:imports"), {"files": files})
    assert answer.status_code == 302, told(answer)
    return Upload.objects.get()


def told(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def look(admin: Client, upload: Upload) -> str:
    assert admin.post(reverse("imports:look", args=[upload.pk])).status_code == 302
    assert "Trying it" in told(admin.get(reverse("imports:ahead", args=[upload.pk])))
    uploads.look_ahead(upload.pk)
    return told(admin.get(reverse("imports:ahead", args=[upload.pk])))


def carry(admin: Client, upload: Upload, **more: str) -> Import:
    assert admin.post(reverse("imports:begin", args=[upload.pk]), more).status_code == 302
    this = Import.objects.order_by("-pk").first()
    assert this is not None and not Upload.objects.exists()
    running.run(this.pk)
    return this


def test_an_export_is_recognised_looked_ahead_imported_and_undone(admin: Client) -> None:
    upload = bring(admin, deals(row(1), row(2, "800"), row(3, "")))
    page = told(admin.get(reverse("imports:upload", args=[upload.pk])))
    assert "HubSpot" in page and "3 rows" in page and "Sure" in page
    ahead = look(admin, upload)
    assert "3 new" in ahead and "Pipeline value" in ahead and not Opportunity.objects.exists()
    this = carry(admin, upload, save_as="Our HubSpot")
    page = told(admin.get(reverse("imports:import", args=[this.pk])))
    assert "Done" in page and "3 new" in page and Opportunity.objects.count() == 3
    assert SavedMapping.objects.get().name == "Our HubSpot"
    assert "hubspot-crm-exports" in told(admin.get(reverse("imports:imports")))
    admin.post(reverse("imports:act", args=[this.pk]), {"deed": "undo"})
    services.undo(this.pk)
    assert not Opportunity.objects.exists() and "every row is as it was" in told(admin.get(reverse("imports:import", args=[this.pk])))


def test_the_same_kind_of_file_is_known_by_the_saved_mapping_and_only_changes_are_new(admin: Client) -> None:
    carry(admin, bring(admin, deals(row(1), row(2))), save_as="Our HubSpot")
    upload = bring(admin, deals(row(1, stage="Negotiation"), row(2, "900"), row(3)))
    assert "Our HubSpot" in told(admin.get(reverse("imports:upload", args=[upload.pk])))
    ahead = look(admin, upload)
    assert "1 new" in ahead and "2 changed" in ahead and "Amount: 1,200 → 900" in ahead and "Stage: Proposal → Negotiation" in ahead


def test_the_same_files_again_are_noticed(admin: Client) -> None:
    carry(admin, bring(admin, deals(row(1))))
    ahead = look(admin, bring(admin, deals(row(1))))
    assert "1 unchanged" in ahead and "Just these files were imported before" in ahead


def test_who_is_unknown_is_asked_once_and_nothing_goes_on_before_an_answer(admin: Client) -> None:
    upload = bring(admin, deals(row(1, owner="Somebody New"), row(2, owner="Somebody New"), row(3)))
    address = reverse("imports:upload", args=[upload.pk])
    page = admin.get(address).content.decode()
    assert "Somebody New" in page and "2 rows" in page
    names = re.findall(r'name="(question-\d+)"', page)
    assert names
    found = uploads.proposed(upload)
    asked = next(n for n, one in enumerate(found.questions) if one.name == "Somebody New")
    skip = next(choice.value for choice in found.questions[asked].choices if "skip" in choice.value)
    assert admin.post(address, {f"question-{asked}": skip}).status_code == 200
    upload.refresh_from_db()
    assert upload.answers == {found.questions[asked].group: {"Somebody New": skip}}
    assert "1 new" in look(admin, upload)


def test_an_answer_that_cannot_be_taken_is_told_at_its_question_and_the_others_are_kept(admin: Client) -> None:
    upload = bring(admin, deals(row(1), row(2, owner="Somebody New", stage="Thinking")))
    questions = uploads.proposed(upload).questions
    place = {question.key: f"question-{n}" for n, question in enumerate(questions)}
    skip = next(choice.value for question in questions if question.group == "stages" for choice in question.choices if "skip" in choice.value)
    said = {place["constants.hired_on"]: "yester<day", place["stages.Thinking"]: skip, "look": ""}
    answer = admin.post(reverse("imports:upload", args=[upload.pk]), said)
    page = told(answer)
    assert answer.status_code == 400 and "Not every answer can be taken." in page and "is no answer to it" in page and "hired_on" not in page
    assert 'value="yester&lt;day" aria-invalid="true"' in answer.content.decode()
    upload.refresh_from_db()
    assert upload.answers == {"stages": {"Thinking": skip}}
    assert admin.post(reverse("imports:upload", args=[upload.pk]), {place["constants.hired_on"]: "2020-01-01", "look": ""}).status_code == 302


def test_columns_and_kinds_of_rows_are_corrected(admin: Client) -> None:
    upload = bring(admin, deals(row(1)))
    address, found = reverse("imports:upload", args=[upload.pk]), uploads.proposed(upload)
    place = [column.column for column in found.files[0].columns].index("Amount")
    assert admin.post(address, {f"column-0-{place}": ""}).status_code == 200
    upload.refresh_from_db()
    assert next(one for one in uploads.proposed(upload).files[0].columns if one.column == "Amount").field is None
    assert "1 new" in look(admin, upload)
    assert carry(admin, upload) and Opportunity.objects.get().amount is None
    upload = bring(admin, deals(row(1)))
    assert admin.post(reverse("imports:upload", args=[upload.pk]), {"file-0": ""}).status_code == 200
    assert admin.post(reverse("imports:begin", args=[upload.pk])).status_code == 302 and Import.objects.count() == 1


def test_corrections_hold_where_a_saved_mapping_knows_the_file(admin: Client) -> None:
    carry(admin, bring(admin, deals(row(1))), save_as="Our HubSpot")
    upload = bring(admin, deals(row(2)))
    found = uploads.proposed(upload)
    place = [column.column for column in found.files[0].columns].index("Amount")
    assert admin.post(reverse("imports:upload", args=[upload.pk]), {f"column-0-{place}": ""}).status_code == 200
    carry(admin, upload)
    assert Opportunity.objects.get(external_key="9002").amount is None


def test_a_column_says_every_field_that_it_feeds(admin: Client) -> None:
    carry(admin, bring(admin, deals(row(1), row(2, stage="Won"))), save_as="Our HubSpot")
    page = told(admin.get(reverse("imports:upload", args=[bring(admin, deals(row(3))).pk])))
    assert re.search(r"Expected close\b.* also: Closed", page), page


def test_a_saved_mapping_takes_no_amount_of_another_currency_for_its_own(admin: Client) -> None:
    carry(admin, bring(admin, deals(row(1))), save_as="Our HubSpot")
    upload = bring(admin, deals(row(2, "$1,000.00"), row(3, "£2,000.00"), row(4, "3.5 Mio")))
    page = told(admin.get(reverse("imports:upload", args=[upload.pk])))
    assert "Amounts have the signs $, £. In which currency is the file? Others are refused." in page
    place = next(n for n, question in enumerate(uploads.proposed(upload).questions) if question.group == "currencies")
    assert admin.post(reverse("imports:upload", args=[upload.pk]), {f"question-{place}": "EUR"}).status_code == 200
    ahead = look(admin, upload)
    assert "$1,000.00 It has a sign that is not one of the file’s currency." in ahead and "£2,000.00 It has a sign" in ahead
    carry(admin, upload)
    assert {deal.external_key: deal.amount for deal in Opportunity.objects.order_by("pk")} == {"9001": 1200, "9004": 3_500_000}


def test_who_is_new_is_asked_where_a_saved_mapping_once_added_somebody(admin: Client) -> None:
    upload = bring(admin, deals(row(1, owner="Fresh Face")))
    carry(admin, upload, save_as="Our HubSpot")
    upload = bring(admin, deals(row(2, owner="Fresh Face"), row(3, owner="Very New")))
    assert [question.name for question in uploads.proposed(upload).questions if question.group == "owners"] == ["Very New"]
    carry(admin, upload, save_as="Our HubSpot")
    assert {deal.owner.name for deal in Opportunity.objects.all()} == {"Fresh Face", "Very New"}


def test_amounts_with_signs_of_none_of_the_answered_currency_are_refused(admin: Client) -> None:
    upload = bring(admin, deals(row(1, "$1,000.00"), row(2, "£2,000.00"), row(3, "3,000.00"), row(4, "5.50 T€"), row(5, "12 pcs")))
    (place,) = (n for n, question in enumerate(uploads.proposed(upload).questions) if question.group == "currencies")
    admin.post(reverse("imports:upload", args=[upload.pk]), {f"question-{place}": "EUR"})
    this = carry(admin, upload)
    assert [deal.external_key for deal in Opportunity.objects.all()] == ["9003"] and "4 rejected" in told(admin.get(reverse("imports:import", args=[this.pk])))


def test_a_saved_mapping_lets_deals_of_new_stages_close(admin: Client) -> None:
    carry(admin, bring(admin, deals(row(1, stage="Won"))), save_as="Our HubSpot")
    upload = bring(admin, deals(row(2, stage="Signed"), row(3, stage="won")))
    proposal = uploads.proposed(upload)
    asked = {question.name: f"question-{n}" for n, question in enumerate(proposal.questions)}
    assert next(question.taken for question in proposal.questions if question.name == "won") == "match: Won"
    assert admin.post(reverse("imports:upload", args=[upload.pk]), {asked["Signed"]: "create: won"}).status_code == 200
    assert "2 new" in look(admin, upload)
    carry(admin, upload)
    assert {(deal.stage.name, deal.stage.kind, deal.closed_on is not None) for deal in Opportunity.objects.all()} == {
        ("Won", "won", True),
        ("Signed", "won", True),
    }


def test_columns_that_are_called_alike_say_so(admin: Client) -> None:
    text = f"{','.join([*HEAD, 'Amount'])}\n9001,One,Proposal,2025-04-01,Alice Adler,1,Sales Pipeline,2025-02-01,2\n"
    upload = bring(admin, SimpleUploadedFile("deals.csv", text.encode()))
    assert told(admin.get(reverse("imports:upload", args=[upload.pk]))).count("Several columns are called so") == 2


def test_days_that_do_not_begin_with_their_year_are_no_default(admin: Client) -> None:
    upload = bring(admin, deals(("9001", "One", "Proposal", "20.11.2026", "Petra Neu", "1", "Sales Pipeline", "13.10.2026")))
    (hired,) = (question for question in uploads.proposed(upload).questions if question.name == "hired_on")
    assert hired.taken is None


def test_every_file_of_a_batch_is_taken_where_a_saved_mapping_knows_some(admin: Client) -> None:
    carry(admin, bring(admin, deals(row(1))), save_as="Our HubSpot")
    upload = bring(admin, deals(row(2), name="jan.csv"), deals(row(3), name="feb.csv"))
    carry(admin, upload)
    assert Opportunity.objects.count() == 3
    accounts = SimpleUploadedFile(
        "hubspot-crm-exports-all-companies-2025-03-14.csv", b"Record ID,Company name,Company owner,Industry\n7,Orbit,Alice Adler,Food\n"
    )
    upload = bring(admin, deals(row(4)), accounts)
    assert {file.entity for file in uploads.proposed(upload).files} == {"opportunities", "customers"}


def test_an_unknown_owner_may_be_somebody_who_is_there(admin: Client) -> None:
    upload = bring(admin, deals(row(1, owner="A. Adler")))
    page = admin.get(reverse("imports:upload", args=[upload.pk])).content.decode()
    assert 'value="match: Alice Adler"' in page
    n = next(n for n, one in enumerate(uploads.proposed(upload).questions) if one.name == "A. Adler")
    assert admin.post(reverse("imports:upload", args=[upload.pk]), {f"question-{n}": "match: Alice Adler"}).status_code == 200
    carry(admin, upload)
    assert Opportunity.objects.get().owner.name == "Alice Adler"


def test_names_of_any_length_are_taken_and_what_is_refused_leaves_nothing(admin: Client, tmp_path: Path) -> None:
    bring(admin, deals(row(1), name=f"{'ü' * 200}.csv"))
    assert admin.post(reverse("imports:imports"), {"files": [SimpleUploadedFile("broken.zip", b"PK\x03\x04rubbish")]}).status_code == 400
    assert [path.suffix for path in tmp_path.rglob("*") if path.is_file()] == [".csv"] and not list(tmp_path.rglob("received"))


def test_a_second_press_imports_nothing_again(admin: Client) -> None:
    upload = bring(admin, deals(row(1)))
    carry(admin, upload)
    assert admin.post(reverse("imports:begin", args=[upload.pk])).status_code == 404 and Import.objects.count() == 1


def test_rejected_rows_come_back_as_a_file_and_are_brought_again(admin: Client) -> None:
    this = carry(admin, bring(admin, deals(row(1), row(2, "twelve"))))
    page = admin.get(reverse("imports:import", args=[this.pk])).content.decode()
    assert "1</strong> rejected" in page and "twelve" in page
    file = admin.get(re.findall(r'href="(/imports/\d+/errors/\d+/)"', page)[0])
    text = file.content.decode("utf-8-sig")
    assert len(text.splitlines()) == 2 and "twelve" in text
    mended = SimpleUploadedFile(file.headers["Content-Disposition"].split('"')[1], text.replace("twelve", "12").encode("utf-8-sig"))
    carry(admin, bring(admin, mended))
    assert Opportunity.objects.count() == 2


def test_the_same_mistake_is_told_once_with_its_lines(admin: Client) -> None:
    upload = bring(admin, deals(*(row(n, "n/a" if n != 12 else "none") for n in range(1, 13)), row(13)))
    ahead = look(admin, upload)
    assert ahead.count("It is not a number.") == 2 and "2, 3, 4, 5, 6, 7, 8, 9 and 3 more Amount n/a" in ahead and "13 Amount none" in ahead
    page = told(admin.get(reverse("imports:import", args=[carry(admin, upload).pk])))
    assert page.count("It is not a number.") == 2 and "2, 3, 4, 5, 6, 7, 8, 9 and 3 more Amount n/a" in page and "12 rejected" in page


def test_a_package_without_files_is_refused_in_words(admin: Client) -> None:
    answer = admin.post(reverse("imports:imports"), {"files": [SimpleUploadedFile("none.zip", b"PK\x05\x06" + bytes(18))]})
    assert answer.status_code == 400 and "none.zip" in told(answer) and "It holds no file to import." in told(answer)
    assert not Upload.objects.exists()


def test_rubbish_is_refused_in_words_and_nothing_is_kept(admin: Client) -> None:
    for file in (
        SimpleUploadedFile("empty.csv", b""),
        SimpleUploadedFile("broken.zip", b"PK\x03\x04rubbish"),
        SimpleUploadedFile("../../out.csv", b"\x00\x01\x02"),
    ):
        answer = admin.post(reverse("imports:imports"), {"files": [file]})
        if answer.status_code == 302:
            answer = admin.get(answer["location"])
        assert answer.status_code in (200, 400), file.name
        assert 'role="alert"' in answer.content.decode() or "Nothing: leave it out" in answer.content.decode(), file.name
    assert admin.post(reverse("imports:imports")).status_code == 400
    assert not Import.objects.exists()
    for upload in Upload.objects.all():
        assert all(".." not in file.stored for file in upload.files.all())
        assert admin.post(reverse("imports:drop", args=[upload.pk])).status_code == 302
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("poem.csv", b"rose,thorn\nred,sharp\n"), "Nothing here is to be imported"),
        (deals(("9001", "Pump", "Proposal", "", "Alice Adler", "5", "Sales Pipeline", "03/04/2025")), "Something is still to be answered"),
    ],
    ids=["unknown", "a question is open"],
)
def test_who_looks_ahead_too_early_is_told_why_not(admin: Client, file: SimpleUploadedFile, words: str) -> None:
    assert words in told(admin.post(reverse("imports:upload", args=[bring(admin, file).pk]), {"look": ""}))


def test_a_mapping_kept_of_several_files_knows_one_of_them(admin: Client) -> None:
    accounts = SimpleUploadedFile(
        "hubspot-crm-exports-all-companies-2025-03-14.csv", b"Record ID,Company name,Company owner,Industry\n7,Orbit,Alice Adler,Food\n"
    )
    carry(admin, bring(admin, deals(row(1), row(2)), accounts), save_as="Both")
    upload = bring(admin, deals(row(2, "900")))
    assert "Both" in told(admin.get(reverse("imports:upload", args=[upload.pk])))
    carry(admin, upload)
    assert Opportunity.objects.get(external_key="9002").amount == 900


def test_a_file_that_cannot_be_read_does_not_keep_the_others(admin: Client) -> None:
    upload = bring(admin, deals(row(1)), SimpleUploadedFile("empty.csv", b"\n"))
    answer = admin.get(reverse("imports:upload", args=[upload.pk]))
    assert answer.status_code == 400 and "Go on without empty.csv" in told(answer)
    assert admin.post(reverse("imports:without", args=[upload.pk]), {"file": "empty.csv"}).status_code == 302
    carry(admin, upload)
    assert Opportunity.objects.count() == 1


def test_nobody_but_admins_finds_them(admin: Client, people: People) -> None:
    upload = bring(admin, deals(row(1)))
    this = carry(admin, upload)
    pages = [reverse("imports:imports"), reverse("imports:import", args=[this.pk]), reverse("imports:upload", args=[1])]
    for name in ("alice", "bob", "erin"):
        for page in pages:
            assert people.client(name).get(page).status_code == 404 == people.client(name).post(page).status_code
    assert Client().get(pages[0]).status_code == 302


def test_what_nobody_decides_on_is_forgotten(admin: Client) -> None:
    upload = bring(admin, deals(row(1)))
    Upload.objects.update(brought_at="2024-01-01T00:00Z")
    uploads.forget_old()
    assert not Upload.objects.exists() and not uploads.kept_files().exists(f"uploads/{upload.pk}/hubspot-crm-exports-all-deals-2025-03-14.csv")


@pytest.mark.parametrize("name", ["deals.errors.csv", "deals.csv.errors.csv", ".errors.csv", "deals.errors.txt"])
def test_a_file_that_is_called_like_an_errors_file_is_brought_in_like_any_other(admin: Client, name: str) -> None:
    upload = bring(admin, deals(row(1), row(2, "x"), name=name))
    look(admin, upload)
    this = carry(admin, upload)
    assert Opportunity.objects.count() == 1, told(admin.get(reverse("imports:import", args=[this.pk])))
    part = this.parts.get()
    answer = admin.get(reverse("imports:errors", args=[this.pk, part.file_id]))
    assert answer.status_code == 200 and b"9002" in b"".join(answer)
