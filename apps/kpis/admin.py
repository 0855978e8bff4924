"""Recounts and how far they are and what the nightly run found, to be read only, and the periods that are closed and reopened, in the admin."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core import clock
from apps.core.admin import ReadOnlyAdmin, TabularInline
from apps.kpis import closing
from apps.kpis.forms import CloseForm
from apps.kpis.models import Close, Drift, Job, Run, Unit


def seconds(started_at: datetime, finished_at: datetime | None) -> str | None:
    """Write how long something took; nothing while it is not finished."""
    return f"{(finished_at - started_at).total_seconds():.1f}" if finished_at else None


class UnitInline(TabularInline):
    model = Unit
    fields = ["stream", "start_on", "end_on", "is_sum", "finished_at"]
    readonly_fields = fields
    can_delete = False
    verbose_name_plural = _("parts")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "reason", "on", "parts_done", "finished_at", "took"]
    list_filter = ["reason"]
    fields = list_display
    inlines = [UnitInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return super().get_queryset(request).annotate(parts=Count("units"), done=Count("units", Q(units__finished_at__isnull=False)))

    @admin.display(description=_("parts done"))
    def parts_done(self, job: Any) -> str:
        return _now("%(done)s of %(parts)s") % {"done": job.done, "parts": job.parts}

    @admin.display(description=_("took (seconds)"))
    def took(self, job: Job) -> str | None:
        return seconds(job.started_at, job.finished_at)


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "took", "cells", "figures", "differing", "skipped", "month_on"]
    fields = ["started_at", "finished_at", "cells", "figures", "differing", "skipped", "month_on"]
    date_hierarchy = "started_at"

    @admin.display(description=_("took (seconds)"))
    def took(self, run: Run) -> str | None:
        return seconds(run.started_at, run.finished_at)


@admin.register(Drift)
class DriftAdmin(ReadOnlyAdmin):
    """Above the list stands what to do about it."""

    list_before_template = "admin/drift_means.html"
    list_display = ["measure", "kind", "whose", "grain", "day", "expected", "found", "is_left_out", "run"]
    list_filter = ["kind", "measure"]
    list_select_related = ["run"]
    search_fields = ["measure", "whose"]
    date_hierarchy = "day"


@admin.register(Close)
class CloseAdmin(ReadOnlyAdmin):
    """Adding a row closes a period; the action reopens some, once it is confirmed. Rows stay: they are the history."""

    form = CloseForm
    list_display = ["key", "grain", "closed_on", "closed_by", "reopened_at", "reopened_by"]
    list_filter = ["grain"]
    list_select_related = ["closed_by", "reopened_by"]
    search_fields = ["key"]
    date_hierarchy = "end_on"
    actions = ["reopen"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def get_fields(self, request: HttpRequest, obj: Close | None = None) -> list[str]:
        return ["key", "grain", "start_on", "end_on", "closed_at", "closed_by", "reopened_at", "reopened_by"] if obj else ["period"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.closed_by = request.user  # type: ignore[attr-defined]
        return form

    def save_model(self, request: HttpRequest, obj: Close, form: Any, change: bool) -> None:
        """The form has closed it already."""

    @admin.action(description=_("Reopen the chosen periods"), permissions=["add"])
    def reopen(self, request: HttpRequest, queryset: QuerySet[Close]) -> HttpResponse | None:
        """Ask first: what each record had added when a period was closed is forgotten then."""
        rows = queryset.filter(reopened_at=None)
        if request.POST.get("post") != "yes":
            context = {**self.admin_site.each_context(request), "title": _("Reopen periods?"), "opts": self.opts, "rows": rows, "chosen": queryset}
            return TemplateResponse(request, "admin/kpis/close/reopen.html", context)
        count = sum(closing.reopen(row, at=clock.now(), by=request.user) for row in rows)  # type: ignore[arg-type]
        self.message_user(request, ngettext("%(count)s period is open again.", "%(count)s periods are open again.", count) % {"count": count}, messages.SUCCESS)
        return None
