"""Deals, the shares of their reps, the states they have been in, and quotes."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import fields
from apps.api.bulk.drafts import Draft
from apps.api.filters import AMOUNTS, DAYS, ROWS, SOME
from apps.api.resources.base import MONEY, Facts, RowSerializer
from apps.opportunities.models import Credit, Opportunity, OpportunityVersion, Quote, Stage
from apps.reps import access

WHO = ["customer", "lead", "campaign", "product", "owner"]
WHAT = ["stage", "kind", *MONEY, "cost", "original_cost", "probability"]
WHEN = ["first_contact_on", "created_on", "expected_close_on", "closed_on", "lost_reason", "effective_on"]


class CreditSerializer(serializers.ModelSerializer[Credit]):
    serializer_related_field = fields.Related

    class Meta:
        model = Credit
        fields = ["rep", "share"]


class OpportunitySerializer(RowSerializer):
    beside = ("credits",)
    passing = ("effective_on",)
    kind = serializers.ChoiceField(source="stage.kind", choices=Stage.Kind.choices, read_only=True)
    closed_on = fields.past_date()
    effective_on = fields.past_date(write_only=True, help_text=gettext_lazy("The day from which this change counts. Empty: today, or the closing day."))
    credits = CreditSerializer(many=True, required=False, help_text=gettext_lazy("Shares that add up to 100; [] leaves the deal to its owner."))

    class Meta:
        model = Opportunity
        fields = ["id", "name", *WHO, *WHAT, *WHEN, "credits", "external_key"]

    def validate_credits(self, credits: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Shares add up, and those of reps whom the writer does not see stay as they are."""
        total = sum((credit["share"] for credit in credits), Decimal(0))
        if credits and total != 100:
            raise serializers.ValidationError(
                _("The shares add up to %(total)s, not to 100. Correct them, or write [] to leave the deal to its owner.") % {"total": total}
            )
        written = {credit["rep"].pk: credit["share"] for credit in credits}
        before = {credit.rep_id: credit.share for credit in self.instance.credits.all()} if self.instance else {}
        changed = {rep for rep in written.keys() | before.keys() if written.get(rep) != before.get(rep)}
        view = self.context["view"]
        if not access.sees_all(view.request.user) and changed - view.seen_reps:
            raise serializers.ValidationError(_("You may only change the shares of reps you see. Leave the others as they are, or ask an admin."))
        return credits

    def differs_beside(self, name: str, row: Opportunity, value: list[dict[str, Any]]) -> bool:
        return {(credit["rep"].pk, credit["share"]) for credit in value} != {(credit.rep_id, credit.share) for credit in row.credits.all()}

    def save_beside(self, drafts: Sequence[Draft]) -> None:
        """Write the shares of many deals anew."""
        shared = [draft for draft in drafts if "credits" in draft.beside]
        Credit.objects.filter(opportunity__in=[draft.row.pk for draft in shared if not draft.is_new]).delete()
        Credit.objects.bulk_create([Credit(opportunity_id=draft.row.pk, **credit) for draft in shared for credit in draft.beside["credits"]])

    def create(self, validated_data: dict[str, Any]) -> Opportunity:
        credits = validated_data.pop("credits", None)
        return share_out(super().create(validated_data), credits)

    def update(self, instance: Opportunity, validated_data: dict[str, Any]) -> Opportunity:
        credits = validated_data.pop("credits", None)
        return share_out(super().update(instance, validated_data), credits)


def share_out(deal: Opportunity, credits: list[dict[str, Any]] | None) -> Opportunity:
    """Write the shares of a deal anew where they differ; None leaves them."""
    if credits is not None and {(c["rep"].pk, c["share"]) for c in credits} != set(deal.credits.values_list("rep_id", "share")):
        deal.credits.all().delete()
        Credit.objects.bulk_create([Credit(opportunity=deal, **credit) for credit in credits])
    return deal


class VersionSerializer(serializers.ModelSerializer[OpportunityVersion]):
    class Meta:
        model = OpportunityVersion
        fields = ["sequence", "valid_from", "valid_to", "owner", "stage", "stage_since", *MONEY, "probability", "expected_close_on"]
        read_only_fields = fields


class Opportunities(Facts):
    """Deals in their present state; `kind` is the stage's: open, won or lost."""

    queryset = Opportunity.objects.select_related("stage").prefetch_related("credits")
    serializer_class = OpportunitySerializer
    filterset_fields = {
        "owner": ROWS,
        "stage": ROWS,
        "stage__kind": ROWS,
        "customer": SOME,
        "lead": SOME,
        "campaign": SOME,
        "product": SOME,
        "amount": AMOUNTS,
        "currency": ROWS,
        "created_on": DAYS,
        "expected_close_on": DAYS,
        "closed_on": DAYS,
        "external_key": ROWS,
    }
    search_fields = ["name", "customer__name"]
    ordering_fields = ["id", "name", "amount", "created_on", "expected_close_on", "closed_on"]

    @extend_schema(responses=VersionSerializer(many=True), filters=False)
    @action(detail=True, filter_backends=[])
    def versions(self, request: Request, pk: int) -> Response:
        """Every state the deal has been in, oldest first; `valid_to` is the first day that no longer counts."""
        states: QuerySet[OpportunityVersion] = self.get_object().versions.order_by("sequence")
        page = self.paginate_queryset(states)
        return self.get_paginated_response(VersionSerializer(page, many=True).data)


class QuoteSerializer(RowSerializer):
    sent_on = fields.past_date(help_text=gettext_lazy("Empty: a draft, which is not counted."))
    accepted_on = fields.past_date()

    class Meta:
        model = Quote
        fields = ["id", "opportunity", "number", "revision", "rep", *MONEY, "sent_on", "accepted_on", "external_key"]
        validators: list[object] = []  # one row per revision is held by the database, in its own words


class Quotes(Facts):
    """Offers made for deals. A revision is a row of the same deal and `number` with a higher `revision`; all of them are one quote."""

    queryset = Quote.objects.all()
    serializer_class = QuoteSerializer
    filterset_fields = {
        "opportunity": ROWS,
        "number": ROWS,
        "revision": ["exact"],
        "rep": ROWS,
        "amount": AMOUNTS,
        "currency": ROWS,
        "sent_on": DAYS,
        "accepted_on": DAYS,
        "external_key": ROWS,
    }
    search_fields = ["number", "opportunity__name"]
    ordering_fields = ["id", "number", "amount", "sent_on", "accepted_on"]
