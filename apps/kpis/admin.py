"""What the nightly run found, in the admin, to be read only."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.core.admin import FactAdmin
from apps.kpis.models import Drift, Run


class ReadOnlyAdmin(FactAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "took", "cells", "drift_count"]
    fields = ["started_at", "finished_at", "cells", "drift_count"]
    date_hierarchy = "started_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        return super().get_queryset(request).annotate(found=Count("drifts"))

    @admin.display(description=_("took (seconds)"))
    def took(self, run: Run) -> str | None:
        return f"{(run.finished_at - run.started_at).total_seconds():.1f}" if run.finished_at else None

    @admin.display(description=_("drifts found"), ordering="found")
    def drift_count(self, run: Any) -> int:
        return int(run.found)


@admin.register(Drift)
class DriftAdmin(ReadOnlyAdmin):
    list_display = ["day", "measure", "rep", "difference", "run"]
    list_filter = ["measure"]
    list_select_related = ["run"]
    search_fields = ["measure"]
    date_hierarchy = "day"
