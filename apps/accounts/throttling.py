"""Whose failed attempts are counted together."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def username(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """Return the e-mail that was tried, in lower case: writing it otherwise gives no fresh attempts."""
    tried = (credentials or {}).get("username") or (request.POST.get("username", "") if request is not None else "")
    return str(tried).strip().lower()


def client_ip(request: HttpRequest) -> str:
    """Return the address that an attempt came from: behind a proxy the one it saw, which it appended as the last."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    return forwarded.split(",")[-1].strip() or request.META.get("REMOTE_ADDR", "")
