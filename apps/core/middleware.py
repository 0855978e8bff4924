"""The content-security policy: strict for our pages, what their scripts need for the admin's and the API's."""

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponseBase

# The admin's skin brings Alpine.js, which evaluates attributes; the API page's viewer styles itself inline.
LOOSER = {
    "/admin/": {"script-src": [SELF, UNSAFE_EVAL, UNSAFE_INLINE], "style-src": [SELF, UNSAFE_INLINE]},
    "/api/v1/docs/": {"style-src": [SELF, UNSAFE_INLINE]},
}


class ContentSecurityPolicy(CSPMiddleware):
    """Send the policy of the settings, looser under the two addresses that need it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        for prefix, directives in LOOSER.items():
            if request.path.startswith(prefix):
                response._csp_update = directives  # type: ignore[attr-defined]
        return super().process_response(request, response)
