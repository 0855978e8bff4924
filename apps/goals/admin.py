"""Goals, in the admin. The quick form for many at once is among the boards."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter
from unfold.widgets import UnfoldAdminSelectWidget

from apps.core import authorship, clock
from apps.core.admin import FactAdmin
from apps.core.forms import RowForm
from apps.goals import benchmarks
from apps.goals.forms import GoalForm, kpi_choices
from apps.goals.models import Benchmark, Goal, Ramp
from apps.kpis import catalogue


class KpiFilter(admin.SimpleListFilter):
    title = _("KPI")
    parameter_name = "kpi"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        used = Goal.objects.order_by("kpi").values_list("kpi", flat=True).distinct()
        return [(key, named(key)) for key in used]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kpi=self.value()) if self.value() else queryset


def named(key: str) -> str:
    """Return a KPI's name; of one that is no longer there, its key."""
    return str(catalogue.KPIS[key].name) if key in catalogue.KPIS else key


@admin.register(Goal)
class GoalAdmin(FactAdmin):
    form = GoalForm
    list_display = ["kpi_name", "owner_name", "start_on", "last_on", "target", "note", "updated_at"]
    list_filter = [KpiFilter, "scope", ("team", AutocompleteSelectFilter), ("rep", AutocompleteSelectFilter), ("start_on", RangeDateFilter)]
    list_select_related = ["region", "team", "rep"]
    search_fields = ["kpi", "region__name", "team__name", "rep__name", "note"]
    autocomplete_fields = ["region", "team", "rep"]
    date_hierarchy = "start_on"
    conditional_fields = {name: f"scope == '{name}'" for name in ("region", "team", "rep")}
    fieldsets = [
        (None, {"fields": ["kpi", "scope", "region", "team", "rep"]}),
        (_("Target"), {"fields": ["start_on", "last_on", "target", "baseline", "stay", "note", "external_key", "reason"]}),
    ]

    def save_model(self, request: HttpRequest, obj: Goal, form: Any, change: bool) -> None:
        with authorship.written(by=request.user.pk, reason=form.cleaned_data.get("reason", "")):
            super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: Goal) -> None:
        with authorship.written(by=request.user.pk):
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        with authorship.written(by=request.user.pk):
            super().delete_queryset(request, queryset)

    @admin.display(description=_("KPI"), ordering="kpi")
    def kpi_name(self, goal: Goal) -> str:
        return named(goal.kpi)

    @admin.display(description=_("whose"))
    def owner_name(self, goal: Goal) -> str:
        return goal.owner_name


@admin.register(Ramp)
class RampAdmin(FactAdmin):
    list_display = ["name", "shares"]
    search_fields = ["name"]


class BenchmarkForm(RowForm):
    kpi = forms.ChoiceField(label=_("KPI"), choices=kpi_choices, widget=UnfoldAdminSelectWidget)

    class Meta:
        model = Benchmark
        fields = ["kpi", "team", "grain", "target", "first_on", "last_on"]


@admin.register(Benchmark)
class BenchmarkAdmin(FactAdmin):
    form = BenchmarkForm
    list_display = ["kpi_name", "team", "grain", "target", "first_on", "last_on"]
    list_select_related = ["team"]
    autocomplete_fields = ["team"]
    search_fields = ["kpi", "team__name"]

    @admin.display(description=_("KPI"), ordering="kpi")
    def kpi_name(self, benchmark: Benchmark) -> str:
        return named(benchmark.kpi)

    def save_model(self, request: HttpRequest, obj: Benchmark, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        saved = benchmarks.apply(clock.today(), by=request.user.pk)
        words = ngettext("%(count)s goal follows from it now.", "%(count)s goals follow from it now.", saved.total) % {"count": saved.total}
        self.message_user(request, words)

    def delete_model(self, request: HttpRequest, obj: Benchmark) -> None:
        benchmarks.remove(obj, clock.today(), by=request.user.pk)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for one in queryset:
            self.delete_model(request, one)
