"""Fetches from feeds whose time has come, and has what is new imported."""

import logging
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.imports import parsing, services, sources, unpacking
from apps.imports.feeds import places
from apps.imports.keys import MappingError
from apps.imports.mapping import Mapping
from apps.imports.models import Feed, Import

logger = logging.getLogger(__name__)


def fetch_due(*, at: datetime) -> list[Import]:
    """Fetch from every feed that is due, one after the other; return what is to be imported."""
    found = []
    while feed := claim(at=at):
        if this := fetch(feed, at=at):
            found.append(this)
    return found


def claim(*, at: datetime) -> Feed | None:
    """Take the feed that is due first, and say when it is the next time, so that nobody else fetches meanwhile."""
    with transaction.atomic():
        due = Feed.objects.select_for_update(skip_locked=True, of=("self",)).filter(Q(next_at=None) | Q(next_at__lte=at), is_active=True)
        feed = due.select_related("mapping", "by").order_by("next_at", "pk").first()
        if feed is not None:
            feed.next_at = at + timedelta(minutes=feed.rhythm)
            feed.save(update_fields=["next_at"])
    return feed


def fetch(feed: Feed, *, at: datetime) -> Import | None:
    """Fetch once; return the import of what is new, None where nothing is. What goes wrong stands in the feed's `fault`, and is tried the next time."""
    this, fault = None, ""
    try:
        this, fault = _imported(feed)
    except MappingError as error:
        fault = str(error)
        logger.warning("source %s: %s", feed.name, fault)
    Feed.objects.filter(pk=feed.pk).update(fetched_at=at, fault=fault)
    return this


def _imported(feed: Feed) -> tuple[Import | None, str]:
    """Ask for the import of what is new; say which files were left out, which are looked at again the next time."""
    mapping = parsing.parse(feed.mapping.text)
    if feed.kind == Feed.Kind.QUERY:
        mapping = places.of_rows(mapping)
    with tempfile.TemporaryDirectory(prefix="feed-") as folder:
        files, seen = places.fetch(feed, mapping, Path(folder))
        if not files:
            Feed.objects.filter(pk=feed.pk).update(seen=seen)
            return None, ""
        with unpacking.unpacked(files) as plain, transaction.atomic():
            found = sources.find(mapping, plain)
            left = sorted({path.name for path in plain} - {source.path.name for source in found})
            this = services.ask(mapping, found, by=feed.by)
            Import.objects.filter(pk=this.pk).update(feed=feed)
            Feed.objects.filter(pk=feed.pk).update(seen={name: mark for name, mark in seen.items() if name not in left})
    return this, _left_out(left, mapping) if left else ""


def _left_out(names: list[str], mapping: Mapping) -> str:
    patterns = ", ".join(dict.fromkeys(load.file for load in mapping.loads))
    told = {"names": ", ".join(names), "patterns": patterns}
    return (
        _("Left out, for the mapping has no such file: %(names)s. Name them as it does (%(patterns)s), change that in the mapping, or take them away.") % told
    )


def failing() -> list[Feed]:
    """Return the active feeds that could not be fetched from, or whose last import failed."""
    last = Import.objects.filter(feed__is_active=True, state=Import.State.FAILED).values("feed")
    return list(Feed.objects.filter(Q(fault__gt="") | Q(pk__in=last), is_active=True).distinct())
