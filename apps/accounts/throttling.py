"""Whose failed attempts are counted together."""

from typing import Any

from django.http import HttpRequest


def username(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """Return the e-mail that was tried, in lower case: writing it otherwise gives no fresh attempts."""
    tried = (credentials or {}).get("username") or (request.POST.get("username", "") if request is not None else "")
    return str(tried).strip().lower()
