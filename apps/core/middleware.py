"""The content-security policy, strict for our pages and looser where the admin's and the API's scripts need it; the organisation's time zone and calendar."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from apps.core import dates
from apps.core.models import Organisation

# The admin's skin brings Alpine.js, which evaluates attributes; the API page's viewer styles itself inline.
LOOSER = {
    "/admin/": {"script-src": [SELF, UNSAFE_EVAL, UNSAFE_INLINE], "style-src": [SELF, UNSAFE_INLINE]},
    "/api/v1/docs/": {"style-src": [SELF, UNSAFE_INLINE]},
}


class OrganisationTime:
    """Show the admin's instants in the organisation's time zone, as the boards do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith("/admin/"):
            return self.get_response(request)
        with timezone.override(ZoneInfo(Organisation.get().time_zone)):
            return self.get_response(request)


class OrganisationCalendar:
    """Write each page's days and periods in the organisation's calendar of now, whatever the thread wrote before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with dates.anew():
            return self.get_response(request)


class ContentSecurityPolicy(CSPMiddleware):
    """Send the policy of the settings, looser under the two addresses that need it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        for prefix, directives in LOOSER.items():
            if request.path.startswith(prefix):
                response._csp_update = directives  # type: ignore[attr-defined]
        return super().process_response(request, response)
