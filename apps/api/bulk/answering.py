"""Answers a request that is sent again as it was answered before, without doing it again; for a day."""

import json
import zlib
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from apps.api.models import Answered
from apps.api.problems import MEDIA_TYPE, answer
from apps.core import clock

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(days=1)
LONGEST = 255


def once(request: Request, do: Callable[[], HttpResponse]) -> HttpResponse:
    """Do what is asked, in one transaction with the note that it was; or answer as before. Two at once wait for each other."""
    key = request.headers.get(HEADER)
    if key is None:
        with transaction.atomic():
            return do()
    if not (0 < len(key) <= LONGEST and key.isprintable()):
        raise ValidationError({HEADER: [_("Write a key of 1 to %(most)d characters, such as a random UUID.") % {"most": LONGEST}]})
    asked = fingerprint(request)
    with transaction.atomic():
        if not _is_first(request.user.pk, key, asked):
            return _again(Answered.objects.get(user=request.user.pk, key=key), asked, request)
        response = do()
        kept = {"status": response.status_code, "answer": zlib.compress(response.content)}
        Answered.objects.filter(user=request.user.pk, key=key).update(**kept)
    return response


def fingerprint(request: Request) -> str:
    """Return what tells one request from another: where it went, and what it said."""
    said = json.dumps([request.method, request.path, request.data], sort_keys=True)
    return sha256(said.encode()).hexdigest()


def _is_first(user: Any, key: str, asked: str) -> bool:
    """Note a request; False where one with this key is noted already. Waits for who is just noting it."""
    now = clock.now()
    Answered.objects.filter(user=user, key=key, asked_at__lte=now - KEPT_FOR).delete()
    with connection.cursor() as cursor:
        values: list[Any] = [user, key, asked, 0, b"", now]
        cursor.execute(
            "INSERT INTO api_answered (user_id, key, asked, status, answer, asked_at) VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING", values
        )
        return cursor.rowcount == 1


def _again(before: Answered, asked: str, request: Request) -> HttpResponse:
    if before.asked != asked:
        words = _(
            "This Idempotency-Key was used for another request within the last day. Use a new key for each request, and the same one only to send it again."
        )
        return answer(422, words, instance=request.path)
    content = zlib.decompress(bytes(before.answer))
    response = HttpResponse(content, status=before.status, content_type="application/json" if before.status < 400 else MEDIA_TYPE)
    response["Idempotency-Replayed"] = "true"
    return response


def forget() -> int:
    """Forget the answers that are older than a day, and return how many there were."""
    count, _kinds = Answered.objects.filter(asked_at__lte=clock.now() - KEPT_FOR).delete()
    return count
