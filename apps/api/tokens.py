"""Tokens: how programs sign in."""

from datetime import datetime
from typing import Any

from axes.helpers import get_cool_off
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from knox.crypto import hash_token
from knox.models import AuthToken
from rest_framework import serializers, status
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from apps.accounts.models import User
from apps.api import grants, issuing
from apps.api.grants import Unbound
from apps.api.router import ELSEWHERE, router
from apps.core import clock

KINDS = [grants.EVERYTHING, *(prefix for prefix, _view, _name in router.registry), *ELSEWHERE]  # of things that can be granted


class GrantField(serializers.CharField):
    """read or write, a colon, and a kind of thing, or a star for all of them."""

    default_error_messages = {
        "unknown": gettext_lazy("“{grant}” is no grant. Write read: or write: and one of: {kinds}."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=60, **options)

    def to_internal_value(self, data: Any) -> str:
        grant = super().to_internal_value(data)
        way, _colon, kind = grant.partition(":")
        if way not in (grants.READ, grants.WRITE) or kind not in KINDS:
            self.fail("unknown", grant=grant, kinds=", ".join(KINDS))
        return grant


class Wanted(serializers.Serializer[Any]):
    """What a new token is to be."""

    name = serializers.CharField(max_length=80, required=False, help_text=gettext_lazy("What the token is for, to know it by later."))
    grants = serializers.ListField(
        child=GrantField(),
        required=False,
        max_length=100,
        help_text=gettext_lazy("What it may do, such as read:* or write:opportunities. Empty: what its owner may."),
    )
    expiry = serializers.DateTimeField(required=False, allow_null=True, help_text=gettext_lazy("When it ends by itself. Empty: never."))

    def validate_expiry(self, expiry: datetime | None) -> datetime | None:
        if expiry is not None and expiry <= clock.now():
            raise ValidationError(_("This instant is over. Write one that is still to come, or leave it empty."))
        return expiry


class SignIn(Wanted):
    email = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=4096, trim_whitespace=False, style={"input_type": "password"})


class TokenSerializer(serializers.ModelSerializer[AuthToken]):
    key = serializers.CharField(source="token_key", help_text=gettext_lazy("The token’s first letters: enough to know it by, not to sign in with."))
    name = serializers.CharField(source="terms.name", default="", help_text=gettext_lazy("What it is for; empty when nobody said."))
    grants = serializers.ListField(child=serializers.CharField(), source="terms.grants", default=list, help_text=gettext_lazy("Empty: what its owner may."))
    last_used_at = serializers.DateTimeField(source="terms.last_used_at", default=None, allow_null=True, help_text=gettext_lazy("To the minute."))

    class Meta:
        model = AuthToken
        fields = ["key", "name", "grants", "created", "expiry", "last_used_at"]


class NewToken(TokenSerializer):
    token = serializers.CharField(help_text=gettext_lazy("Shown this once. Send it as: Authorization: Token …"))

    class Meta(TokenSerializer.Meta):
        fields = ["token", *TokenSerializer.Meta.fields]

    @staticmethod
    def answer(token: str) -> Response:
        """Tell a token that was just made, and keep nobody's copy of the answer."""
        row = AuthToken.objects.select_related("terms").get(digest=hash_token(token))
        return Response({"token": token, **TokenSerializer(row).data}, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})


class Tokens(ViewSet):
    """One's own tokens."""

    def get_authenticators(self) -> list[BaseAuthentication]:
        # Whoever asks for a token signs in by what they send, not by a session that happens to be there.
        return [] if self.request and self.request.method == "POST" else super().get_authenticators()

    def get_authenticate_header(self, request: Request) -> str:
        return "Token"

    def get_permissions(self) -> Any:
        if self.action == "create":
            return [AllowAny()]
        return [*super().get_permissions(), *([] if self.action == "revoke_current" else [Unbound()])]

    @extend_schema(request=SignIn, responses={201: NewToken}, auth=[])
    def create(self, request: Request) -> Response:
        """Sign in with e-mail and password, and get a token; it is shown this once."""
        asked = SignIn(data=request.data)
        asked.is_valid(raise_exception=True)
        user = sign_in(request, asked.validated_data["email"], asked.validated_data["password"])
        terms = {name: value for name, value in asked.validated_data.items() if name not in ("email", "password")}
        return NewToken.answer(issuing.make_token(user, **terms))

    @extend_schema(responses=TokenSerializer(many=True))
    def list(self, request: Request) -> Response:
        """One's own tokens, the newest first."""
        return Response(TokenSerializer(own(request).select_related("terms").order_by("-created"), many=True).data)

    @extend_schema(operation_id="tokens_revoke_current", responses={204: None})
    def revoke_current(self, request: Request) -> Response:
        """Give up the token that this request is signed with."""
        if not isinstance(request.auth, AuthToken):
            raise ValidationError({"detail": [_("This request is signed in by a session, not by a token. Name the token: DELETE /api/v1/tokens/KEY/.")]})
        request.auth.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, key: str) -> Response:
        """Revoke one of one's own tokens, by the key that the list shows."""
        get_object_or_404(own(request), token_key=key).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


def own(request: Request) -> QuerySet[AuthToken]:
    """Return the asking user's tokens; those of integrations are looked after by admins."""
    return AuthToken.objects.filter(user=request.user, terms__integration=None)


def sign_in(request: Request, email: str, password: str) -> User:
    """Return the user; raise AuthenticationFailed for a wrong password, Throttled after too many."""
    plain: Any = request._request
    user = authenticate(request=plain, username=email, password=password)
    if getattr(plain, "axes_locked_out", False):
        plain.axes_locked_out = False  # else its middleware puts the sign-in page's answer in place of ours
        cool_off = get_cool_off(plain)
        raise Throttled(wait=cool_off.total_seconds() if cool_off else None, detail=_("Too many wrong passwords."))
    if not isinstance(user, User):
        raise AuthenticationFailed(_("The e-mail or the password is wrong, or this sign-in has been closed. Check both, or ask an admin."))
    user_logged_in.send(sender=User, request=plain, user=user)  # notes the day, and forgets earlier wrong passwords
    return user
