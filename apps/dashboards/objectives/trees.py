"""Which trees somebody sees, from the topmost objective that they may see on."""

from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.core import clock, periods
from apps.core.models import Organisation
from apps.dashboards.goals.listing import at
from apps.dashboards.objectives.drawn import Drawn, Reader, drawn
from apps.objectives import access, selectors
from apps.objectives.models import Objective
from apps.reps.scopes import Scope

ON_A_PAGE = 40  # trees


def reader(user: User, *, on: date | None = None) -> Reader:
    """Return the one who looks, with what they may see today; `on` is the day they look at, if it is another."""
    organisation = Organisation.get()
    today = clock.today(organisation)
    visible = frozenset(access.visible(user, today).values_list("pk", flat=True))
    return Reader(on or today, periods.calendar(organisation), organisation.currency, visible)


def tops(one: Reader, when: str) -> QuerySet[Objective]:
    """Return the objectives that are a part of none which the reader may see: running, coming or past."""
    return _in_order(Objective.objects.filter(~Q(parent__in=one.visible) | Q(parent=None), at(when, one.today), pk__in=one.visible), when)


def _in_order(rows: QuerySet[Objective], when: str) -> QuerySet[Objective]:
    """Put what ends next first; of the past, what ended last."""
    return rows.order_by("-last_on", "-start_on", "-pk") if when == "past" else rows.order_by("last_on", "start_on", "pk")


def of_rep(user: User, person: Scope, when: str, *, on: date | None = None) -> tuple[list[Drawn], bool]:
    """Draw a rep's objectives that are no part of another of theirs, as a user sees them; say whether there are more."""
    one = reader(user, on=on)
    own = Objective.objects.filter(rep=person.id, pk__in=one.visible)
    found, page = draw(_in_order(own.filter(at(when, one.today)).exclude(parent__in=own), when), one)
    return found, page.has_next()


def draw(rows: QuerySet[Objective], one: Reader, wanted_page: int = 1) -> tuple[list[Drawn], Page[Any]]:
    """Draw a page of the trees below some objectives (past the end, the last), and say which it is."""
    page = Paginator(rows.values_list("pk", flat=True), ON_A_PAGE).get_page(wanted_page)
    roots = list(page)
    nodes = {node.objective.pk: node for node in selectors.trees(roots, on=one.today, calendar=one.calendar)}
    return [drawn(nodes[pk], one) for pk in roots if pk in nodes], page


def above(row: Objective, one: Reader) -> list[Objective]:
    """Return the wholes of an objective that the reader may see, from the top."""
    found: list[Objective] = []
    while row.parent and row.parent_id in one.visible:
        row = row.parent
        found.append(row)
    return found[::-1]
