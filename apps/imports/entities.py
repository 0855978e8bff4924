"""What a file can feed: every entity with its model, what makes two rows the same one, and how others refer to it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import models

from apps.accounts.models import User
from apps.activities.models import Activity, Assessment, SocialPost, SocialReading
from apps.campaigns.models import Campaign, Expense
from apps.core.models import Holiday, Rate
from apps.customers.models import Customer, Order, Subscription
from apps.goals.models import Goal
from apps.imports.conversion import KEY
from apps.leads.models import Lead
from apps.opportunities.models import Credit, Opportunity, Product, Quote, Stage
from apps.reps.models import Membership, Region, RegionHoliday, Rep, Team, TeamManager
from apps.reps.triggers import KeepOwnerOfTheDay

REFERENCES = {"key": KEY, "name": "name", "email": "email"}
NEVER_FROM_A_FILE = {"password", "last_login"}


def nothing() -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Entity:
    """One kind of row. `same` are the fields that make two rows one, besides the external key.

    `together` is the reference whose rows must be written as one, because the database checks them as one.
    `passing` are fields that the database reads once and empties, so that they never count as a change.
    """

    name: str
    model: type[models.Model]
    same: tuple[str, ...] = ()
    together: str | None = None
    passing: frozenset[str] = frozenset()
    start: Callable[[], dict[str, Any]] = nothing

    @cached_property
    def fields(self) -> dict[str, models.Field]:
        """Every field that a file can feed, by name."""
        concrete = [field for field in self.model._meta.concrete_fields if field.editable and not field.primary_key]
        return {field.name: field for field in concrete if field.name not in NEVER_FROM_A_FILE}

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The fields without which no row can be made."""
        return tuple(name for name, field in self.fields.items() if not (field.null or field.blank or field.has_default()))

    @cached_property
    def kept(self) -> frozenset[str]:
        """The fields that the database fills when a file leaves them blank."""
        triggers = getattr(self.model._meta, "triggers", [])
        return frozenset(trigger.keeper.removesuffix("_id") for trigger in triggers if isinstance(trigger, KeepOwnerOfTheDay))

    @property
    def has_key(self) -> bool:
        return KEY in self.fields

    @property
    def known_by(self) -> tuple[str, ...]:
        """The fields by which a file may refer to a row, in the order in which they are tried."""
        return tuple(name for name in (KEY, "email", "name") if name in self.fields)


def sign_in() -> dict[str, Any]:
    """A user made from a file cannot sign in until the password is reset."""
    return {"password": make_password(None)}


ENTITIES = {
    entity.name: entity
    for entity in (
        Entity("holidays", Holiday, same=("day",)),
        Entity("rates", Rate, same=("currency", "day")),
        Entity("regions", Region, same=("name",)),
        Entity("region_holidays", RegionHoliday, same=("region", "day")),
        Entity("teams", Team, same=("name",)),
        Entity("users", User, same=("email",), start=sign_in),
        Entity("reps", Rep, same=("name",)),
        Entity("memberships", Membership, same=("rep", "start_on"), together="rep"),
        Entity("team_managers", TeamManager, same=("team", "user", "start_on"), together="team"),
        Entity("campaigns", Campaign, same=("name",)),
        Entity("expenses", Expense),
        Entity("customers", Customer),
        Entity("orders", Order),
        Entity("subscriptions", Subscription),
        Entity("leads", Lead),
        Entity("products", Product, same=("name",)),
        Entity("stages", Stage, same=("name",)),
        Entity("opportunities", Opportunity, passing=frozenset({"effective_on"})),
        Entity("credits", Credit, same=("opportunity", "rep"), together="opportunity"),
        Entity("quotes", Quote, same=("number", "revision")),
        Entity("activities", Activity),
        Entity("social_readings", SocialReading, same=("rep", "network", "read_on")),
        Entity("social_posts", SocialPost),
        Entity("assessments", Assessment),
        Entity("goals", Goal, same=("start_on", "last_on", "kpi", "scope", "region", "team", "rep")),
    )
}
BY_MODEL: dict[Any, Entity] = {entity.model: entity for entity in ENTITIES.values()}


def referred(column: models.Field) -> Entity:
    """Return the entity that a foreign key refers to."""
    return BY_MODEL[column.related_model]
