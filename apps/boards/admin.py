"""Boards, in the admin: renamed, handed to somebody else, shared. What is private is nobody's here; boards are arranged where they are looked at."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.boards import access
from apps.boards.models import Board, Share
from apps.core.admin import FactAdmin, TabularInline


class ShareInline(TabularInline):
    model = Share
    extra = 0
    autocomplete_fields = ["team"]


@admin.register(Board)
class BoardAdmin(FactAdmin):
    list_display = ["name", "owner", "changed_at"]
    list_select_related = ["owner"]
    search_fields = ["name", "owner__name"]
    fields = ["name", "owner"]
    autocomplete_fields = ["owner"]
    inlines = [ShareInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A board is made where it is looked at."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Board]:
        return super().get_queryset(request).filter(pk__in=access.owned(request.user).values("pk"))  # type: ignore[arg-type]
