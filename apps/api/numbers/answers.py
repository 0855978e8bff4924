"""What a request for numbers is answered with; amounts are texts of plain digits, null where there is no value."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.api.numbers.desk import THEN, TODAY
from apps.core.periods import GRAINS
from apps.goals import progress
from apps.kpis.declarations import Better, Unit
from apps.reps.scopes import KINDS

SCOPE_KINDS = [(kind, kind) for kind in KINDS]
STEP_GRAINS = [(grain, grain) for grain in GRAINS]
STATUSES = [(status, status) for status in progress.STATUSES]
TEAMS = [(team, team) for team in (THEN, TODAY)]


def team() -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=TEAMS, help_text=_("Whom teams and regions have, as it was asked."))


def only() -> serializers.IntegerField:
    return serializers.IntegerField(allow_null=True, help_text=_("What it is narrowed to, as it was asked; null: to none."))


def amount(words: Any = None) -> serializers.CharField:
    return serializers.CharField(allow_null=True, help_text=words)


class Figure(serializers.Serializer[Any]):
    kpi = serializers.CharField()
    scope = serializers.CharField(help_text=_("As it was asked."))
    period = serializers.CharField(help_text=_("As it was asked."))
    value = amount(_("In the KPI’s unit: 63.2 of a percent KPI is 63.2 %."))
    numerator = amount()
    denominator = amount()
    target = amount(_("Null without a goal over exactly this period."))
    attainment = amount(_("Value ÷ target, a ratio: 0.69 is 69 %."))
    expected = amount(_("What the goal asks for by the end of the day as_of."))
    pace = amount(_("Value ÷ expected, a ratio."))
    projection = amount(_("What the period ends at when it goes on like this; null where that cannot be told."))
    remaining = amount(_("Target − value; null where more is not better, or does not add up."))
    per_working_day = amount(_("What each working day left has to bring; null when none is left."))
    status = serializers.ChoiceField(
        choices=STATUSES, allow_null=True, help_text=_("From the pace while the period runs, from the target once it is over; null without a goal.")
    )
    target_changed_on = serializers.DateField(
        allow_null=True, help_text=_("When the target that counts here was changed since; null where it is the one of today.")
    )
    excluded = serializers.IntegerField(help_text=_("Records that belong here but could not be counted."))
    reported = amount(_("The value when the period was closed; null while it is open."))
    restated_by = amount(_("Value − reported: what changed since the period was closed."))
    restated_because = serializers.CharField(allow_null=True, help_text=_("The target that made a difference, then and now; null where records alone did."))
    closed_on = serializers.DateField(allow_null=True)
    as_of = serializers.DateField()
    team = team()
    product = only()
    campaign = only()
    reason = serializers.CharField(allow_null=True, help_text=_("Why there is no value; null with one."))


class Point(serializers.Serializer[Any]):
    period = serializers.CharField()
    start_on = serializers.DateField()
    last_on = serializers.DateField()
    value = amount()
    is_running = serializers.BooleanField(help_text=_("The step is not over yet."))


class Series(serializers.Serializer[Any]):
    kpi = serializers.CharField()
    scope = serializers.CharField()
    period = serializers.CharField()
    grain = serializers.ChoiceField(choices=STEP_GRAINS)
    as_of = serializers.DateField()
    team = team()
    product = only()
    campaign = only()
    points = Point(many=True)


class Place(serializers.Serializer[Any]):
    rank = serializers.IntegerField(allow_null=True, help_text=_("Equals share a rank; null without a value, or with too few records for a rate."))
    scope = serializers.CharField()
    id = serializers.IntegerField()
    name = serializers.CharField()
    value = amount()
    target = amount()
    attainment = amount()
    is_hidden = serializers.BooleanField(help_text=_("You may see the rank but not the figures."))


class Ranking(serializers.Serializer[Any]):
    kpi = serializers.CharField()
    period = serializers.CharField()
    as_of = serializers.DateField()
    team = team()
    product = only()
    campaign = only()
    places = Place(many=True)


class Part(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text=_("Of the stage or campaign; 0 for what belongs to none."))
    name = serializers.CharField()
    value = amount()
    numerator = amount()
    denominator = amount()


class Breakdown(serializers.Serializer[Any]):
    kpi = serializers.CharField()
    scope = serializers.CharField()
    period = serializers.CharField()
    as_of = serializers.DateField()
    team = team()
    product = only()
    campaign = only()
    part = serializers.CharField(help_text=_("What it is divided by."))
    parts = Part(many=True)


class Record(serializers.Serializer[Any]):
    model = serializers.CharField()
    id = serializers.IntegerField()
    record = serializers.CharField()
    day = serializers.DateField(allow_null=True)
    rep = serializers.CharField(allow_null=True)
    customer = serializers.CharField(allow_null=True)
    amount = amount(_("What the record adds to the measure."))
    is_excluded = serializers.BooleanField()
    currency = serializers.CharField(help_text=_("The currency it was agreed in; blank is the organisation’s."))
    original_amount = serializers.CharField(allow_null=True, help_text=_("What was agreed in that currency."))


class MeasureRecords(serializers.Serializer[Any]):
    kpi = serializers.CharField()
    scope = serializers.CharField()
    period = serializers.CharField()
    measure = serializers.CharField()
    name = serializers.CharField()
    sum = amount(_("Of all its records, not only this page’s."))
    count = serializers.IntegerField()
    excluded = serializers.IntegerField()
    as_of = serializers.DateField()
    rows = Record(many=True)


class RecordsPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True, help_text=_("Where the next page is; null where every measure’s records have been shown."))
    median = amount(_("Of the records that the KPI is an average of, each once, in its unit; null without records, and for other KPIs."))
    team = team()
    product = only()
    campaign = only()
    measures = MeasureRecords(many=True)


class Kpi(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.ChoiceField(choices=[(unit.value, unit.value) for unit in Unit])
    better = serializers.ChoiceField(choices=[(way.value, way.value) for way in Better])
    family = serializers.CharField()
    definition = serializers.CharField()
    formula = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=SCOPE_KINDS), help_text=_("The kinds of scopes it makes sense for."))
    date_basis = serializers.CharField()
    owner_basis = serializers.CharField()
    left_out = serializers.CharField()
    elsewhere = serializers.CharField(help_text=_("Where else it is defined differently."))
    part = serializers.CharField(help_text=_("What GET /breakdown/ divides it by; empty for what is not divided."))


class Scope(serializers.Serializer[Any]):
    scope = serializers.CharField(help_text=_("How the other requests name it."))
    kind = serializers.ChoiceField(choices=SCOPE_KINDS)
    id = serializers.IntegerField(help_text=_("Of the region, team or rep; 0 of the company."))
    name = serializers.CharField()
