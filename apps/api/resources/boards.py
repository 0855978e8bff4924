"""Boards that people arranged, with what stands on them; they are arranged in the browser."""

from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from apps.accounts.models import User
from apps.api.filters import SOME
from apps.api.grants import Granted
from apps.api.resources.base import tagged
from apps.boards import access
from apps.boards.models import Board, Home, Share, Widget
from apps.core import clock


class WidgetSerializer(serializers.ModelSerializer[Widget]):
    class Meta:
        model = Widget
        fields = ["id", "kind", "position", "width", "title", "kpis", "scope", "period", "grain", "comparison", "among", "text"]


class BoardSerializer(serializers.ModelSerializer[Board]):
    owner = serializers.CharField(source="owner.name", default=None, allow_null=True, help_text=_("Who arranged it; null when they have left."))
    is_own = serializers.BooleanField(help_text=_("It is the asking person’s own."))
    is_home = serializers.BooleanField(help_text=_("It is what the asking person sees first."))
    is_shared = serializers.BooleanField()
    may_edit = serializers.BooleanField(help_text=_("The asking person may change it in the browser."))
    widgets = WidgetSerializer(many=True)

    class Meta:
        model = Board
        fields = ["id", "name", "owner", "changed_at", "is_own", "is_home", "is_shared", "may_edit", "widgets"]


class Boards(ReadOnlyModelViewSet[Board]):
    """The boards that one may open, with their widgets: what each shows, of whom and over which days. Their numbers are asked for as figures."""

    queryset = Board.objects.all()
    serializer_class = BoardSerializer
    permission_classes = [IsAuthenticated, Granted]
    lookup_value_converter = "int"
    filterset_fields = {"name": ["exact"], "owner": SOME}
    search_fields = ["name"]
    ordering_fields = ["id", "name", "changed_at"]

    @cached_property
    def on(self) -> date:
        """The organisation's day of this request."""
        return clock.today()

    def get_queryset(self) -> QuerySet[Board]:
        user = self.request.user
        if getattr(self, "swagger_fake_view", False) or not isinstance(user, User):
            return Board.objects.none()
        same = {"pk": OuterRef("pk")}
        rows = access.visible(user, self.on).annotate(
            is_own=Exists(Board.objects.filter(owner=user, **same)),
            is_home=Exists(Home.objects.filter(user=user, board=OuterRef("pk"))),
            is_shared=Exists(Share.objects.filter(board=OuterRef("pk"))),
            may_edit=Exists(access.editable(user, self.on).filter(**same)),
        )
        return rows.select_related("owner").prefetch_related("widgets")

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return tagged(super().retrieve(request, *args, **kwargs))
