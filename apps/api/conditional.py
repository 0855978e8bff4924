"""ETags: an answer that is known already is not sent again, and a row that somebody else changed is not written over."""

from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from apps.api import problems
from apps.api.problems import ChangedMeanwhile

PREFIX = "/api/v1/"


class Conditional(ConditionalGetMiddleware):
    """Django's own, for the API alone: pages have ETags of their own making."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not request.path.startswith(PREFIX):
            return response
        patch_vary_headers(response, ["Authorization"])
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-cache"
        answer = super().process_response(request, response)
        return (
            problems.answer(412, str(ChangedMeanwhile.default_detail), instance=request.path)
            if answer.status_code == 412 and not getattr(answer, "content", b"")
            else answer
        )


def etag(told: Any) -> str:
    """Return the ETag of a row as it is told."""
    return quote_etag(sha256(JSONRenderer().render(told)).hexdigest()[:32])


def is_conditional(request: Request) -> bool:
    return "If-Match" in request.headers


def check(request: Request, told: Any) -> None:
    """Raise ChangedMeanwhile where the row is no longer what the header If-Match says."""
    wanted = parse_etags(request.headers.get("If-Match", ""))
    if wanted != ["*"] and etag(told) not in wanted:
        raise ChangedMeanwhile
