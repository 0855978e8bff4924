"""What every template knows."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from apps.core.models import Organisation


def organisation(request: HttpRequest) -> dict[str, object]:
    """Name the organisation on each page that asks for it."""
    return {"organisation": SimpleLazyObject(Organisation.get)}
