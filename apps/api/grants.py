"""What a token may do: read or write, everything or one kind of thing. Whose rows it finds follows from whom it acts as."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from apps.api.models import TokenTerms

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which the settings need this module for

EVERYTHING = "*"
READ, WRITE = "read", "write"


def of(request: Request) -> list[str]:
    """Return what the token of a request is bound to; nothing for a token without terms, and for a session."""
    terms = getattr(request.auth, "terms", None) if isinstance(request.auth, AuthToken) else None
    return terms.grants if isinstance(terms, TokenTerms) else []


def allows(grants: list[str], kind: str, *, writes: bool) -> bool:
    """Say whether grants hold for a kind of thing; who may write something may read it, and no grants at all bind to nothing."""
    ways = (WRITE,) if writes else (READ, WRITE)
    return not grants or any(f"{way}:{what}" in grants for way in ways for what in (kind, EVERYTHING))


class Granted(BasePermission):
    """The token, if one signs the request in, may do this with this kind of thing."""

    message = _("This token may not do that. GET /api/v1/tokens/ says what it may; make another one with the grant that is missing.")

    def has_permission(self, request: Request, view: "APIView") -> bool:
        kind = getattr(view, "basename", "")  # what is no kind of thing, such as one's own tokens, has rules of its own
        return not kind or allows(of(request), kind, writes=request.method not in SAFE_METHODS)


class Unbound(BasePermission):
    """A token that is bound to some grants looks after no tokens: else it could make itself another."""

    message = _("A token with grants looks after no tokens. Sign in in the browser, or use a token without grants.")

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return not of(request)
