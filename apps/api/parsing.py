"""Reads bodies: JSON. How long they may be is Django's to say (DATA_UPLOAD_MAX_MEMORY_SIZE)."""

from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.utils import json


class Json(JSONParser):
    """DRF's own, which refuses what is too deep, or no text that can be kept."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            text = stream.read().decode()
            told = json.loads(text, parse_constant=json.strict_constant)
            if "\\u" in text:
                json.dumps(told, ensure_ascii=False).encode()  # half of a character, written as \ud800, is none
        except RecursionError as error:
            raise ParseError(_("This body is nested too deeply to be read. Send rows as /api/v1/docs/ describes them.")) from error
        except ValueError as error:
            raise ParseError(_("This body is no JSON in UTF-8: %(error)s. Correct it there.") % {"error": error}) from error
        return told
