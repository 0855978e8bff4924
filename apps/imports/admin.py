"""What was imported, to be looked at (what is done with imports is done on their pages); sources that are fetched by themselves; saved mappings."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core import clock
from apps.core.admin import FactAdmin, ReadOnlyAdmin
from apps.imports import tasks
from apps.imports.feeds.secrets import shown
from apps.imports.forms import FeedForm, MappingForm
from apps.imports.models import Feed, Import, SavedMapping


@admin.register(Import)
class ImportAdmin(ReadOnlyAdmin):
    list_display = ["title", "by", "asked_at", "state", "rows_done", "rows"]
    list_filter = ["state"]
    list_select_related = ["by"]
    search_fields = ["title", "files__name", "files__sha256"]
    date_hierarchy = "asked_at"


@admin.register(Feed)
class FeedAdmin(FactAdmin):
    """The action fetches now; what went wrong the last time stands in the list."""

    form = FeedForm
    list_display = ["name", "kind", "where", "rhythm", "is_active", "fetched_at", "fault"]
    list_select_related = ["mapping"]
    search_fields = ["name"]
    fields = ["name", "kind", "place", "query", "mapping", "rhythm", "is_active", "fetched_at", "fault"]
    readonly_fields = ["fetched_at", "fault"]
    actions = ["fetch_now", "fetch_anew"]

    @admin.display(description=_("where"))
    def where(self, feed: Feed) -> str:
        return shown(feed.place)

    def save_model(self, request: HttpRequest, obj: Feed, form: object, change: bool) -> None:
        obj.by = request.user  # type: ignore[assignment]
        obj.next_at = None
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Fetch now"), permissions=["change"])
    def fetch_now(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        count = queryset.update(next_at=None)
        tasks.fetch.delay_on_commit()
        text = ngettext("%(count)s source will be fetched in a moment.", "%(count)s sources will be fetched in a moment.", count) % {"count": count}
        self.message_user(request, text, messages.SUCCESS)

    @admin.action(description=_("Fetch everything anew, also what was seen before"), permissions=["change"])
    def fetch_anew(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        queryset.update(seen={}, next_at=clock.now())
        self.fetch_now(request, queryset)


@admin.register(SavedMapping)
class SavedMappingAdmin(FactAdmin):
    """What is written in a mapping is checked as a mapping file is."""

    form = MappingForm
    list_display = ["name", "by", "saved_at"]
    list_select_related = ["by"]
    search_fields = ["name"]
    fields = ["name", "text"]

    def save_model(self, request: HttpRequest, obj: SavedMapping, form: object, change: bool) -> None:
        obj.by, obj.saved_at = request.user, clock.now()  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
