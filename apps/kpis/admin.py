"""What the nightly run found, to be read only, and the periods that are closed and reopened, in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core import clock
from apps.core.admin import ReadOnlyAdmin
from apps.kpis import closing
from apps.kpis.forms import CloseForm
from apps.kpis.models import Close, Drift, Run


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "took", "cells", "figures", "differing", "skipped", "month_on"]
    fields = ["started_at", "finished_at", "cells", "figures", "differing", "skipped", "month_on"]
    date_hierarchy = "started_at"

    @admin.display(description=_("took (seconds)"))
    def took(self, run: Run) -> str | None:
        return f"{(run.finished_at - run.started_at).total_seconds():.1f}" if run.finished_at else None


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
