"""What was imported, in the admin: to be looked at. What is done with imports is done by services."""

from django.contrib import admin

from apps.core.admin import ReadOnlyAdmin
from apps.imports.models import Import


@admin.register(Import)
class ImportAdmin(ReadOnlyAdmin):
    list_display = ["title", "by", "asked_at", "state", "rows_done", "rows"]
    list_filter = ["state"]
    list_select_related = ["by"]
    search_fields = ["title", "files__name", "files__sha256"]
    date_hierarchy = "asked_at"
