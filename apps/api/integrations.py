"""Programs that keep the board up to date: what each is called, whom it acts as, and its tokens."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from knox.models import AuthToken
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.validators import UniqueValidator
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from apps.accounts.models import Role, User
from apps.api import issuing
from apps.api.fields import Choice
from apps.api.grants import Unbound
from apps.api.models import Integration
from apps.api.tokens import NewToken, TokenSerializer, Wanted

TAKEN = _("There is an integration with this name already. Choose another name.")


class AdminsOnly(BasePermission):
    message = _("Only admins look after integrations.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user.is_authenticated and request.user.is_staff)


class IntegrationSerializer(serializers.ModelSerializer[Integration]):
    acts_as = serializers.SlugRelatedField(
        slug_field="email",
        queryset=User.objects.filter(is_active=True),
        required=False,
        allow_null=True,
        help_text=_("The e-mail of the person whose rights it has. Empty: a sign-in of its own, with the role."),
        error_messages={"does_not_exist": _("Nobody signs in with {value}. Write the e-mail of a person who does, or choose a role.")},
    )
    role = Choice(
        choices=[(role, role) for role in issuing.ROLES],
        required=False,
        write_only=True,
        help_text=_("What its own sign-in may do: see and write all, or see all."),
    )
    name = serializers.CharField(max_length=80, validators=[UniqueValidator(Integration.objects.all(), message=TAKEN)])
    acting_role = serializers.ChoiceField(source="acts_as.role", choices=Role.choices, read_only=True)
    tokens = serializers.SerializerMethodField()

    class Meta:
        model = Integration
        fields = ["id", "name", "acts_as", "role", "acting_role", "has_own_sign_in", "made_at", "tokens"]

    def get_tokens(self, integration: Integration) -> TokenSerializer(many=True):  # type: ignore[valid-type]
        return TokenSerializer([terms.token for terms in integration.terms.all()], many=True).data

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if (asked.get("acts_as") is None) == ("role" not in asked):
            raise serializers.ValidationError({"role": [_("Say whose rights it has: either acts_as, a person’s, or role, those of a sign-in of its own.")]})
        return asked

    def create(self, asked: dict[str, Any]) -> Integration:
        return issuing.make_integration(asked["name"], acts_as=asked.get("acts_as"), role=asked.get("role", ""), by=self.context["request"].user)


class Integrations(GenericViewSet[Integration]):
    """Programs with tokens of their own; only for admins."""

    queryset = Integration.objects.select_related("acts_as").prefetch_related("terms__token").order_by("name")
    serializer_class = IntegrationSerializer
    permission_classes = [IsAuthenticated, AdminsOnly, Unbound]
    lookup_value_converter = "int"
    search_fields = ["name"]
    ordering_fields = ["id", "name", "made_at"]
    filterset_fields: dict[str, list[str]] = {"name": ["exact"]}

    def list(self, request: Request) -> Response:
        """The integrations, with their tokens by key."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(self.get_object()).data)

    def create(self, request: Request) -> Response:
        """Add an integration; its tokens are made by POST /integrations/ID/tokens/."""
        wanted = self.get_serializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        wanted.save()
        return Response(wanted.data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """End an integration: its tokens are revoked, and its own sign-in is closed."""
        issuing.end_integration(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=Wanted, responses={201: NewToken}, operation_id="integrations_tokens_create")
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def tokens(self, request: Request, pk: int) -> Response:
        """Make a token for an integration; it is shown this once."""
        integration = self.get_object()
        wanted = Wanted(data=request.data)
        wanted.is_valid(raise_exception=True)
        token = issuing.make_token(integration.acts_as, integration=integration, **wanted.validated_data)
        return NewToken.answer(token)

    @extend_schema(
        responses={204: None}, operation_id="integrations_tokens_destroy", parameters=[OpenApiParameter("key", str, OpenApiParameter.PATH)], request=None
    )
    @action(detail=True, methods=["delete"], url_path="tokens/<str:key>", filter_backends=[], pagination_class=None)
    def revoke(self, request: Request, pk: int, key: str) -> Response:
        """Revoke one token of an integration, by the key that the list shows."""
        owned: QuerySet[AuthToken] = AuthToken.objects.filter(terms__integration=self.get_object())
        get_object_or_404(owned, token_key=key).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)
