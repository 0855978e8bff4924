"""What was imported, in the admin: to be looked at. What is done with imports is done by services."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from apps.imports.models import Import


@admin.register(Import)
class ImportAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ["title", "by", "asked_at", "state", "rows_done", "rows"]
    list_filter = ["state"]
    search_fields = ["title", "files__name", "files__sha256"]
    date_hierarchy = "asked_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
