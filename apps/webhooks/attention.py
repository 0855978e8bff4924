"""What of webhooks an admin has to look after."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import ngettext

from apps.core import numbers
from apps.core.attention import Attention
from apps.webhooks import delivering


def hooks() -> Iterable[Attention]:
    """Name the webhooks whose last delivery did not arrive."""
    if found := delivering.failing():
        words = {"count": numbers.decimal(numbers.Decimal(len(found)), 0), "names": ", ".join(hook.name for hook in found)}
        text = ngettext("A webhook fails: %(names)s.", "%(count)s webhooks fail: %(names)s.", len(found)) % words
        yield Attention(text, reverse("admin:webhooks_delivery_changelist"))
