"""Which facts have a page, what stands on it, and through which reps somebody may see it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.activities.models import Activity, Assessment, SocialPost, SocialReading
from apps.core.models import RecordLink
from apps.customers.models import Customer, Movement, Order, PayingAccount, Subscription
from apps.leads.models import Lead
from apps.opportunities.models import Opportunity, Quote
from apps.reps import access


@dataclass(frozen=True)
class Kind:
    """One kind of fact. `seen_by` are the ways to the reps whose managers, and who themselves, may open it."""

    key: str
    model: type[Model]
    seen_by: tuple[str, ...]
    fields: tuple[str, ...]
    related: tuple[str, ...]

    @property
    def label(self) -> str:
        return f"{self.model._meta.app_label}.{self.model.__name__}"

    @property
    def changed_at(self) -> str:
        """The name of the admin's page that changes it."""
        return f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_change"


KINDS = {
    kind.key: kind
    for kind in (
        Kind(
            "opportunity",
            Opportunity,
            ("owner", "credits__rep", "versions__owner"),
            (
                "customer",
                "owner",
                "stage",
                "amount",
                "original_amount",
                "cost",
                "original_cost",
                "probability",
                "product",
                "first_contact_on",
                "created_on",
                "expected_close_on",
                "closed_on",
                "lost_reason",
                "lead",
                "campaign",
                "external_key",
            ),
            ("customer", "owner", "stage", "product", "lead", "campaign"),
        ),
        Kind(
            "quote",
            Quote,
            ("rep", "opportunity__owner", "opportunity__credits__rep"),
            ("opportunity", "number", "revision", "rep", "amount", "original_amount", "sent_on", "accepted_on", "external_key"),
            ("opportunity", "rep"),
        ),
        Kind(
            "lead",
            Lead,
            ("owner", "created_for", "qualified_by", "opportunity_by", "converted_by", "first_touch_by"),
            (
                "company",
                "email",
                "phone",
                "owner",
                "campaign",
                "customer",
                "created_on",
                "created_at",
                "first_touch_at",
                "first_touch_on",
                "first_touch_by",
                "response_minutes",
                "qualified_on",
                "opportunity_on",
                "converted_on",
                "external_key",
            ),
            ("owner", "campaign", "customer", "first_touch_by"),
        ),
        Kind(
            "customer",
            Customer,
            ("owner", "acquired_by", "opportunities__owner", "opportunities__credits__rep", "orders__rep", "subscriptions__rep"),
            ("region", "owner", "industry", "acquired_on", "acquired_by", "cancelled_on", "lost_on", "lost_reason", "external_key"),
            ("region", "owner", "acquired_by"),
        ),
        Kind(
            "order",
            Order,
            ("rep",),
            ("number", "customer", "rep", "ordered_on", "amount", "original_amount", "cost", "original_cost", "external_key"),
            ("customer", "rep"),
        ),
        Kind(
            "subscription",
            Subscription,
            ("rep",),
            (
                "customer",
                "plan",
                "rep",
                "amount",
                "original_amount",
                "interval_months",
                "mrr",
                "started_on",
                "activated_on",
                "cancelled_on",
                "ended_on",
                "external_key",
            ),
            ("customer", "rep"),
        ),
        Kind("movement", Movement, ("rep",), ("customer", "rep", "moved_on", "kind", "change", "amount"), ("customer", "rep")),
        Kind("paying", PayingAccount, ("customer__subscriptions__rep",), ("customer", "valid_from", "valid_to"), ("customer",)),
        Kind(
            "activity",
            Activity,
            ("rep",),
            (
                "kind",
                "subject",
                "rep",
                "due_on",
                "completed_on",
                "completed_at",
                "direction",
                "is_automatic",
                "customer",
                "lead",
                "opportunity",
                "campaign",
                "is_personalized",
                "is_delivered",
                "is_opened",
                "external_key",
            ),
            ("rep", "customer", "lead", "opportunity", "campaign"),
        ),
        Kind(
            "reading",
            SocialReading,
            ("rep",),
            (
                "rep",
                "network",
                "read_on",
                "followers",
                "profile_strength",
                "profile_views",
                "connection_requests",
                "connections_accepted",
                "inbound_inquiries",
                "external_key",
            ),
            ("rep",),
        ),
        Kind("post", SocialPost, ("rep",), ("title", "rep", "network", "posted_on", "shares", "comments", "likes", "external_key"), ("rep",)),
        Kind("assessment", Assessment, ("rep",), ("subject", "rep", "taken_on", "score", "maximum", "external_key"), ("rep",)),
    )
}
BY_LABEL = {kind.label: kind for kind in KINDS.values()}


def visible(kind: Kind, user: User, on: date) -> QuerySet[Any]:
    """Return the facts of a kind that somebody may open."""
    rows: QuerySet[Any] = kind.model._default_manager.all()
    if access.sees_all(user):
        return rows
    reps = access.reps_for(user, on).values("pk")
    rule = Q()
    for way in kind.seen_by:
        found = kind.model._default_manager.filter(**{f"{way}__in": reps}).values("pk")
        rule |= Q(pk__in=found.order_by())
    return rows.filter(rule)


def visible_ids(label: str, ids: Iterable[int], user: User, on: date) -> set[int]:
    """Return which of some facts somebody may open; none where the kind has no page."""
    kind, ids = BY_LABEL.get(label), set(ids)
    if kind is None or not ids or access.sees_all(user):
        return ids if kind else set()
    return set(visible(kind, user, on).filter(pk__in=ids).values_list("pk", flat=True))


def record_or_404(key: str, pk: int, user: User, on: date) -> tuple[Kind, Any]:
    """Return a fact; what is not there and what is not theirs is equally not found."""
    kind = KINDS.get(key)
    row = visible(kind, user, on).select_related(*kind.related).filter(pk=pk).first() if kind else None
    if kind is None or row is None:
        raise Http404(_("There is no such record."))
    return kind, row


def elsewhere(label: str) -> str:
    """Return the address of a model's records in the company's CRM, with a place for their key; nothing where none is set."""
    key = BY_LABEL[label].key if label in BY_LABEL else ""
    return RecordLink.objects.filter(record=key).values_list("address", flat=True).first() or ""
