"""What the pages of imports have in common: they are for admins, and found by nobody else."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from apps.accounts.models import User
from apps.reps import access

View = Callable[..., HttpResponseBase]


def page(view: View) -> View:
    """Let only admins through; for all others there is nothing here."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not access.may_import(who(request)):
            raise Http404(_("There is no such page."))
        return view(request, *args, **kwargs)

    return never_cache(login_required(wrapped))


def who(request: HttpRequest) -> User:
    """Return the person who signed in."""
    return cast(User, request.user)
