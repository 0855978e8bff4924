"""Look at a board as a person's browser does: sign in, follow to the board, read its figures."""

import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from html.parser import HTMLParser
from http.client import HTTPException

from .progress import Refusal
from .sign_ins import SignIn

HERO = "revenue"
FEWEST_FIGURES = 5
TIMEOUT = 30.0


@dataclass(frozen=True)
class Sight:
    """What a person saw: the address they came to and its figures by KPI."""

    url: str
    title: str
    figures: dict[str, Decimal]


class Page(HTMLParser):
    """The parts of a page that the check reads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.token = ""
        self.title = ""
        self.figures: dict[str, Decimal] = {}
        self._is_in_title = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._is_in_title = tag == "title" and not self.title
        if tag == "input" and given.get("name") == "csrfmiddlewaretoken":
            self.token = given.get("value", "")
        if tag == "data" and given.get("data-kpi") and given.get("value"):
            self._note(given["data-kpi"], given["value"])

    def handle_data(self, data: str) -> None:
        if self._is_in_title:
            self.title += data.strip()

    def handle_endtag(self, tag: str) -> None:
        self._is_in_title = False

    def _note(self, kpi: str, value: str) -> None:
        try:
            self.figures.setdefault(kpi, Decimal(value))
        except InvalidOperation as error:
            raise Refusal(f"The board shows {value!r} as the value of {kpi}, which is no number.") from error


class Browser:
    """One person's browser: keeps cookies, follows redirects, asks no proxy."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor())

    def get(self, path: str) -> tuple[str, Page]:
        return self._open(urllib.request.Request(urllib.parse.urljoin(self.base, path)))

    def post(self, path: str, fields: dict[str, str]) -> tuple[str, Page]:
        url = urllib.parse.urljoin(self.base, path)
        return self._open(urllib.request.Request(url, urllib.parse.urlencode(fields).encode(), {"Referer": url}))

    def _open(self, request: urllib.request.Request) -> tuple[str, Page]:
        try:
            with self.opener.open(request, timeout=TIMEOUT) as answer:
                return answer.url, Page(answer.read().decode())
        except urllib.error.HTTPError as error:
            raise Refusal(f"{request.get_method()} {request.full_url} was answered with {error.code} {error.reason}.") from error


def is_ready(base: str) -> bool:
    """Ask whether the web server answers and its database is migrated."""
    try:
        Browser(base).get("readyz")
    except (Refusal, OSError, HTTPException):
        return False
    return True


def wait_until_ready(base: str, *, patience: float, is_alive: Callable[[], bool]) -> bool:
    """Ask until the web server is ready, it has died, or patience is over."""
    deadline = time.monotonic() + patience
    while not is_ready(base):
        if time.monotonic() > deadline or not is_alive():
            return False
        time.sleep(0.05)
    return True


def look(base: str, person: SignIn) -> Sight:
    """Sign in and look at the person's own board. Raise Refusal unless it shows figures."""
    browser = Browser(base)
    _, form = browser.get("sign-in/")
    browser.post("sign-in/", {"csrfmiddlewaretoken": form.token, "username": person.email, "password": person.password})
    url, page = browser.get("")
    if "/sign-in" in urllib.parse.urlparse(url).path:
        raise Refusal(f"{person.email} could not sign in with the password in the sign-ins file; perhaps it was changed since.")
    sight = Sight(url, page.title, page.figures)
    _refuse_blank(sight)
    return sight


def _refuse_blank(sight: Sight) -> None:
    if not sight.figures.get(HERO):
        raise Refusal(f"The board at {sight.url} shows no {HERO}; it shows {', '.join(sight.figures) or 'no figure at all'}.")
    if len(sight.figures) < FEWEST_FIGURES:
        raise Refusal(f"The board at {sight.url} shows only {', '.join(sight.figures)}, fewer than {FEWEST_FIGURES} figures.")
