"""What of imports an admin has to look after."""

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core import clock, numbers
from apps.core.attention import Attention
from apps.imports import selectors
from apps.imports.feeds import fetching
from apps.imports.models import Import

LATELY = timedelta(days=7)


def imports() -> Iterable[Attention]:
    """Tell of imports of which figures show only a part, of those that failed lately, and of sources that fail."""
    if selectors.under_way().exists():
        yield Attention(_("Figures show a part of an import that is not done yet."), reverse("imports:imports"))
    failed = Import.objects.filter(state=Import.State.FAILED, asked_at__gt=clock.now() - LATELY).count()
    if failed:
        text = ngettext("%(count)s import failed.", "%(count)s imports failed.", failed) % {"count": numbers.decimal(numbers.Decimal(failed), 0)}
        yield Attention(text, reverse("imports:imports"))
    if feeds := fetching.failing():
        words = {"count": numbers.decimal(numbers.Decimal(len(feeds)), 0), "names": ", ".join(feed.name for feed in feeds)}
        text = ngettext("A source fails: %(names)s.", "%(count)s sources fail: %(names)s.", len(feeds)) % words
        yield Attention(text, reverse("admin:imports_feed_changelist"))
