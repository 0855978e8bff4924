"""Reads bodies: JSON, and not without end."""

from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from apps.api.problems import TooLarge


class Json(JSONParser):
    """DRF's own, which refuses what is too long or too deep."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        length = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.API_LARGEST_BODY:
            words = _("This body has more than %(most)d megabytes. Send fewer rows at once.")
            raise TooLarge(words % {"most": settings.API_LARGEST_BODY // 1_000_000})
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("This body is nested too deeply to be read. Send rows as /api/v1/docs/ describes them.")) from error
