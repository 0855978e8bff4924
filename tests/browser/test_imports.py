"""An admin brings an export in, corrects what was rejected, and takes it back, by mouse and by keyboard."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from apps.imports import running, services, uploads
from apps.imports.models import Import, SavedMapping, Upload
from apps.opportunities.models import Opportunity
from tests.browser.conftest import Visit
from tests.imports.views.test_wizard import deals, row
from tests.people import People


@pytest.fixture(autouse=True)
def _kept(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = {**settings.STORAGES, "imports": {**settings.STORAGES["imports"], "OPTIONS": {"location": tmp_path / "kept", "base_url": None}}}


def file(tmp_path: Path, *rows: tuple[str, ...]) -> str:
    one = deals(*rows)
    path = tmp_path / str(one.name)
    path.write_bytes(one.read())
    return str(path)


def test_an_export_is_brought_in_corrected_and_undone(staff: People, visit: Callable[[], Visit], tmp_path: Path) -> None:
    before = Opportunity.objects.count()
    carol = visit()
    page = carol.page
    carol.sign_in("carol@kpiboard.example")
    page.get_by_role("link", name="Imports").press("Enter")
    carol.check()
    page.get_by_label("Files").set_input_files(file(tmp_path, row(1), row(2, owner="Somebody New"), row(3, "twelve")))
    page.get_by_role("button", name="Look into them").press("Enter")
    expect(page.get_by_role("heading", name="What are these?")).to_be_visible()
    expect(page.get_by_text("HubSpot", exact=False).first).to_be_visible()
    carol.check()
    page.get_by_role("radio", name="Leave its rows out.").check()
    page.get_by_role("button", name="See what it would do").press("Enter")
    expect(page.get_by_role("heading", name="Trying it")).to_be_visible()
    carol.check()
    uploads.look_ahead(Upload.objects.get().pk)
    expect(page.get_by_role("cell", name="twelve")).to_be_visible(timeout=6000)
    assert Opportunity.objects.count() == before
    carol.check()
    page.get_by_label("Keep the mapping as").fill("Our HubSpot")
    page.get_by_role("button", name="Import", exact=True).press("Enter")
    expect(page.get_by_text("You may leave this page")).to_be_visible()
    running.run(Import.objects.get().pk)
    page.reload()
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    assert Opportunity.objects.count() == before + 1 and SavedMapping.objects.count() == 1
    carol.check()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Rejected rows as a file").click()
    mended = tmp_path / taken.value.suggested_filename
    mended.write_text(taken.value.path().read_text("utf-8-sig").replace("twelve", "12"), "utf-8")
    page.get_by_role("link", name="Imports").first.click()
    page.get_by_label("Files").set_input_files(str(mended))
    page.get_by_role("button", name="Look into them").click()
    expect(page.get_by_text("Our HubSpot", exact=False).first).to_be_visible()
    page.get_by_role("button", name="See what it would do").click()
    uploads.look_ahead(Upload.objects.get().pk)
    page.reload()
    page.get_by_role("button", name="Import", exact=True).click()
    running.run(Import.objects.order_by("-pk")[0].pk)
    page.reload()
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    assert Opportunity.objects.count() == before + 2
    page.locator("summary", has_text="Undo").press("Enter")
    page.get_by_role("button", name="Undo this import").press("Enter")
    expect(page.get_by_role("heading", name="Being undone")).to_be_visible()
    services.undo(Import.objects.order_by("-pk")[0].pk)
    page.reload()
    expect(page.get_by_text("every row is as it was before", exact=False)).to_be_visible()
    assert Opportunity.objects.count() == before + 1
    carol.check()
