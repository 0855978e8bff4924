"""Plain makers with full defaults: name what a test is about, leave out the rest. Days may be written as text."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from knox.models import AuthToken

from apps.accounts.models import Role, User
from apps.activities.models import Activity, Assessment, Network, SocialPost, SocialReading
from apps.boards import services as board_services
from apps.boards.models import Board
from apps.boards.services import Placed
from apps.campaigns.models import Campaign, Expense
from apps.core.models import Holiday, Organisation, Rate
from apps.customers.models import Customer, Order, Subscription
from apps.goals.models import Goal
from apps.leads.models import Lead
from apps.objectives.models import CheckIn, Objective, Step
from apps.opportunities.models import Credit, Opportunity, Product, Quote, Stage
from apps.reps.models import Membership, Region, RegionHoliday, Rep, Team, TeamManager
from apps.reps.scopes import Scope

TODAY = date(2025, 3, 14)
PASSWORD = "a long enough password"
LONG_AGO = date(2020, 1, 1)
STAGES = (  # name, kind, position, probability
    ("Qualified", Stage.Kind.OPEN, 1, 20),
    ("Proposal", Stage.Kind.OPEN, 2, 50),
    ("Negotiation", Stage.Kind.OPEN, 3, 80),
    ("Won", Stage.Kind.WON, 8, 100),
    ("Lost", Stage.Kind.LOST, 9, 0),
)
Day = date | str
_numbers = count(1)


def day(value: Day | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def instant(text: str) -> datetime:
    """Read an instant such as `2025-03-03 09:30`, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def numbered(word: str) -> str:
    return f"{word} {next(_numbers)}"


def organisation(**fields: Any) -> Organisation:
    return Organisation.objects.update_or_create(pk=1, defaults={"name": "Acme Works", "currency": "EUR", **fields})[0]


def rate(currency: str = "USD", rate: Any = "0.9", *, on: Day = TODAY) -> Rate:
    return Rate.objects.create(currency=currency, day=day(on), rate=Decimal(str(rate)))


def holiday(on: Day, name: str = "A day off") -> Holiday:
    return Holiday.objects.create(day=day(on), name=name)


def user(name: str | None = None, *, role: str = Role.REP, password: str = PASSWORD, **fields: Any) -> User:
    name = name or numbered("User")
    fields.setdefault("toured_at", instant("2025-01-02 09:00"))  # nobody stands in the way
    fields.setdefault("email", f"{name.lower().replace(' ', '.')}@kpiboard.example")
    return User.objects.create_user(password=password, name=name, role=role, **fields)


def token(user: User) -> str:
    """Make an API token; return what the caller sends."""
    return str(AuthToken.objects.create(user)[1])


def region(name: str | None = None, **fields: Any) -> Region:
    return Region.objects.create(name=name or numbered("Region"), **fields)


def region_holiday(region: Region, on: Day, name: str = "A day of its own", **fields: Any) -> RegionHoliday:
    """Let a region rest on a day, or with `is_worked` work on it."""
    return RegionHoliday.objects.create(region=region, day=day(on), name=name, **fields)


def team(name: str | None = None, *, region: Region | None = None, parent: Team | None = None, **fields: Any) -> Team:
    return Team.objects.create(name=name or numbered("Team"), region=region, parent=parent, **fields)


def manager(team: Team, user: User, *, since: Day = LONG_AGO, until: Day | None = None) -> TeamManager:
    """Let a user manage a team; `until` is the first day they no longer do."""
    return TeamManager.objects.create(team=team, user=user, start_on=day(since), end_on=day(until))


def rep(name: str | None = None, *, team: Team | None = None, hired: Day = LONG_AGO, left: Day | None = None, **fields: Any) -> Rep:
    """Make a rep, who is in `team` from the day they are hired."""
    row = Rep.objects.create(name=name or numbered("Rep"), hired_on=day(hired), left_on=day(left), **fields)
    if team:
        membership(row, team, since=hired)
    return row


def membership(rep: Rep, team: Team, *, since: Day = LONG_AGO, until: Day | None = None) -> Membership:
    """Put a rep into a team; `until` is the first day they are no longer in it."""
    return Membership.objects.create(rep=rep, team=team, start_on=day(since), end_on=day(until))


def move(rep: Rep, team: Team, *, on: Day) -> Membership:
    """Take a rep out of their team and put them into another on one day."""
    Membership.objects.filter(rep=rep, end_on=None).update(end_on=day(on))
    return membership(rep, team, since=on)


def campaign(name: str | None = None, **fields: Any) -> Campaign:
    return Campaign.objects.create(name=name or numbered("Campaign"), **fields)


def expense(*, amount: Any = 100, spent: Day = TODAY, kind: str = Expense.Kind.SALES, **fields: Any) -> Expense:
    return converted(Expense.objects.create(spent_on=day(spent), kind=kind, **entered(fields, amount=amount)))


def customer(name: str | None = None, *, acquired: Day | None = None, lost: Day | None = None, **fields: Any) -> Customer:
    return Customer.objects.create(name=name or numbered("Customer"), acquired_on=day(acquired), lost_on=day(lost), **fields)


def order(*, rep: Rep, amount: Any = 100, ordered: Day = TODAY, **fields: Any) -> Order:
    """Make an order; with a `currency`, `amount` and `cost` are in it."""
    fields = {"number": numbered("Order"), **entered(fields, amount=amount, cost=fields.pop("cost", None))}
    return converted(Order.objects.create(rep=rep, ordered_on=day(ordered), **fields))


def subscription(*, rep: Rep, customer: Customer | None = None, amount: Any = 100, started: Day = TODAY, **days_and_fields: Any) -> Subscription:
    """Make a subscription that runs; `activated`, `cancelled` and `ended` are days. With a `currency`, `amount` is in it."""
    steps = {f"{step}_on": day(days_and_fields.pop(step, None)) for step in ("activated", "cancelled", "ended")}
    fields = entered(days_and_fields, amount=amount)
    return converted(Subscription.objects.create(rep=rep, customer=customer or globals()["customer"](owner=rep), started_on=day(started), **steps, **fields))


def lead(name: str | None = None, *, rep: Rep, created: Day = TODAY, **days_and_fields: Any) -> Lead:
    """Make a lead; `qualified`, `opportunity` and `converted` are the days of its steps."""
    steps = {f"{step}_on": day(days_and_fields.pop(step, None)) for step in ("qualified", "opportunity", "converted")}
    if isinstance(days_and_fields.get("created_at"), str):
        days_and_fields["created_at"] = instant(days_and_fields["created_at"])
    return Lead.objects.create(name=name or numbered("Lead"), owner=rep, created_on=day(created), **steps, **days_and_fields)


def product(name: str | None = None, **fields: Any) -> Product:
    return Product.objects.create(name=name or numbered("Product"), **fields)


def stages() -> dict[str, Stage]:
    """Return the usual stages by name, made when there are none."""
    return {
        name: Stage.objects.get_or_create(name=name, defaults={"kind": kind, "position": position, "probability": Decimal(probability)})[0]
        for name, kind, position, probability in STAGES
    }


def stage(name: str = "Qualified") -> Stage:
    return stages()[name]


def deal(
    name: str | None = None, *, rep: Rep, amount: Any = 100, won: Day | None = None, lost: Day | None = None, created: Day | None = None, **fields: Any
) -> Opportunity:
    """Make a deal: open in `stage` (a name or a row), unless it was won or lost on a day. It came 30 days before it closed, or today.

    With a `currency`, `amount` and `cost` are in it.
    """
    closed = day(won or lost)
    fields["stage"] = _stage("Won" if won else "Lost" if lost else fields.get("stage", "Qualified"))
    fields.setdefault("expected_close_on", day(fields.pop("expected", None)))
    created_on = day(created) or (closed - timedelta(days=30) if closed else TODAY)
    fields = entered(fields, amount=amount, cost=fields.pop("cost", None))
    return converted(Opportunity.objects.create(name=name or numbered("Deal"), owner=rep, closed_on=closed, created_on=created_on, **fields))


def change(deal: Opportunity, *, on: Day, stage: str | Stage | None = None, **fields: Any) -> Opportunity:
    """Change an open deal, or reopen one, as of a day; for `stage` give a name."""
    for field, value in {**fields, **({"stage": _stage(stage)} if stage else {}), "effective_on": day(on)}.items():
        setattr(deal, field, value)
    deal.closed_on = day(on) if deal.stage.kind != Stage.Kind.OPEN else None
    deal.save()
    deal.refresh_from_db()
    return deal


def credit(deal: Opportunity, **shares: Any) -> list[Credit]:
    """Share a deal: `credit(deal, **{str(rep.pk): 60, …})`; shares add up to 100."""
    return Credit.objects.bulk_create([Credit(opportunity=deal, rep_id=int(pk), share=Decimal(str(share))) for pk, share in shares.items()])


def quote(deal: Opportunity, *, amount: Any = 100, sent: Day | None = TODAY, accepted: Day | None = None, **fields: Any) -> Quote:
    fields = {"number": numbered("Q"), "rep": deal.owner, **fields}
    return converted(Quote.objects.create(opportunity=deal, sent_on=day(sent), accepted_on=day(accepted), **entered(fields, amount=amount)))


def activity(*, rep: Rep, kind: str = Activity.Kind.CALL, done: Day | None = TODAY, due: Day | None = None, **fields: Any) -> Activity:
    """Make an activity that is done; with `done=None` and a `due` day, a planned one; `at` is its instant."""
    if at := fields.pop("at", None):
        fields["completed_at"] = instant(at) if isinstance(at, str) else at
    return Activity.objects.create(rep=rep, kind=kind, completed_on=day(done), due_on=day(due), **fields)


def reading(*, rep: Rep, read: Day = TODAY, followers: int = 100, network: str = Network.LINKEDIN, **fields: Any) -> SocialReading:
    return SocialReading.objects.create(rep=rep, network=network, read_on=day(read), followers=followers, **fields)


def post(title: str | None = None, *, rep: Rep, posted: Day = TODAY, network: str = Network.LINKEDIN, **counts: Any) -> SocialPost:
    return SocialPost.objects.create(rep=rep, network=network, posted_on=day(posted), title=title or numbered("Post"), **counts)


def assessment(subject: str = "Sensors", *, rep: Rep, taken: Day = TODAY, score: Any = 80, maximum: Any = 100, **fields: Any) -> Assessment:
    points = {"score": Decimal(str(score)), "maximum": Decimal(str(maximum))}
    return Assessment.objects.create(rep=rep, subject=subject, taken_on=day(taken), **points, **fields)


def goal(
    kpi: str = "revenue",
    scope: Scope | Region | Team | Rep | None = None,
    *,
    start: Day = "2025-01-01",
    last: Day = "2025-03-31",
    target: Any = 1000,
    **fields: Any,
) -> Goal:
    """Make a goal for a region, team, rep or (nobody named) the company; both days are in its window."""
    owner = {kind: scope for kind, model in (("region", Region), ("team", Team), ("rep", Rep)) if isinstance(scope, model)}
    if isinstance(scope, Scope) and scope.kind != "company":
        owner = {f"{scope.kind}_id": scope.id}  # type: ignore[dict-item]
    kind = next(iter(owner), "company").removesuffix("_id")
    return Goal.objects.create(kpi=kpi, scope=kind, start_on=day(start), last_on=day(last), target=Decimal(str(target)), **owner, **fields)


def objective(
    name: str = "Win the north",
    scope: Scope | Region | Team | Rep | None = None,
    *,
    start: Day = "2025-01-01",
    last: Day = "2025-03-31",
    set_by: User | None = None,
    **fields: Any,
) -> Objective:
    """Make an objective, a yes or no unless it says otherwise, for a region, team, rep or (nobody named) the company; both days are in its window."""
    owner = {kind: scope for kind, model in (("region", Region), ("team", Team), ("rep", Rep)) if isinstance(scope, model)}
    if "kpi" in fields:
        fields = {"measured": "kpi", **fields}
    fields = {"measured": "yes_no", "scope": next(iter(owner), "company"), "is_admins": set_by is None or set_by.role == Role.ADMIN, **owner, **fields}
    return Objective.objects.create(name=name, start_on=day(start), last_on=day(last), **fields)


def check_in(objective: Objective, value: Any, *, on: Day = TODAY, **fields: Any) -> CheckIn:
    return CheckIn.objects.create(objective=objective, day=day(on), value=Decimal(str(value)), **fields)


def step(objective: Objective, name: str | None = None, *, done: Day | None = None, **fields: Any) -> Step:
    return Step.objects.create(objective=objective, name=name or numbered("Step"), done_on=day(done), **fields)


def money(amount: Any) -> Decimal | None:
    return None if amount is None else Decimal(str(amount))


def entered(fields: dict[str, Any], **amounts: Any) -> dict[str, Any]:
    """Put amounts where they are entered: in the fields of the company's money, or beside a currency."""
    prefix = "original_" if fields.get("currency") else ""
    return {**fields, **{f"{prefix}{name}": money(amount) for name, amount in amounts.items()}}


def converted(row: Any) -> Any:
    """Return a row with its money as the database converted it."""
    if row.currency or row.original_amount is not None:
        row.refresh_from_db()
    return row


def _stage(stage: str | Stage) -> Stage:
    return stage if isinstance(stage, Stage) else stages()[stage]


def board(owner: User, *widgets: str | Placed, name: str | None = None) -> Board:
    """Make somebody's own board; a widget named by its kind has the settings it begins with."""
    placed = [Placed(one) if isinstance(one, str) else one for one in widgets]
    return board_services.create(name or numbered("Board"), owner, placed)
