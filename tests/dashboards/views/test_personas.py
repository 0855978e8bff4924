"""Who may open which page: Alice sells in North, Bob leads it, Carol is the admin, Erin looks on, Dave is elsewhere."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.activities.models import Activity, Assessment, SocialPost, SocialReading
from apps.boards import guests
from apps.boards import services as board_services
from apps.core import clock, periods
from apps.customers.models import Customer, Movement, Order, PayingAccount, Subscription
from apps.dashboards.urls import urlpatterns
from apps.goals.models import Goal
from apps.kpis import closing
from apps.leads.models import Lead
from apps.opportunities.models import Opportunity, Quote, Stage
from tests import make
from tests.dashboards import world
from tests.people import NAMES, People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]
EVERYBODY = set(NAMES)
SEERS = {"carol", "erin"}
NORTH = {"bob", *SEERS}
ALICE = {"alice", *NORTH}


def addresses(people: People, deal_id: int) -> list[tuple[str, str, set[str]]]:
    """Every page, as (name of the address, address, who may open it)."""
    alice, north = people.alice.pk, people.north.pk
    goal = Goal.objects.filter(rep=people.alice).get()
    records = {"opportunity": deal_id, "quote": Quote.objects.get(revision=2).pk, "lead": Lead.objects.get().pk, "customer": Customer.objects.get().pk}
    records |= {"subscription": Subscription.objects.get().pk, "movement": Movement.objects.get().pk, "paying": PayingAccount.objects.get().pk}
    records |= {"order": Order.objects.get().pk, "activity": Activity.objects.filter(subject="Call Orbit").get().pk}
    records |= {"reading": SocialReading.objects.earliest("pk").pk, "post": SocialPost.objects.get().pk, "assessment": Assessment.objects.get().pk}
    return [
        ("company", reverse("dashboards:company"), SEERS),
        ("board", reverse("dashboards:board", args=["region", people.region.pk]), SEERS),
        ("board", reverse("dashboards:board", args=["team", north]), NORTH),
        ("board", reverse("dashboards:board", args=["rep", alice]), ALICE),
        ("board", reverse("dashboards:board", args=["team", people.south.pk]), SEERS),
        ("board", reverse("dashboards:board", args=["rep", people.dave.pk]), {"dave", *SEERS}),
        ("board", reverse("dashboards:board", args=["team", 999_999]), set()),
        ("figure", reverse("dashboards:figure", args=["revenue"]) + f"?scope=rep:{alice}", ALICE),
        ("figure", reverse("dashboards:figure", args=["revenue"]) + f"?scope=team:{north}", NORTH),
        ("figure", reverse("dashboards:figure", args=["revenue"]) + "?scope=company", SEERS),
        ("figure", reverse("dashboards:figure", args=["no_such_kpi"]), set()),
        ("figure-file", reverse("dashboards:figure-file", args=["revenue"]) + f"?scope=rep:{alice}", ALICE),
        ("figure-file", reverse("dashboards:figure-file", args=["revenue"]) + "?scope=company", SEERS),
        ("coaching", reverse("dashboards:coaching", args=[alice]), NORTH),
        ("board-file", reverse("dashboards:board-file") + f"?scope=rep:{alice}", ALICE),
        ("board-file", reverse("dashboards:board-file") + f"?scope=team:{north}&format=csv", NORTH),
        ("board-file", reverse("dashboards:board-file"), SEERS),
        ("at-risk", reverse("dashboards:at-risk") + f"?scope=rep:{alice}", ALICE),
        ("at-risk", reverse("dashboards:at-risk") + "?scope=company", SEERS),
        *(("record", reverse("dashboards:record", args=[key, pk]), ALICE) for key, pk in records.items()),
        ("record", reverse("dashboards:record", args=["opportunity", 999_999]), set()),
        ("record", reverse("dashboards:record", args=["user", people.carol.pk]), set()),
        ("kpis", reverse("dashboards:kpis"), EVERYBODY),
        ("design", reverse("dashboards:design"), EVERYBODY),
        ("reports", reverse("dashboards:reports"), EVERYBODY),
        ("reports", reverse("dashboards:reports") + f"?scope=team:{north}", NORTH),
        *reports(people),
        *restatements(people),
        ("goals", reverse("dashboards:goals"), EVERYBODY),
        ("goals-enter", reverse("dashboards:goals-enter"), {"carol"}),
        *((name, reverse(f"dashboards:{name}"), {"carol"}) for name in ("goals-year", "goals-year-then", "goals-year-file")),
        ("goal-add", reverse("dashboards:goal-add"), {"carol"}),
        ("goal", reverse("dashboards:goal", args=[goal.pk]), {"carol"}),
        *objectives(people),
        *boards(people),
    ]


def boards(people: People) -> list[tuple[str, str, set[str]]]:
    """The pages of people's own boards: Alice's, and Bob's for North to look at."""
    hers, shared = make.board(people.users["alice"], "text"), make.board(people.bob, "text")
    board_services.share(shared, people.north, may_edit=False)
    found = [("boards", reverse("dashboards:boards"), EVERYBODY), ("boards-menu", reverse("dashboards:boards-menu"), EVERYBODY)]
    found.append(("narrowed-menu", reverse("dashboards:narrowed-menu"), EVERYBODY))
    found += [("own", reverse("dashboards:own", args=[hers.pk]), {"alice"}), ("own", reverse("dashboards:own", args=[shared.pk]), ALICE)]
    for name, more in (
        ("own-arrange", []),
        ("own-settings", []),
        ("own-gallery", []),
        ("own-file", []),
        ("own-add", ["trend"]),
        ("own-widget", [hers.widgets.get().pk]),
    ):
        found.append((name, reverse(f"dashboards:{name}", args=[hers.pk, *more]), {"alice"}))
    screen = guests.pair(guests.ticket(clock.now()).code, people.bob, clock.now(), name="Floor")
    found += [("screens", reverse("dashboards:screens"), EVERYBODY), ("screen", reverse("dashboards:screen", args=[screen.pk]), {"bob", "carol"})]
    return [*found, ("own-links", reverse("dashboards:own-links", args=[shared.pk]), {"carol"})]


def objectives(people: People) -> list[tuple[str, str, set[str]]]:
    """The trees, and the pages of objectives: Alice's, her team's, a personal one and the company's."""
    hers, teams, company = make.objective(scope=people.alice), make.objective(scope=people.north), make.objective()
    personal = make.objective("Mine", people.alice, is_personal=True)
    add = reverse("dashboards:objective-add")
    return [
        ("objectives", reverse("dashboards:objectives"), EVERYBODY),
        ("objective-add", add, {"bob", "carol"}),
        ("objective-add", f"{add}?personal", {"alice", "dave"}),
        *((("objective", reverse("dashboards:objective", args=[row.pk]), who)) for row, who in ((hers, ALICE), (teams, NORTH), (company, SEERS))),
        ("objective", reverse("dashboards:objective", args=[personal.pk]), {"alice", "bob"}),
        ("objective-change", reverse("dashboards:objective-change", args=[personal.pk]), {"alice"}),
    ]


def reports(people: People) -> list[tuple[str, str, set[str]]]:
    """Every report and the lists behind its numbers, of each kind of scope."""
    stage = Stage.objects.filter(kind="open").first()
    lists = {"funnel": f"stage={stage.pk}", "waterfall": "bar=won", "cohorts": "month=2025-02", "movement": "part=mrr_new"}
    found = []
    for name, query in lists.items():
        for scope, who in (
            (f"rep:{people.alice.pk}", ALICE),
            (f"team:{people.north.pk}", NORTH),
            ("company", SEERS),
            (f"rep:{people.dave.pk}", {"dave", *SEERS}),
        ):
            found.append((name, reverse(f"dashboards:{name}") + f"?scope={scope}", who))
            found.append((f"{name}-list", reverse(f"dashboards:{name}-list") + f"?scope={scope}&{query}", who))
    return found


def restatements(people: People) -> list[tuple[str, str, set[str]]]:
    """The list of restatements and the page of one, of each kind of scope."""
    close = closing.close(periods.calendar().parse("2025-02"), on=make.TODAY, at=clock.now())
    one, found = reverse("dashboards:restatement", args=[close.pk, "revenue"]), [("restatements", reverse("dashboards:restatements"), EVERYBODY)]
    for scope, who in ((f"rep:{people.alice.pk}", ALICE), (f"team:{people.north.pk}", NORTH), ("company", SEERS)):
        found.append(("restatements", reverse("dashboards:restatements") + f"?scope={scope}", who))
        found.append(("restatement", f"{one}?scope={scope}", who))
    return found


@pytest.fixture
def people(furnished: People) -> People:
    return furnished


@pytest.fixture
def pages(people: People) -> list[tuple[str, str, set[str]]]:
    return addresses(people, Opportunity.objects.get(name="Orbit, first order").pk)


@pytest.mark.parametrize("name", NAMES)
def test_each_person_opens_their_own_pages_and_no_other(people: People, pages: list[tuple[str, str, set[str]]], name: str) -> None:
    client = people.client(name)
    opened = {url: client.get(url).status_code for _page, url, _who in pages}
    refused = dict.fromkeys(("objective-add", "goals-enter", "goals-year", "goals-year-then", "goals-year-file", "goal-add", "goal"), 403)
    expected = {url: 200 if name in who else refused.get(page, 404) for page, url, who in pages}
    if name in ("alice", "bob", "erin"):  # who sees the board, and makes no links
        expected |= {url: 403 for page, url, _who in pages if page == "own-links"}
    if name == "bob":  # who sees it, and does not change it
        expected |= {url: 403 for page, url, _who in pages if page == "objective-change"}
    assert opened == expected


def test_nobody_opens_a_page_without_signing_in(client: Client, pages: list[tuple[str, str, set[str]]]) -> None:
    for _page, url, _who in pages:
        answer = client.get(url)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("accounts:sign-in"))


def test_no_page_is_without_a_persona(pages: list[tuple[str, str, set[str]]]) -> None:
    posted = {
        "goal-delete",
        "boards-standard",
        "own-link-end",
        "tour-done",
        "screen-unpair",
        *(f"own-{name}" for name in ("home", "duplicate", "delete", "put-back", "act")),
        *(f"objective-{name}" for name in ("delete", "split", "tell", "untell", "step")),
    }
    of_guests = {"wall", "wall-state", "wall-board", "shared"}  # see test_guests
    tested = {page for page, _url, _who in pages} | posted | of_guests | {"home"}  # which leads on
    assert {pattern.name for pattern in urlpatterns} == tested


@pytest.mark.parametrize(("name", "kind"), [("alice", "rep"), ("bob", "team"), ("carol", "company"), ("erin", "company"), ("dave", "rep")])
def test_everybody_is_led_to_their_own_board(people: People, name: str, kind: str) -> None:
    answer = people.client(name).get("/")
    assert answer.status_code == 302
    assert f"/boards/{kind}/" in answer["Location"]


def test_who_belongs_nowhere_is_told_what_to_ask_for(people: People) -> None:
    people.dave.user = None
    people.dave.save()
    answer = people.client("erin").get("/")
    assert answer.status_code == 302
    people.erin.role = "manager"
    people.erin.save()
    answer = people.client("erin").get("/")
    assert "Ask your admin" in answer.content.decode()


def test_a_rep_sees_the_ranks_of_their_peers_and_nothing_else_of_them(people: People) -> None:
    peer = make.rep("Penelope Peer", team=people.north)
    make.deal(rep=peer, amount=123_456, won="2025-03-03")
    make.goal("revenue", peer, target=777_777)
    world.count()
    page = people.client("alice").get(reverse("dashboards:board", args=["rep", people.alice.pk])).content.decode()
    assert "Penelope Peer" in page
    assert f"/boards/rep/{peer.pk}/" not in page
    assert not any(trace in page for trace in ("123,456", "123K", "123456", "777,777", "778K", "777777", "16%"))
