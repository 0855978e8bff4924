"""Up to five thousand rows in one request, added or changed by their external keys."""

from collections import Counter
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet

from apps.api import fields, problems
from apps.api.bulk import answering, writing
from apps.api.bulk.drafts import STATUSES, Draft, Refusal
from apps.api.bulk.reading import Reader
from apps.api.described import Fault, Problem
from apps.api.fields import KEY
from apps.core import authorship
from apps.core.authorship import LONGEST_REASON

MOST_ROWS = 5_000
ALL, VALID = "all", "valid"
View = TypeVar("View", bound=type)
WAYS = [(ALL, ALL), (VALID, VALID)]


class BulkAsked(serializers.Serializer[Any]):
    write = fields.Choice(
        choices=WAYS, default=ALL, help_text=gettext_lazy("“all”: if a row is refused, nothing is written. “valid”: the rows that can be are.")
    )
    rows = serializers.ListField(allow_empty=False, help_text=gettext_lazy("Each with its external_key; of one that is there, fields that are left out stay."))

    def to_internal_value(self, data: Any) -> Any:
        fields.refuse_unknown(data, self.fields)
        return super().to_internal_value(data)

    def validate_rows(self, rows: list[Any]) -> list[Any]:
        if len(rows) > MOST_ROWS:
            raise serializers.ValidationError(_("That is too much at once. Send at most %(most)d rows.") % {"most": MOST_ROWS})
        return rows


class BulkResult(serializers.Serializer[Any]):
    row = serializers.IntegerField(help_text=gettext_lazy("Its place in the request, from 0."))
    external_key = serializers.CharField(allow_null=True)
    id = serializers.IntegerField(allow_null=True, help_text=gettext_lazy("Null for a refused row."))
    status = serializers.ChoiceField(choices=[(one, one) for one in STATUSES])
    changed = serializers.ListField(child=serializers.CharField(), help_text=gettext_lazy("The fields in which a row that was there differed."))
    errors = Fault(many=True)  # type: ignore[assignment]


class BulkAnswer(serializers.Serializer[Any]):
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = BulkResult(many=True)


class ReasonedBulkAsked(BulkAsked):
    """Rows of which the database keeps who changed them, and why."""

    reason = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_REASON, help_text=gettext_lazy("Why they are set or changed; kept in the history of each.")
    )


class Bulk(GenericViewSet[Any]):
    """A kind of row that can be written many at once."""

    asked_by: type[BulkAsked] = BulkAsked
    told_for_all: tuple[str, ...] = ()  # fields of a row that are told once, for all rows

    def whose(self, row: Model) -> frozenset[Any]:
        """Tell whose a row is, in a way that `not_theirs` knows."""
        raise NotImplementedError

    def not_theirs(self, whose: frozenset[Any]) -> frozenset[Any]:
        """Return which of those the user may not write for."""
        raise NotImplementedError

    @action(detail=False, methods=["post"], filter_backends=[], pagination_class=None)
    def bulk(self, request: Request) -> HttpResponse:
        """Add rows, or change those that are there, by their external keys: up to 5,000. With an Idempotency-Key it may be sent again for a day."""
        asked = self.asked_by(data=request.data)
        asked.is_valid(raise_exception=True)

        def do() -> HttpResponse:
            with authorship.written(by=request.user.pk, reason=asked.validated_data.get("reason", "")):
                return self._bulk(asked.validated_data["rows"], asked.validated_data["write"])

        return answering.once(request, do)

    def _bulk(self, rows: list[Any], way: str) -> HttpResponse:
        reader = Reader(self)
        read = reader.read(rows)
        refused: list[Refusal] = [one for one in read if isinstance(one, Refusal)]
        if refused and way == ALL:
            return self._nothing(refused)
        drafts = [one for one in read if isinstance(one, Draft)]
        try:
            with transaction.atomic():
                written = writing.write([draft for draft in drafts if draft.is_new or draft.changed], reader.serializer)
                refused += (late := [one for one in written if isinstance(one, Refusal)])
                if late and way == ALL:
                    transaction.set_rollback(True)
        except writing.TooManyRefused as many:
            words = _("More than %(most)d rows break rules, so nothing was written. Correct these, and what is like them.") % {"most": writing.MOST_REFUSALS}
            return self._nothing(many.refusals, words)
        if late and way == ALL:
            return self._nothing(refused)
        return self._told(drafts, refused)

    def _told(self, drafts: list[Draft], refused: list[Refusal]) -> HttpResponse:
        gone = {one.place for one in refused}
        results = sorted([one.told for one in refused] + [draft.told for draft in drafts if draft.place not in gone], key=lambda result: result["row"])
        counts = Counter(result["status"] for result in results)
        told = {**{status: counts[status] for status in STATUSES}, "results": results}
        return HttpResponse(JSONRenderer().render(told), content_type="application/json")

    def _nothing(self, refused: list[Refusal], words: str = "") -> HttpResponse:
        faults = [{**fault, "field": ".".join(part for part in ("rows", str(one.place), fault["field"]) if part)} for one in refused for fault in one.faults]
        words = words or _("Some rows are refused, so nothing was written. Correct them, or send “write”: “valid” to write the others.")
        return problems.answer(422, words, faults, instance=self.request.path)


def described(view: View) -> View:
    """Describe what a kind of row takes: its own fields, of which only the key has to be there."""
    serializer: Any = view.serializer_class  # type: ignore[attr-defined]
    name = serializer.__name__.removesuffix("Serializer")

    class Row(serializer):  # type: ignore[misc,valid-type]
        """One row, found by its external key. A new one needs the fields that POST needs; of one that is there, those that are left out stay."""

        def get_fields(self) -> dict[str, Any]:
            fields = super().get_fields()
            for name in view.told_for_all:  # type: ignore[attr-defined]
                fields.pop(name)
            for field in fields.values():
                field.required = field.field_name == KEY
            fields[KEY] = serializers.CharField(max_length=120)
            return fields

    Row.__name__ = f"{name}Row"
    asked = type(f"{name}Rows", (view.asked_by,), {"rows": Row(many=True)})  # type: ignore[attr-defined]
    key = OpenApiParameter(
        answering.HEADER,
        OpenApiTypes.STR,
        OpenApiParameter.HEADER,
        description=str(gettext_lazy("A key of your choice, new for each request: sent again with it within a day, a request is answered as before.")),
    )
    refused = OpenApiResponse(Problem, description=str(gettext_lazy("Rows are refused and nothing is written, or the key was used for another request.")))
    bulk = extend_schema(request=asked, responses={200: BulkAnswer, 422: refused}, parameters=[key])
    return extend_schema_view(bulk=bulk)(view)
