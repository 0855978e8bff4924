"""What a request for numbers may say, read and checked."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.api.fields import Choice
from apps.api.numbers import marks
from apps.api.numbers.answers import STEP_GRAINS, TEAMS
from apps.api.numbers.desk import THEN, Desk
from apps.campaigns.models import Campaign
from apps.core.periods import Window
from apps.kpis import catalogue
from apps.kpis.narrowing import FIELDS
from apps.opportunities.models import Product
from apps.reps.scopes import KINDS, Only, Scope

MOST_FIGURES, MOST_PERIODS, MOST_POINTS, MOST_RECORDS = 20_000, 120, 1_000, 1_000
RANKED = [(kind, kind) for kind in KINDS[1:]]
TEAM = _("Whom teams and regions have: “then”, whom they had on each day; “today”, today’s members, with all of their past. Empty: then.")
ONLY = _("What belongs to the one with this number alone; a KPI whose records name none has no value. Empty: everything.")
NONE: dict[str, Any] = {
    "does_not_exist": _("There is no such number here. The list of these rows says which there are."),
    "incorrect_type": _("Write its number."),
}
STEPS = {"year": "month", "quarter": "week", "month": "day", "week": "day", "day": "day", None: "day"}


def missing(example: str) -> dict[str, Any]:
    """The message for a parameter that is not there."""
    return {"required": _("Say which, such as ?%(example)s.") % {"example": example}}


class KpiField(serializers.ChoiceField):
    """The key of a KPI; with `divided`, of one that is divided into parts."""

    default_error_messages = {
        "invalid_choice": _("There is no such KPI as “{input}” here. GET /api/v1/kpis/ lists them all, with the part that each is divided by.")
    }

    def __init__(self, *, divided: bool = False, **options: Any) -> None:
        super().__init__(choices=[(kpi.key, kpi.name) for kpi in catalogue.KPIS.values() if kpi.part or not divided], **options)


class ScopeField(serializers.CharField):
    """Whose numbers: `company`, `region:NAME`, `team:NAME` or `rep:NAME`; the name may also be the external key."""

    def run_validation(self, data: Any = serializers.empty) -> tuple[str, Scope]:
        text = super().run_validation(data)
        return text, self.context["desk"].scope(text)


class PeriodField(serializers.CharField):
    """When: `2025`, `2025-Q1`, `2025-03`, `2025-W11`, `2025-03-14` or `2025-01-01..2025-03-14` (both days in it)."""

    def run_validation(self, data: Any = serializers.empty) -> tuple[str, Window]:
        text = super().run_validation(data)
        return text, self.context["desk"].window(text)


class AsOf(serializers.Serializer[Any]):
    on = serializers.DateField(required=False, help_text=_("As of the end of this day. Empty: today."))
    team = Choice(choices=TEAMS, required=False, help_text=TEAM)
    product = serializers.PrimaryKeyRelatedField(queryset=Product.objects.all(), required=False, help_text=ONLY, error_messages=NONE)
    campaign = serializers.PrimaryKeyRelatedField(queryset=Campaign.objects.all(), required=False, help_text=ONLY, error_messages=NONE)

    def validate_on(self, on: date) -> date:
        if on > self.context["desk"].today:
            raise serializers.ValidationError(_("This day is still to come. Write today or an earlier day."))
        return on

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        desk = self.context["desk"]
        asked = {"on": desk.today, "team": THEN, **asked}
        named = {field: asked[field].pk for field in FIELDS if field in asked}
        if len(named) > 1:
            raise serializers.ValidationError({"campaign": [_("Narrow to a product or to a campaign, not to both.")]})
        asked["only"] = next((Only(field, pk) for field, pk in named.items()), None)
        asked["way"] = {"team": asked["team"], **dict.fromkeys(FIELDS), **named}
        return asked | {"scope": self._seen(asked["scope"], asked)} if "scope" in asked else asked

    def _seen(self, scope: Any, asked: dict[str, Any]) -> Any:
        """Return the scope that was asked for, or the list of them, in the way that it is to be seen."""
        if isinstance(scope, list):
            return [self._seen(one, asked) for one in scope]
        text, found = scope
        return text, self.context["desk"].seen(found, asked["team"], asked["only"])


class FiguresAsked(AsOf):
    kpi = serializers.ListField(child=KpiField(), error_messages=missing("kpi=revenue"), help_text=_("Repeatable."))
    scope = serializers.ListField(
        child=ScopeField(), error_messages=missing("scope=company"), help_text=_("Repeatable: company, region:NAME, team:NAME, rep:NAME.")
    )
    period = serializers.ListField(
        child=PeriodField(),
        max_length=MOST_PERIODS,
        error_messages=missing("period=2025-Q1"),
        help_text=_("Repeatable: 2025, 2025-Q1, 2025-03, 2025-W11, 2025-03-14, 2025-01-01..2025-03-14."),
    )

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if len(asked["kpi"]) * len(asked["scope"]) * len(asked["period"]) > MOST_FIGURES:
            raise serializers.ValidationError(_("That is too much at once. Ask for at most %(most)d combinations.") % {"most": MOST_FIGURES})
        return super().validate(asked)


class FigureAsked(AsOf):
    kpi = KpiField(error_messages=missing("kpi=revenue"))
    scope = ScopeField(error_messages=missing("scope=company"), help_text=_("company, region:NAME, team:NAME or rep:NAME."))
    period = PeriodField(error_messages=missing("period=2025-Q1"), help_text=_("2025, 2025-Q1, 2025-03, 2025-W11, 2025-03-14 or 2025-01-01..2025-03-14."))


class SeriesAsked(FigureAsked):
    grain = Choice(choices=STEP_GRAINS, required=False, help_text=_("The length of a step. Empty: months of a year, weeks of a quarter, else days."))

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        _text, window = asked["period"]
        asked = {"grain": STEPS[window.grain], **super().validate(asked)}
        steps = self.context["desk"].calendar.between(asked["grain"], window.start_on, window.end_on)
        if sum(1 for _step in steps) > MOST_POINTS:
            raise serializers.ValidationError(
                {"grain": [_("That makes more than %(most)d points. Choose a longer grain or a shorter period.") % {"most": MOST_POINTS}]}
            )
        return asked


class PartsAsked(FigureAsked):
    kpi = KpiField(error_messages=missing("kpi=pipeline_value"), divided=True)


class RankingAsked(AsOf):
    kpi = KpiField(error_messages=missing("kpi=revenue"))
    period = PeriodField(error_messages=missing("period=2025-Q1"), help_text=FigureAsked().fields["period"].help_text)
    kind = Choice(choices=RANKED, required=False, help_text=_("Rank all of this kind that you may see; reps rank among their team."))
    scope = serializers.ListField(child=ScopeField(), required=False, help_text=_("Or rank these. Repeatable."))

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if ("kind" in asked) == ("scope" in asked):
            raise serializers.ValidationError({"kind": [_("Say who is ranked: either ?kind=rep, team or region, or the scopes one by one.")]})
        return super().validate(asked)


class RecordsAsked(FigureAsked):
    cursor = serializers.CharField(required=False, help_text=_("Where a page begins: follow `next`."))
    page_size = serializers.IntegerField(min_value=1, max_value=MOST_RECORDS, default=100)

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        asked = super().validate(asked)
        return {**asked, "after": marks.opened(asked["cursor"], asked) if "cursor" in asked else []}


def read(kind: type[AsOf], params: Any, desk: Desk) -> dict[str, Any]:
    """Return what is asked, or raise ValidationError with what to write instead."""
    asked = kind(data=params, context={"desk": desk})
    asked.is_valid(raise_exception=True)
    return asked.validated_data
