"""What every page has in common: who may open it, and what is said about an address that cannot be read."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from apps.accounts.models import User
from apps.core import replica
from apps.dashboards.selection import Unreadable

View = Callable[..., HttpResponseBase]


class Nobody(Http404):
    """Somebody signed in who sees nobody's numbers yet."""


def page(view: View) -> View:
    """Let only people who signed in through, read from a replica where there is one, and answer an unreadable address with what to write instead."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return replica.serve(view, request, *args, **kwargs)
        except Unreadable as error:
            return render(request, "dashboards/unreadable.html", {"message": str(error)}, status=400)
        except Nobody:
            return render(request, "dashboards/nobody.html", {"section": "board"})

    return never_cache(login_required(wrapped))


def who(request: HttpRequest) -> User:
    """Return the person who signed in."""
    return cast(User, request.user)
