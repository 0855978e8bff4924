"""The client in docs/, against a real server: rows, many at once, numbers, refusals; and its example, run as a program."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from knox.models import AuthToken

from apps.opportunities.models import Opportunity
from apps.reps.models import Rep
from tests import make
from tests import people as cast
from tests.dashboards import world
from tests.people import People

pytestmark = pytest.mark.django_db(transaction=True)
FOLDER = Path(project.BASE_DIR) / "docs" / "client"


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    sys.path.insert(0, str(FOLDER))
    import kpiboard_client

    yield kpiboard_client
    sys.path.remove(str(FOLDER))


@pytest.fixture
def people(transactional_db: None) -> People:
    found = cast.arrive()
    make.stages()
    Rep.objects.filter(pk=found.alice.pk).update(external_key="005A")
    return found


@pytest.fixture
def token(people: People) -> str:
    return str(AuthToken.objects.create(user=people.carol)[1])


def deal(n: int, **more: Any) -> dict[str, Any]:
    return {
        "external_key": f"D{n}",
        "name": f"Deal {n}",
        "owner": {"external_key": "005A"},
        "stage": make.Stage.objects.get(name="Proposal").pk,
        "amount": "100",
    } | more


def test_rows_are_read_written_and_removed(client: Any, token: str, live_server: Any) -> None:
    board = client.Client(live_server.url, token)
    made = board.create("customers", name="Orbit", external_key="A1")
    assert board.find("customers", "A1") == board.get("customers", made["id"]) and board.find("customers", "A2") is None
    assert board.update("customers", made["id"], industry="Food")["industry"] == "Food"
    board.delete("customers", made["id"])
    assert list(board.rows("customers")) == []
    with pytest.raises(client.Problem) as refused:
        board.create("customers", nmae="Orbit")
    assert refused.value.status == 400 and {one["field"] for one in refused.value.errors} >= {"nmae"}
    with pytest.raises(client.Problem, match="401"):
        client.Client(live_server.url, "nonsense").get("customers", 1)


def test_many_rows_are_written_in_several_requests_and_read_page_by_page(client: Any, token: str, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    board = client.Client(live_server.url, token)
    monkeypatch.setattr(client, "MOST", 4)
    results = board.upsert("opportunities", (deal(n) for n in range(10)))
    assert [one["row"] for one in results] == [*range(10)] and {one["status"] for one in results} == {"created"}
    assert {one["status"] for one in board.upsert("opportunities", [deal(1), deal(2, amount="7")])} == {"unchanged", "changed"}
    assert {row["external_key"] for row in board.rows("opportunities", page_size=3)} == {f"D{n}" for n in range(10)}
    with pytest.raises(client.Problem) as refused:
        board.upsert("opportunities", [deal(11), deal(12, stage=0)])
    assert refused.value.status == 422 and Opportunity.objects.count() == 10
    valid = board.upsert("opportunities", [deal(11), deal(12, stage=0)], write="valid")
    assert [one["status"] for one in valid] == ["created", "refused"] and valid[1]["errors"]


def test_numbers_are_those_of_the_product(client: Any, people: People, token: str, live_server: Any) -> None:
    make.deal(rep=people.alice, won="2025-03-03", amount=600)
    make.deal(rep=people.alice, won="2025-02-03", amount=200)
    world.count()
    board = client.Client(live_server.url, token)
    found = board.figures(kpi="revenue", scope=["company", "team:North"], period="2025-Q1")
    assert [one["value"] for one in found] == ["800", "800"]
    assert [one["value"] for one in board.series(kpi="revenue", scope="company", period="2025-Q1", grain="month")["points"]] == ["0", "200", "600"]
    assert board.ranking(kpi="revenue", kind="rep", period="2025-Q1")["places"]
    assert sorted(row["amount"] for row in board.records(kpi="revenue", scope="company", period="2025-Q1")) == ["200", "600"]


def test_what_comes_too_often_waits_and_what_does_not_arrive_is_sent_again(client: Any, token: str, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    board, waited, tries = client.Client(live_server.url, token), [], []
    monkeypatch.setattr(client.time, "sleep", waited.append)
    real = client.urllib.request.urlopen

    def flaky(request: Any, **more: Any) -> Any:
        tries.append(request.get_method())
        if len(tries) == 1:
            raise ConnectionResetError
        if len(tries) == 2:
            raise client.urllib.error.HTTPError(request.full_url, 429, "", {"Retry-After": "7"}, None)  # type: ignore[arg-type]
        return real(request, **more)

    monkeypatch.setattr(client.urllib.request, "urlopen", flaky)
    assert list(board.rows("customers")) == [] and waited == [0.5, 7.0] and len(tries) == 3
    monkeypatch.setattr(client.urllib.request, "urlopen", lambda *_args, **_more: (_ for _ in ()).throw(ConnectionResetError()))
    with pytest.raises(ConnectionResetError):
        board.create("customers", name="Orbit")
    assert len(waited) == 2, "what may have been done is not sent again"


def test_the_example_runs(people: People, token: str, live_server: Any, tmp_path: Path) -> None:
    make.Stage.objects.filter(name="Proposal").update(external_key="proposal")
    file = tmp_path / "deals.csv"
    file.write_text("key,name,owner,stage,amount,created,closed\nD1,Press,005A,proposal,1200,2025-02-01,\nD2,Pump,nobody,proposal,5,2025-02-01,\n")
    done = subprocess.run([sys.executable, str(FOLDER / "example.py"), live_server.url, token, str(file)], capture_output=True, text=True, check=False)
    assert "1 of 2 deals are in KPIBoard." in done.stdout and "line 3, owner" in done.stderr, done.stderr
    assert done.returncode == 2 and Opportunity.objects.get().name == "Press"
