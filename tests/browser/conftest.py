"""A real browser on a real server. Without one, these tests are skipped, loudly."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as project
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from apps.accounts.models import User
from tests import make
from tests import people as cast
from tests.chromium import NONE, PATIENCE, chromium
from tests.dashboards import world
from tests.people import People


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))
            if not chromium():
                item.add_marker(pytest.mark.skip(reason=NONE))


@pytest.fixture
def staff(transactional_db: None) -> People:
    """The people, with facts and goals around them, counted."""
    people = cast.arrive()
    world.furnish(people)
    return people


@dataclass
class Visit:
    """One person at one browser window; what went wrong in it is kept."""

    page: Page
    address: str
    faults: list[str]

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sign_in(self, email: str) -> None:
        """Arrive at the first page as somebody who has signed in before; see `sign_in_by_hand`."""
        client = Client()
        client.force_login(User.objects.get(email=email), backend=cast.BACKEND)
        cookie = client.cookies[project.SESSION_COOKIE_NAME]
        self.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address, "httpOnly": True}])
        self.open("/")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def sign_in_by_hand(self, email: str) -> None:
        self.open("/")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(make.PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def check(self) -> None:
        """Hold the page to accessibility, nothing excluded, in light and dark, and to a window of 360 pixels without sideways scrolling."""
        if not self.page.evaluate("Boolean(window.axe)"):
            self.page.evaluate(Axe().axe_script)
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found = AxeResults(self.page.evaluate("axe.run(document, {resultTypes: ['violations']})"))  # what passes is not told
            assert found.violations_count == 0, f"{self.page.url} {scheme}: {found.generate_report()}"
        self.page.emulate_media(color_scheme="light")
        size = self.page.viewport_size
        self.page.set_viewport_size({"width": 360, "height": 740})
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, f"{self.page.url} is {width} pixels wide in a window of 360"
        self.page.set_viewport_size(size or {"width": 1440, "height": 900})
        assert self.faults == []

    def figure(self, kpi: str) -> str:
        """Return the digits of the first figure of a KPI."""
        return self.page.locator(f'data[data-kpi="{kpi}"]').first.get_attribute("value") or ""


@pytest.fixture
def visit(browser: Browser, live_server, settings) -> Iterator[Callable[[], Visit]]:  # type: ignore[no-untyped-def]
    """Open a window of its own for a person; nothing it does may leave the site or be refused by the content-security policy."""
    settings.DEBUG = False
    contexts = []

    def arrive() -> Visit:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")  # no colour half-way between two
        contexts.append(context)
        page, faults = context.new_page(), []
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.on("console", lambda message: faults.append(f"console: {message.text} ({message.location['url']})") if message.type == "error" else None)
        page.on("request", lambda request: faults.append(f"left the site: {request.url}") if not request.url.startswith((live_server.url, "data:")) else None)
        return Visit(page, live_server.url, faults)

    yield arrive
    for context in contexts:
        context.close()
