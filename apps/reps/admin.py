"""Regions, teams with their managers, and reps with their memberships, in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter

from apps.core import clock
from apps.core.admin import FactAdmin, TabularInline
from apps.reps.forms import DatedForm, ManagerRows, MembershipRows, TeamForm
from apps.reps.models import Membership, Region, RegionHoliday, Rep, Team, TeamManager
from apps.reps.querysets import covers


class RegionHolidayInline(TabularInline):
    model = RegionHoliday
    verbose_name = _("day of its own")
    verbose_name_plural = _("days of its own, besides the organisation’s holidays")


@admin.register(Region)
class RegionAdmin(FactAdmin):
    list_display = ["name", "working_weekdays", "external_key"]
    search_fields = ["name", "external_key"]
    inlines = [RegionHolidayInline]


@admin.register(RegionHoliday)
class RegionHolidayAdmin(FactAdmin):
    list_display = ["day", "region", "name", "is_worked"]
    list_filter = ["region", "is_worked"]
    list_select_related = ["region"]
    search_fields = ["name", "region__name"]
    autocomplete_fields = ["region"]
    date_hierarchy = "day"


class ManagerInline(TabularInline):
    model = TeamManager
    form = DatedForm
    formset = ManagerRows
    autocomplete_fields = ["user"]
    verbose_name = _("manager")
    verbose_name_plural = _("managers")


@admin.register(Team)
class TeamAdmin(FactAdmin):
    form = TeamForm
    list_display = ["name", "parent", "region", "managed_by", "member_count"]
    list_filter = ["region"]
    list_select_related = ["parent", "region"]
    search_fields = ["name", "external_key"]
    autocomplete_fields = ["parent", "region"]
    inlines = [ManagerInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        today = clock.today()
        now = TeamManager.objects.filter(covers(today)).select_related("user")
        members = Count("memberships", filter=covers(today, "memberships__"), distinct=True)
        return super().get_queryset(request).annotate(members=members).prefetch_related(Prefetch("managers", now, to_attr="managers_now"))

    @admin.display(description=_("managed by"))
    def managed_by(self, team: Any) -> str:
        return ", ".join(row.user.name for row in team.managers_now)

    @admin.display(description=_("reps"), ordering="members")
    def member_count(self, team: Any) -> int:
        return int(team.members)


class MembershipInline(TabularInline):
    model = Membership
    form = DatedForm
    formset = MembershipRows
    autocomplete_fields = ["team"]


class StandingFilter(admin.SimpleListFilter):
    title = _("works here")
    parameter_name = "works"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No, left or not yet here")), ("nowhere", _("Yes, but in no team"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        here = Rep.objects.working_on(clock.today())
        placed = Membership.objects.filter(covers(clock.today())).values("rep")
        return {
            "yes": queryset.filter(pk__in=here),
            "no": queryset.exclude(pk__in=here),
            "nowhere": queryset.filter(pk__in=here).exclude(pk__in=placed),
        }.get(self.value() or "", queryset)


@admin.register(Rep)
class RepAdmin(FactAdmin):
    list_display = ["name", "team_now", "user", "hired_on", "left_on", "external_key"]
    list_filter = [StandingFilter, ("memberships__team", AutocompleteSelectFilter), ("hired_on", RangeDateFilter)]
    list_select_related = ["user"]
    search_fields = ["name", "external_key", "user__email"]
    autocomplete_fields = ["user"]
    inlines = [MembershipInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rep]:
        now = Membership.objects.filter(covers(clock.today())).select_related("team")
        return super().get_queryset(request).prefetch_related(Prefetch("memberships", now, to_attr="memberships_now"))

    @admin.display(description=_("team"))
    def team_now(self, rep: Any) -> str:
        return ", ".join(row.team.name for row in rep.memberships_now)
