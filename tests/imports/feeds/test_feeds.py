"""Sources are fetched by themselves: what is new is imported, what was seen is not, what fails says why and is tried again."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.urls import reverse

from apps.campaigns.models import Expense
from apps.customers.models import Customer
from apps.imports import parsing, running
from apps.imports.feeds import fetching, places
from apps.imports.keys import MappingError
from apps.imports.models import Feed, Import, SavedMapping
from tests.imports.feeds.mysql import PASSWORD, USER, Answers, serving
from tests.people import People

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2025, 3, 14, 9, tzinfo=UTC)
MAPPING = """
title = "Accounts"

[[load]]
file = "accounts*.csv"
entity = "customers"

[load.fields]
name = "name"
external_key = "id"
"""
ROWS = "id,name\nA1,Orbit\nA2,Verto\n"


@pytest.fixture(autouse=True)
def _kept(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = {**settings.STORAGES, "imports": {**settings.STORAGES["imports"], "OPTIONS": {"location": tmp_path / "kept", "base_url": None}}}


@pytest.fixture
def mapping(db: None) -> SavedMapping:
    parsing.parse(MAPPING)
    return SavedMapping.objects.create(name="Accounts", text=MAPPING, saved_at=NOW)


def feed(mapping: SavedMapping, kind: str, place: str, **more: Any) -> Feed:
    return Feed.objects.create(name=f"{kind} {Feed.objects.count()}", kind=kind, place=place, mapping=mapping, rhythm=60, **more)


def go(at: datetime = NOW) -> int:
    """Fetch what is due and import it, as the worker does; return how many imports that made."""
    found = fetching.fetch_due(at=at)
    for this in found:
        running.run(this.pk)
    return len(found)


def names() -> set[str]:
    return set(Customer.objects.values_list("name", flat=True))


def later(hours: int) -> datetime:
    return NOW + timedelta(hours=hours)


def test_a_folder_gives_what_is_new_once(mapping: SavedMapping, tmp_path: Path) -> None:
    place = tmp_path / "in"
    place.mkdir()
    one = feed(mapping, "folder", str(place))
    assert go() == 0
    (place / "accounts-1.csv").write_text(ROWS)
    assert go() == 0, "it is not due yet"
    assert go(later(1)) == 1 and names() == {"Orbit", "Verto"}
    assert go(later(2)) == 0
    (place / "accounts-1.csv").write_text(ROWS + "A3,Kestrel\n")
    (place / "accounts-2.csv").write_text("id,name\nA4,Halden\n")
    assert go(later(3)) == 1 and names() == {"Orbit", "Verto", "Kestrel", "Halden"}
    assert Import.objects.filter(feed=one).count() == 2 and not Feed.objects.exclude(fault="").exists()
    (place / "notes.txt").write_text("hello")
    assert go(later(4)) == 0
    one.refresh_from_db()
    assert "notes.txt" in one.fault and fetching.failing() == [one]


def test_files_that_the_mapping_does_not_know_are_told_and_looked_at_again(mapping: SavedMapping, tmp_path: Path) -> None:
    one = feed(mapping, "folder", str(tmp_path / "in"))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "accounts.csv").write_text(ROWS)
    (tmp_path / "in" / "october.csv").write_text("id,name\nA5,Late\n")
    assert go() == 1 and names() == {"Orbit", "Verto"}
    one.refresh_from_db()
    assert "Left out" in one.fault and "october.csv" in one.fault and "accounts*.csv" in one.fault and fetching.failing() == [one]
    (tmp_path / "in" / "october.csv").rename(tmp_path / "in" / "accounts-10.csv")
    assert go(later(1)) == 1 and "Late" in names() and fetching.failing() == []


def test_a_folder_that_is_not_there_says_so_and_comes_back(mapping: SavedMapping, tmp_path: Path) -> None:
    one = feed(mapping, "folder", str(tmp_path / "later"))
    assert go() == 0
    one.refresh_from_db()
    assert "no such folder" in one.fault
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "accounts.csv").write_text(ROWS)
    assert go(later(1)) == 1 and fetching.failing() == []


# --- An address --------------------------------------------------------------------------------------
class Site:
    """A site with one file; what it answers may be changed."""

    def __init__(self) -> None:
        self.text, self.status, self.asked, self.to, self.promised = ROWS, 200, list[dict[str, str]](), "", 0
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # the name is the protocol's
                site.asked.append(dict(self.headers))
                is_known = self.headers.get("If-None-Match") == f'"{hash(site.text)}"'
                self.send_response(304 if is_known and site.status == 200 else site.status)
                if site.to:
                    self.send_header("location", site.to)
                self.send_header("ETag", f'"{hash(site.text)}"')
                if site.promised:
                    self.send_header("Content-Length", str(site.promised))
                self.end_headers()
                if not is_known:
                    self.wfile.write(site.text.encode())

            def log_message(self, *_args: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/files/accounts.csv"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


@pytest.fixture
def site() -> Iterator[Site]:
    one = Site()
    yield one
    one.server.shutdown()
    one.server.server_close()


def test_a_file_at_an_address_is_fetched_when_it_has_changed(mapping: SavedMapping, site: Site) -> None:
    one = feed(mapping, "address", site.url)
    assert go() == 1 and names() == {"Orbit", "Verto"}
    assert go(later(1)) == 0 and "If-None-Match" in site.asked[-1]
    site.text = ROWS + "A3,Kestrel\n"
    assert go(later(2)) == 1 and "Kestrel" in names()
    site.status = 403
    assert go(later(3)) == 0
    one.refresh_from_db()
    assert "403" in one.fault
    site.status, site.to = 302, "http://localhost:1/elsewhere.csv"
    go(later(4))
    one.refresh_from_db()
    assert "302" in one.fault, "what is asked of one host is not told to another"


def test_a_download_that_breaks_off_is_not_taken_for_a_file(mapping: SavedMapping, site: Site) -> None:
    one = feed(mapping, "address", site.url)
    site.promised = len(ROWS) + 40
    assert go() == 0 and names() == set()
    one.refresh_from_db()
    assert "broke off" in one.fault and one.seen == {}
    site.promised = 0
    assert go(later(1)) == 1 and names() == {"Orbit", "Verto"}


def test_a_file_of_another_name_is_known_by_the_mapping_of_its_source(mapping: SavedMapping, site: Site) -> None:
    feed(mapping, "address", site.url.replace("accounts.csv", "export.php"))
    assert go() == 1 and names() == {"Orbit", "Verto"}


SECRETS = (
    "postgresql://reader:pa%zz@127.0.0.1:1/x",
    "postgresql://reader:pa/zz@127.0.0.1:1/x",
    "https://files.example/a b.csv?token=pazz",
    "mysql://crm:pa#zz@127.0.0.1:1/x",
)


@pytest.mark.parametrize("place", SECRETS)
def test_no_fault_tells_a_secret(mapping: SavedMapping, place: str) -> None:
    one = feed(mapping, "address" if place.startswith("https") else "query", place, query="SELECT 1")
    assert go() == 0
    one.refresh_from_db()
    assert one.fault and not any(secret in one.fault for secret in ("pa%zz", "pa/zz", "pazz", "pa#zz", "zz@")), one.fault


def test_addresses_that_are_not_safe_are_refused_and_passwords_are_not_told(mapping: SavedMapping, monkeypatch: pytest.MonkeyPatch, people: People) -> None:
    one = feed(mapping, "address", "http://user:hush@files.example/accounts.csv")
    go()
    one.refresh_from_db()
    assert "https://" in one.fault and "hush" not in one.fault
    two = feed(mapping, "query", "postgresql://kpiboard:${FEED_TEST_PASSWORD}@127.0.0.1:1/x", query="SELECT 1")
    go()
    two.refresh_from_db()
    assert "FEED_TEST_PASSWORD" in two.fault
    monkeypatch.setenv("FEED_TEST_PASSWORD", "hush")
    go(later(1))
    two.refresh_from_db()
    assert "refused" in two.fault and "hush" not in two.fault
    page = people.client("carol").get(reverse("dashboards:company")).content.decode()
    assert "2 sources fail" in page
    assert "hush" not in people.client("carol").get(reverse("admin:imports_feed_changelist")).content.decode()


# --- Another database --------------------------------------------------------------------------------
def address_of_this_database() -> str:
    wanted = connection.get_connection_params()
    place = wanted.get("host") or "localhost"
    host = f"?host={place}" if str(place).startswith("/") else ""
    user = f"{wanted['user']}:{wanted['password']}" if wanted.get("password") else str(wanted["user"])
    return f"postgresql://{user}@{'' if host else place}{':' + str(wanted['port']) if wanted.get('port') and not host else ''}/{wanted['dbname']}{host}"


def test_the_rows_of_a_query_are_imported_when_they_are_others(mapping: SavedMapping) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE crm_account (id text, name text)")
        cursor.execute("INSERT INTO crm_account VALUES ('A1', 'Orbit, \"the\" one'), ('A2', NULL), ('A3', 'Verto')")
    try:
        one = feed(mapping, "query", address_of_this_database(), query="SELECT id, name FROM crm_account WHERE name IS NOT NULL ORDER BY id;")
        assert go() == 1 and names() == {'Orbit, "the" one', "Verto"}
        assert go(later(1)) == 0
        Feed.objects.update(query="DELETE FROM crm_account RETURNING id, name")
        go(later(2))
        one.refresh_from_db()
        assert "refused" in one.fault
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM crm_account")
            assert cursor.fetchone() == (3,), "nothing is written elsewhere"
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE crm_account")


def test_rows_of_a_query_are_read_in_their_own_notation(mapping: SavedMapping) -> None:
    """Whatever the file was for which the mapping was made: semicolons, decimal commas, days written another way."""
    text = """
title = "Orders"

[formats]
decimal = ","
thousands = "."
delimiter = ";"
dates = ["%d.%m.%Y"]

[[load]]
file = "orders*.csv"
entity = "expenses"

[load.fields]
external_key = "id"
kind = { value = "sales" }
spent_on = "day"
amount = "amount"
"""
    SavedMapping.objects.update(text=text)
    feed(
        SavedMapping.objects.get(),
        "query",
        address_of_this_database(),
        query="SELECT 'a' AS id, DATE '2025-03-02' AS day, 1234.500::numeric AS amount UNION ALL SELECT 'b', '2025-03-03', 7",
    )
    assert go() == 1 and dict(Expense.objects.values_list("external_key", "amount")) == {"a": Decimal("1234.5"), "b": 7}


@pytest.fixture
def mysql() -> Iterator[Answers]:
    with serving(Answers(["id", "name"], [("A1", 'Orbit, "the" one'), ("A2", None), ("A3", "Żółw 🐢")])) as answers:
        yield answers


def address_of_mysql(answers: Answers, password: str = PASSWORD) -> str:
    return f"mysql://{USER}:{quote(password)}@127.0.0.1:{answers.port}/crm"


def test_the_rows_of_a_mysql_query_are_imported_when_they_are_others(mapping: SavedMapping, mysql: Answers) -> None:
    mysql.rows = [row for row in mysql.rows if row[1]]
    one = feed(mapping, "query", address_of_mysql(mysql), query="SELECT id, name FROM accounts WHERE deleted = 0")
    assert go() == 1 and names() == {'Orbit, "the" one', "Żółw 🐢"}
    assert go(later(1)) == 0
    mysql.rows = [*mysql.rows, ("A4", "Verto")]
    assert go(later(2)) == 1 and "Verto" in names()
    one.refresh_from_db()
    assert one.fault == "" and mysql.asked[-1] == "SELECT id, name FROM accounts WHERE deleted = 0 · reading"


def test_amounts_days_and_nothing_of_mysql_are_read_as_what_they_are(mapping: SavedMapping, mysql: Answers) -> None:
    text = MAPPING.replace("accounts*.csv", "expenses*.csv").replace('"customers"', '"expenses"').replace('name = "name"', 'kind = { value = "sales" }')
    SavedMapping.objects.update(text=text + 'spent_on = "day"\namount = "amount"\nnote = "note"\n')
    mysql.names = ["id", "day", "amount", "note"]
    mysql.rows = [("a", date(2025, 3, 2), Decimal("1234.50"), "A fair"), ("b", datetime(2025, 3, 3, 10, 30), 7, None)]
    feed(SavedMapping.objects.get(), "query", address_of_mysql(mysql), query="SELECT id, day, amount, note FROM costs")
    assert go() == 1
    assert list(Expense.objects.order_by("external_key").values_list("external_key", "spent_on", "amount", "note")) == [
        ("a", date(2025, 3, 2), Decimal("1234.50"), "A fair"),
        ("b", date(2025, 3, 3), 7, ""),
    ]


def test_more_rows_than_fit_a_portion_come_from_mysql(mapping: SavedMapping, mysql: Answers) -> None:
    mysql.rows = [(f"A{number}", f"Customer {number}") for number in range(6_000)]
    feed(mapping, "query", address_of_mysql(mysql), query="SELECT id, name FROM accounts")
    assert go() == 1 and Customer.objects.count() == 6_000


def test_a_wrong_password_of_mysql_is_told_without_it(mapping: SavedMapping, mysql: Answers) -> None:
    one = feed(mapping, "query", address_of_mysql(mysql, "another secret"), query="SELECT 1")
    assert go() == 0
    one.refresh_from_db()
    assert "Access denied" in one.fault and "another secret" not in one.fault and quote("another secret") not in one.fault


def test_a_mysql_database_that_does_not_answer_is_told(mapping: SavedMapping) -> None:
    one = feed(mapping, "query", "mysql://crm:hush@127.0.0.1:1/crm", query="SELECT 1")
    with pytest.raises(MappingError, match="refused"):
        places.fetch(one, parsing.parse(MAPPING), Path("/tmp"))


# --- Together ----------------------------------------------------------------------------------------
def test_two_workers_never_fetch_the_same_at_once(mapping: SavedMapping, tmp_path: Path) -> None:
    feed(mapping, "folder", str(tmp_path))
    assert fetching.claim(at=NOW) is not None and fetching.claim(at=NOW) is None


def test_admins_make_sources_and_wrong_ones_are_refused_on_the_form(mapping: SavedMapping, people: People, tmp_path: Path) -> None:
    admin, url = people.client("carol"), reverse("admin:imports_feed_add")
    form = {"name": "CRM", "mapping": mapping.pk, "rhythm": 60, "is_active": "on", "query": ""}
    for wrong in ({"kind": "folder", "place": "in"}, {"kind": "address", "place": "ftp://x/y.csv"}, {"kind": "query", "place": "postgresql://x/y"}):
        assert admin.post(url, form | wrong).status_code == 200 and not Feed.objects.exists(), wrong
    assert admin.post(url, form | {"kind": "folder", "place": str(tmp_path)}).status_code == 302
    assert Feed.objects.get().by == people.carol
    changed = admin.post(reverse("admin:imports_savedmapping_change", args=[mapping.pk]), {"name": "Accounts", "text": "title = 1"})
    assert changed.status_code == 200 and SavedMapping.objects.get().text == MAPPING
    admin.post(reverse("admin:imports_feed_changelist"), {"action": "fetch_now", "_selected_action": [Feed.objects.get().pk]})
    assert Feed.objects.get().next_at is None
