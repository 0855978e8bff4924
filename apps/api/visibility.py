"""Which rows of each kind somebody finds in the API: the rules of `apps.reps.access`, applied to its models."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.activities.models import Activity, Assessment, SocialPost, SocialReading
from apps.campaigns.models import Expense
from apps.customers.models import Customer, Order, Subscription
from apps.goals import selectors
from apps.goals.models import Benchmark, Goal, Ramp
from apps.leads.models import Lead
from apps.objectives import access as objectives
from apps.objectives.models import CheckIn, Objective, Step
from apps.opportunities.models import Opportunity, Quote
from apps.reps import access
from apps.reps.models import Membership, Rep, Team, TeamManager

# The field that names the rep whose row it is.
OWNERS = {
    Activity: "rep",
    Assessment: "rep",
    SocialPost: "rep",
    SocialReading: "rep",
    Customer: "owner",
    Lead: "owner",
    Membership: "rep",
    Opportunity: "owner",
    Order: "rep",
    Quote: "rep",
    Subscription: "rep",
}
NOT_YOURS = gettext_lazy("Name yourself, or a rep of your teams: only admins write for others, or for nobody.")
FOR_ALL_SEERS = (Benchmark, Expense, Ramp)  # of the company as a whole: what it spends, and what it asks of everybody


def visible(queryset: QuerySet[Any], user: User, on: date) -> QuerySet[Any]:
    """Keep the rows the user may see; the lists that belong to the whole company stay whole."""
    model = queryset.model
    if model is Objective:  # not even admins see what is personal
        return queryset.filter(pk__in=objectives.visible(user, on).values("pk"))
    if model in (CheckIn, Step):
        return queryset.filter(objective__in=objectives.visible(user, on))
    if access.sees_all(user):
        return queryset
    if model in OWNERS:
        return access.restrict(queryset, user, on, owner=OWNERS[model])
    if model is Rep:
        return queryset.filter(pk__in=access.reps_for(user, on).values("pk"))
    if model is TeamManager:
        return queryset.filter(team__in=Team.objects.filter(_led_or_been_in(user, on)).values("pk"))
    if model in FOR_ALL_SEERS:
        return queryset.none()
    if model is Team:
        return queryset.filter(_led_or_been_in(user, on))
    if model is Goal:
        return queryset.filter(selectors.of(access.scopes_for(user, on)))
    return queryset


def _led_or_been_in(user: User, on: date) -> Q:
    """The teams whose board they may open, and those that the memberships they see name."""
    memberships = access.restrict(Membership.objects.all(), user, on, owner="rep")
    return Q(pk__in=access.teams_for(user, on).values("pk")) | Q(pk__in=memberships.values("team"))
