"""The check believes a board only if it shows figures to somebody who is signed in."""

from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

import pytest

from script.house import board_check, check
from script.house.progress import Refusal
from script.house.sign_ins import SignIn

MANAGER = SignIn("manager", "Bob", "bob@kpiboard.example", "correct-horse")
KEYS = ("revenue", "deals_won", "win_rate", "pipeline", "average_deal")


def board(values: dict[str, str]) -> str:
    figures = "".join(f'<data data-kpi="{kpi}" value="{value}">shown</data>' for kpi, value in values.items())
    return f"<html><head><title>North · 2025-Q1</title></head><body>{figures}<svg><title>a line</title></svg></body></html>"


class Site(BaseHTTPRequestHandler):
    """A site that lets the manager in and shows them what the test has put on the board."""

    page = ""

    def do_GET(self) -> None:
        is_signed_in = "session=yes" in self.headers.get("Cookie", "")
        if self.path == "/" and not is_signed_in:
            self.go("/sign-in/?next=/")
        elif self.path.startswith("/sign-in/"):
            self.answer('<form><input type="hidden" name="csrfmiddlewaretoken" value="tok"></form>', cookie="csrftoken=tok")
        elif self.path == "/":
            self.go("/teams/1/")
        else:
            self.answer(self.page)

    def do_POST(self) -> None:
        fields = {name: values[0] for name, values in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()}
        wanted = {"csrfmiddlewaretoken": "tok", "username": MANAGER.email, "password": MANAGER.password}
        if fields == wanted and "csrftoken=tok" in self.headers.get("Cookie", ""):
            self.go("/", cookie="session=yes")
        else:
            self.answer("wrong")

    def go(self, location: str, cookie: str = "") -> None:
        self.answer("", status=302, cookie=cookie, location=location)

    def answer(self, page: str, *, status: int = 200, cookie: str = "", location: str = "") -> None:
        body = page.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if cookie:
            self.send_header("Set-Cookie", f"{cookie}; Path=/")
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the test's own output is not its place."""


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def shows(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The figures on the board; a test changes them before it looks."""
    values = dict.fromkeys(KEYS, "12.50")
    monkeypatch.setattr(Site, "page", property(lambda _: board(values)))
    return values


def test_a_board_with_figures_is_seen(url: str, shows: dict[str, str]) -> None:
    sight = board_check.look(url, MANAGER)

    assert sight.url == f"{url}teams/1/"
    assert sight.title == "North · 2025-Q1"
    assert sight.figures == dict.fromkeys(KEYS, Decimal("12.50"))


@pytest.mark.parametrize("value", ["", "0", "0.00"])
def test_a_board_without_revenue_is_not_believed(url: str, shows: dict[str, str], value: str) -> None:
    shows["revenue"] = value

    with pytest.raises(Refusal, match="shows no revenue"):
        board_check.look(url, MANAGER)


def test_a_board_with_hardly_any_figures_is_not_believed(url: str, shows: dict[str, str]) -> None:
    shows["win_rate"] = ""

    with pytest.raises(Refusal, match="fewer than 5 figures"):
        board_check.look(url, MANAGER)


def test_words_in_the_place_of_a_number_are_not_believed(url: str, shows: dict[str, str]) -> None:
    shows["pipeline"] = "n/a"

    with pytest.raises(Refusal, match="'n/a' as the value of pipeline"):
        board_check.look(url, MANAGER)


def test_a_wrong_password_is_told_as_such(url: str, shows: dict[str, str]) -> None:
    with pytest.raises(Refusal, match="could not sign in"):
        board_check.look(url, SignIn("manager", "Bob", MANAGER.email, "wrong"))


def test_an_error_names_the_address(url: str, shows: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Site, "do_GET", lambda site: site.answer("", status=500))

    with pytest.raises(Refusal, match=rf"GET {url}sign-in/ was answered with 500"):
        board_check.look(url, MANAGER)


def test_a_proxy_of_the_environment_is_not_asked(url: str, shows: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")

    assert board_check.is_ready(url)


def test_waiting_ends_when_the_web_server_has_died() -> None:
    assert not board_check.wait_until_ready("http://127.0.0.1:9/", patience=60, is_alive=lambda: False)


def test_the_first_manager_is_the_one_who_looks() -> None:
    assert check.manager_among([SignIn("admin", "Ada", "a@x", "p"), MANAGER]) == MANAGER


def test_a_database_with_other_people_cannot_be_checked() -> None:
    with pytest.raises(Refusal, match="Set KPIBOARD_VAR to a new folder"):
        check.manager_among([SignIn("admin", "Ada", "a@x", "p")])


def test_what_was_seen_is_told() -> None:
    sight = board_check.Sight("http://127.0.0.1:8000/teams/1/", "North", {"revenue": Decimal("12.50")})

    assert check.told(sight, ["web"]).splitlines()[:4] == ["OK", "North", "http://127.0.0.1:8000/teams/1/", "  revenue 12.50"]
