"""What every template knows."""

from django.http import HttpRequest

from apps.core.models import Organisation


def organisation(request: HttpRequest) -> dict[str, Organisation]:
    """Name the organisation on each page."""
    return {"organisation": Organisation.get()}
