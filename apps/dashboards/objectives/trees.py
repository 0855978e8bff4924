"""Which trees somebody sees, from the topmost objective that they may see on."""

from datetime import date

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.core import clock, periods
from apps.core.models import Organisation
from apps.dashboards.goals.listing import at
from apps.dashboards.objectives.drawn import Drawn, Reader, drawn
from apps.objectives import access, selectors
from apps.objectives.models import Objective
from apps.reps.scopes import Scope

MOST = 100  # trees on a page


def reader(user: User) -> Reader:
    """Return the one who looks, today."""
    organisation = Organisation.get()
    today = clock.today(organisation)
    visible = frozenset(access.visible(user, today).values_list("pk", flat=True))
    return Reader(today, periods.calendar(organisation), organisation.currency, visible)


def tops(one: Reader, when: str) -> QuerySet[Objective]:
    """Return the objectives that are a part of none which the reader may see: running, coming or past."""
    return Objective.objects.filter(~Q(parent__in=one.visible) | Q(parent=None), at(when, one.today), pk__in=one.visible).order_by("last_on", "start_on", "pk")


def of_rep(user: User, person: Scope, when: str) -> list[Drawn]:
    """Draw a rep's objectives that are no part of another of theirs, as a user sees them."""
    one = reader(user)
    own = Objective.objects.filter(rep=person.id, pk__in=one.visible)
    found, _more = draw(own.filter(at(when, one.today)).exclude(parent__in=own).order_by("last_on", "start_on", "pk"), one)
    return found


def draw(rows: QuerySet[Objective], one: Reader) -> tuple[list[Drawn], int]:
    """Draw the trees below some objectives, and say how many more there are."""
    roots = list(rows.values_list("pk", flat=True))
    nodes = {node.objective.pk: node for node in selectors.trees(roots[:MOST], on=one.today, calendar=one.calendar)}
    return [drawn(nodes[pk], one) for pk in roots[:MOST] if pk in nodes], max(len(roots) - MOST, 0)


def above(row: Objective, one: Reader) -> list[Objective]:
    """Return the wholes of an objective that the reader may see, from the top."""
    found: list[Objective] = []
    while row.parent and row.parent_id in one.visible:
        row = row.parent
        found.append(row)
    return found[::-1]


def today_of(row: Objective, today: date) -> date:
    """Return the day on which something is told of an objective, when none is named: today, or its last day once it is over."""
    return min(max(today, row.start_on), row.last_on)
