"""The admin as a whole: every model's pages open for admins and for nobody else, in few queries, and errors become words."""

import re
from copy import deepcopy

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.api.models import Integration
from apps.core import clock
from apps.core.models import RecordLink
from apps.goals.models import Benchmark, Ramp
from apps.imports.models import Feed, Import, SavedMapping
from apps.kpis.models import Close, Drift, Job, Run, Unit
from apps.webhooks import watching
from apps.webhooks.models import Hook
from tests import ground as grounds
from tests import make
from tests import people as cast
from tests.filling import post, problems
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label_lower)
UNSEEN = {
    "kpis.measureday",
    "kpis.shareday",
    "kpis.sharedday",
    "kpis.snapshot",
    "kpis.dirtycell",
    "kpis.dirtystanding",
    "kpis.count",
    "kpis.reported",
    "kpis.reportedrecord",
    "core.period",
}
ELSEWHERE = re.compile(r"""(?:src|srcset|href|action|url\()\s*=?\s*["']?(?:https?:)?//[^"')]+""")
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)


def address(model: type[models.Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def furnish() -> People:
    """Make at least one row of everything the admin shows."""
    people = cast.arrive()
    customer, campaign = make.customer(owner=people.alice, acquired="2025-01-02"), make.campaign()
    deal = make.deal(rep=people.alice, customer=customer, product=make.product(), won="2025-03-03", campaign=campaign)
    make.credit(deal, **{str(people.alice.pk): 60, str(people.dave.pk): 40})
    make.quote(deal)
    make.lead(rep=people.alice, campaign=campaign)
    make.activity(rep=people.alice, customer=customer, opportunity=deal, kind="email", campaign=campaign)
    make.reading(rep=people.alice)
    make.post(rep=people.alice)
    make.assessment(rep=people.alice)
    make.order(rep=people.alice, customer=customer)
    make.subscription(rep=people.alice, customer=customer)
    make.expense()
    make.goal("revenue", people.north)
    make.step(make.objective("Kit", people.north, measured="checklist"))
    Ramp.objects.create(name="Assistants", shares="25 50 75")
    Benchmark.objects.create(kpi="calls", target=50, first_on="2025-01-01")
    make.holiday("2025-12-25")
    make.rate("GBP")
    make.region_holiday(people.region, "2025-12-24")
    run = Run.objects.create(started_at="2025-03-14T01:00Z", finished_at="2025-03-14T01:01Z", cells=5)
    Drift.objects.create(run=run, measure="won_count", day=make.TODAY, whose="rep:Alice", expected=1)
    closed("2025-02", people.alice.user)
    recount()
    make.token(people.alice.user)
    Integration.objects.create(name="CRM", acts_as=people.bob)
    make.board(people.carol, "text")
    watching.test(Hook.objects.create(name="CRM", url="https://crm.example/in", kinds=["goal.reached"]), at=clock.now())
    mapping = SavedMapping.objects.create(name="CRM", text="", saved_at=clock.now())
    Import.objects.create(title="CRM", asked_at=clock.now(), feed=Feed.objects.create(name="CRM", kind="folder", place="/srv/crm", mapping=mapping))
    RecordLink.objects.create(record="lead", address="https://crm.example/{key}")
    return people


ground = grounds.ground(furnish)


@pytest.fixture
def world(ground: People, db: None) -> People:
    return deepcopy(ground)


def closed(key: str, by: object) -> None:
    fields = {"start_on": f"{key}-01", "end_on": "2025-03-01", "closed_on": "2025-03-05", "closed_at": "2025-03-05T09:00Z"}
    Close.objects.create(grain="month", key=key, closed_by=by, **fields)


def test_the_tables_of_the_engine_are_not_shown() -> None:
    assert not {model._meta.label_lower for model in MODELS} & UNSEEN


@every_model
def test_lists_open_and_can_be_searched(world: People, model: type[models.Model]) -> None:
    client = world.client("carol")
    for query in ("", "?q=a"):
        page = client.get(address(model, "changelist") + query, follow=True)
        assert page.status_code == 200
        assert not ELSEWHERE.findall(page.content.decode()), "nothing is fetched from other hosts"


@every_model
def test_rows_open_and_can_be_added_where_that_is_allowed(world: People, model: type[models.Model]) -> None:
    client = world.client("carol")
    row = model._default_manager.first()
    assert row is not None
    page = client.get(address(model, "change", row.pk))
    assert page.status_code == 200
    assert not ELSEWHERE.findall(page.content.decode())
    may_add = admin.site._registry[model].has_add_permission(client.get("/admin/").wsgi_request)
    assert client.get(address(model, "add")).status_code == (200 if may_add else 403)


@every_model
def test_nobody_but_admins_finds_them(world: People, model: type[models.Model]) -> None:
    row = model._default_manager.first()
    assert row is not None
    n = MODELS.index(model) % 4
    for name in ("alice", "bob", "dave", "erin", "alice")[n : n + 2]:  # the rule is one for all models: each is asked by two of the four
        client = world.client(name)
        for page in (address(model, "changelist"), address(model, "change", row.pk), address(model, "add"), address(model, "delete", row.pk)):
            assert client.get(page, follow=True).status_code == 404, f"{name} on {page}"


@every_model
def test_every_filter_works(world: People, model: type[models.Model]) -> None:
    client = world.client("carol")
    page = client.get(address(model, "changelist"), follow=True)
    filters = page.context["cl"].filter_specs if "cl" in page.context else []
    for spec in filters:
        for parameter in spec.expected_parameters():
            for value in ("1", "2025-01-01"):
                answer = client.get(address(model, "changelist"), {parameter: value}, follow=True)
                assert answer.status_code == 200, f"{parameter}={value}"


def recount() -> None:
    job = Job.objects.create(reason="calendar", on=make.TODAY, finished_at="2125-03-14T01:01Z")
    Unit.objects.bulk_create([Unit(job=job, stream="events", is_sum=True, finished_at="2125-03-14T01:01Z"), Unit(job=job, stream="leads")])


def more_rows(people: People) -> None:
    for number in range(6):
        rep = make.rep(team=make.team(region=make.region()), user=make.user())
        make.manager(people.south, rep.user)
        customer = make.customer(owner=rep, region=make.region())
        deal = make.deal(rep=rep, customer=customer, product=make.product(), won="2025-03-03")
        make.quote(deal)
        make.lead(rep=rep, campaign=make.campaign())
        make.activity(rep=rep, customer=customer)
        make.reading(rep=rep)
        make.post(rep=rep)
        make.assessment(rep=rep)
        make.order(rep=rep, customer=customer)
        make.expense(campaign=make.campaign())
        make.goal("revenue", rep)
        make.check_in(make.objective(scope=rep), 1)
        make.holiday(f"2025-12-0{number + 1}")
        make.region_holiday(make.region(), f"2025-11-0{number + 1}")
        run = Run.objects.create(started_at="2025-03-14T01:00Z", cells=5)
        Drift.objects.create(run=run, measure="won_count", day=make.TODAY, whose="rep:Alice", expected=1)
        closed(f"202{number}-01", rep.user)
        recount()
        make.token(rep.user)


@every_model
def test_a_list_costs_the_same_however_many_rows_it_shows(world: People, model: type[models.Model]) -> None:
    client = world.client("carol")
    client.get(address(model, "changelist"), follow=True)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address(model, "changelist"), follow=True)
        return len(queries)

    before = cost()
    more_rows(world)
    assert cost() <= before + 1, "one more at most: a filter may now have something to choose from"


def test_rows_that_others_need_say_who_needs_them_and_stay(world: People) -> None:
    client = world.client("carol")
    page = client.get(reverse("admin:reps_rep_delete", args=[world.alice.pk]))
    said = page.content.decode()
    assert "1 opportunity (Owner)" in said
    assert "1 lead (Owner)" in said
    client.post(reverse("admin:reps_rep_delete", args=[world.alice.pk]), {"post": "yes"})
    assert type(world.alice).objects.filter(pk=world.alice.pk).exists()


def test_a_row_nobody_needs_can_be_deleted(world: People) -> None:
    region = make.region("Nowhere")
    assert world.client("carol").post(reverse("admin:reps_region_delete", args=[region.pk]), {"post": "yes"}).status_code == 302
    assert not type(region).objects.filter(pk=region.pk).exists()


def test_the_organisation_opens_at_once_and_cannot_be_deleted(world: People) -> None:
    client = world.client("carol")
    assert client.get("/admin/core/organisation/").url.endswith("1/change/")
    assert client.get("/admin/core/organisation/1/delete/").status_code == 403


def test_changing_the_calendar_says_that_everything_is_counted_anew(world: People) -> None:
    client = world.client("carol")
    path = reverse("admin:core_organisation_change", args=[1])
    assert post(client, path, name="Acme").status_code == 302
    assert "counted anew" not in client.get(path).content.decode()
    assert post(client, path, fiscal_year_start="4").status_code == 302
    assert "counted anew" in client.get(path).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"time_zone": "Mars/Olympus"}, "is no time zone"),
        ({"working_weekdays": "1123"}, "Write each working day once"),
        ({"fiscal_year_start": "13"}, "less than or equal to 12"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(world: People, changes: dict[str, str], words: str) -> None:
    assert words in problems(post(world.client("carol"), reverse("admin:core_organisation_change", args=[1]), **changes))


def test_the_index_shows_the_groups_of_the_side_bar(world: People) -> None:
    said = world.client("carol").get("/admin/").content.decode()
    assert all(f"<h2>{group}</h2>" in said for group in ("Goals", "Deals", "People", "Data in and out", "How you sell", "Organisation"))
    assert all(f">{name}</a>" in said for name in ("Sources", "Saved mappings", "Webhooks", "Deliveries"))
