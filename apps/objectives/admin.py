"""Objectives, in the admin: all but the personal ones, which are nobody's here. The trees are among the boards."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from apps.core import authorship, clock
from apps.core.admin import FactAdmin, TabularInline
from apps.core.forms import RowForm
from apps.goals.forms import kpi_choices, reason_field
from apps.objectives import selectors, services
from apps.objectives.models import BY_HAND, CheckIn, Objective, Step


class StepInline(TabularInline):
    model = Step
    extra = 0
    fields = ["position", "name", "done_on", "note"]


class CheckInForm(RowForm):
    past_days = ("day",)

    class Meta:
        model = CheckIn
        fields = ["day", "value", "note"]

    def clean(self) -> dict[str, Any] | None:
        objective = getattr(self.instance, "objective", None)  # none yet where the objective is new
        if objective and objective.pk and objective.measured in BY_HAND and not selectors.is_told(objective, on=clock.today()):
            raise ValidationError(_("“%(name)s” is what its parts reached: tell it of them.") % {"name": objective.name})
        return super().clean()


class CheckInInline(TabularInline):
    model = CheckIn
    form = CheckInForm
    extra = 0
    fields = ["day", "value", "note"]
    can_delete = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was told stays as it was told; it is taken back on the objective's page."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[CheckIn]:
        return super().get_queryset(request).filter(taken_back_at=None)  # type: ignore[no-any-return]


class ObjectiveForm(RowForm):
    kpi = forms.ChoiceField(label=_("KPI"), choices=kpi_choices, required=False, widget=UnfoldAdminSelectWidget)
    reason = reason_field()

    class Meta:
        model = Objective
        fields = "__all__"


@admin.register(Objective)
class ObjectiveAdmin(FactAdmin):
    form = ObjectiveForm
    list_display = ["name", "measured", "scope", "start_on", "last_on", "target", "parent"]
    list_filter = ["measured", "scope"]
    list_select_related = ["parent"]
    search_fields = ["name", "note"]
    autocomplete_fields = ["parent", "region", "team", "rep"]
    conditional_fields = {
        "kpi": "measured == 'kpi'",
        "unit": "measured == 'number'",
        **dict.fromkeys(("target", "baseline", "stay"), "measured == 'kpi' || measured == 'number' || measured == 'money'"),
        **{name: f"scope == '{name}'" for name in ("region", "team", "rep")},
    }
    inlines = [StepInline, CheckInInline]
    fieldsets = [
        (None, {"fields": ["name", "scope", "region", "team", "rep", "start_on", "last_on", "parent", "weight", "note"]}),
        (_("Measured by"), {"fields": ["measured", "kpi", "unit", "target", "baseline", "stay", "reason"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Objective]:
        return super().get_queryset(request).filter(is_personal=False)  # type: ignore[no-any-return]

    def save_model(self, request: HttpRequest, obj: Objective, form: Any, change: bool) -> None:
        before = Objective.objects.filter(pk=obj.pk).first() if change else None
        with authorship.written(by=request.user.pk, reason=form.cleaned_data.get("reason", "")):
            if before:
                services.move_along(before, obj)
            super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for told in (one.instance for one in formset.forms if formset.model is CheckIn and one.has_changed()):
            told.told_by_id = told.told_by_id or request.user.pk
        super().save_formset(request, form, formset, change)

    def delete_model(self, request: HttpRequest, obj: Objective) -> None:
        with authorship.written(by=request.user.pk):
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        with authorship.written(by=request.user.pk):
            super().delete_queryset(request, queryset)
