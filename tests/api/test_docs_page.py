"""The API's page in a real browser: it draws the description, breaks no rule of the policy and asks no other host."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from apps.api.router import NUMBERS, ROWS
from tests.chromium import NONE, chromium


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not chromium(), reason=NONE)
def test_the_page_draws_every_endpoint_without_another_host(browser: Browser, live_server: Any) -> None:
    complaints: list[str] = []
    asked: list[str] = []
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/api/v1/docs/")
    page.locator(".opblock-tag[data-tag=figures]").click()
    page.locator(".opblock-summary-path[data-path='/api/v1/figures/']").wait_for()
    shown = {tag.get_attribute("data-tag") for tag in page.locator(".opblock-tag").all()}
    page.close()
    assert shown >= set(NUMBERS | ROWS) | {"tokens"}
    assert complaints == []
    assert {url.split("/api")[0].split("/static")[0] for url in asked if not url.startswith("data:")} == {live_server.url}
