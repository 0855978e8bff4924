"""Every answer that is not 2xx: one shape (RFC 9457, `application/problem+json`) that names the field, what is wrong and what to do."""

import logging
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.signals import got_request_exception
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from apps.api import limits

log = logging.getLogger("django.request")

MEDIA_TYPE = "application/problem+json"
NAMES = {
    400: "invalid",
    401: "not-signed-in",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "conflict",
    412: "changed-meanwhile",
    413: "too-large",
    415: "unsupported-media-type",
    422: "refused",
    429: "too-many-requests",
    500: "failure",
}
REMEDIES = {
    401: gettext_lazy("Nobody is signed in. Send a token with every request (Authorization: Token …); POST /api/v1/tokens/ makes one."),
    404: gettext_lazy("There is nothing here, or it is not yours to see. Check the address; lists show what is yours."),
    405: gettext_lazy("This address does not take that method. The header Allow names those that it takes; /api/v1/docs/ describes them."),
    406: gettext_lazy("Answers are JSON. Ask for application/json, or leave the header Accept out."),
    415: gettext_lazy("Bodies are JSON. Send one with the header Content-Type: application/json."),
    500: gettext_lazy("The server failed; nothing was written. Try again, and tell an admin the time if it fails again: the server’s log says why."),
}
ADVICE = {"unique": gettext_lazy("Write another one, or change the row that has it.")}  # where the framework's own words give none
AT_THE_DOOR = (exceptions.NotAuthenticated, exceptions.AuthenticationFailed, exceptions.PermissionDenied)
BY_FRAMEWORK = (exceptions.MethodNotAllowed, exceptions.NotAcceptable, exceptions.UnsupportedMediaType)


class Conflict(exceptions.APIException):
    """What was asked contradicts what is there."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


class TooLarge(exceptions.APIException):
    """More was sent than is read."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


def too_large() -> TooLarge:
    """The body is longer than any that is read."""
    return TooLarge(_("This body has more than %(most)d megabytes. Send fewer rows at once.") % {"most": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000})


class ChangedMeanwhile(exceptions.APIException):
    """A row is no longer what its writer saw."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "changed_meanwhile"
    default_detail = gettext_lazy("Somebody changed this row since you read it. Read it again, and send your change with its new ETag.")


def handle(error: Exception, context: dict[str, Any]) -> HttpResponse:
    """Answer whatever a view raises, also what nobody foresaw; what that was is in the log."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(*error.args)
    elif isinstance(error, RequestDataTooBig):
        error = too_large()
    request = context["request"]
    if isinstance(error, AT_THE_DOOR):
        error = limits.counted(error, request, context["view"])
    usual = exception_handler(error, context)
    if usual is None or not isinstance(error, exceptions.APIException):
        log.error("Internal Server Error: %s", request.path, exc_info=error, extra={"status_code": 500, "request": request._request})
        got_request_exception.send(sender=None, request=request._request)
        return answer(500, instance=request.path)
    faults = [] if isinstance(error.detail, str) else list(_faults(error.detail))
    response = answer(error.status_code, _said(error, faults), faults, instance=request.path)
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in usual.headers:
            response[name] = usual.headers[name]
    return response


def answer(code: int, detail: Any = "", faults: list[dict[str, str]] | None = None, *, instance: str = "", **more: Any) -> HttpResponse:
    """Return a problem; without a detail, the usual remedy for its status. `more` are members of its own."""
    problem = {
        "type": f"urn:kpiboard:problem:{NAMES.get(code, 'other')}",
        "title": HTTPStatus(code).phrase,
        "status": code,
        "detail": str(detail or REMEDIES.get(code, "")),
        "instance": instance,
        "errors": faults or [],
        **more,
    }
    return HttpResponse(JSONRenderer().render(problem), status=code, content_type=MEDIA_TYPE)


def faults(error: exceptions.ValidationError) -> list[dict[str, str]]:
    """Return field by field what is wrong; a field inside another is written with dots, and empty means the whole."""
    return list(_faults(error.detail))


def _faults(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            whole = name in ("detail", api_settings.NON_FIELD_ERRORS_KEY)
            yield from _faults(inner, path if whole else f"{path}.{name}".lstrip("."))
    elif isinstance(detail, list | tuple):
        for place, inner in enumerate(detail):
            yield from _faults(inner, path if isinstance(inner, str) else f"{path}.{place}".lstrip("."))
    else:
        code = str(getattr(detail, "code", "invalid"))
        yield {"field": path, "code": code, "detail": f"{detail} {ADVICE[code]}" if code in ADVICE else str(detail)}


def _said(error: exceptions.APIException, faults: list[dict[str, str]]) -> str:
    if isinstance(error, exceptions.Throttled) and str(error.detail).startswith(str(error.default_detail)):
        return _("These were too many requests. Wait %(seconds)d seconds; the header RateLimit of every answer says how many are left.") % {
            "seconds": getattr(error, "wait", None) or 0
        }
    if isinstance(error.detail, str):
        is_usual = isinstance(error, BY_FRAMEWORK) or str(error.detail) == str(error.default_detail)
        return str(REMEDIES[error.status_code]) if is_usual and error.status_code in REMEDIES else str(error.detail)
    whole = " ".join(fault["detail"] for fault in faults if not fault["field"])
    return whole or _("Something that was sent is wrong; nothing was written. “errors” says at which field, and what to do.")
