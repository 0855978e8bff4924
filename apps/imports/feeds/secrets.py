"""Puts secrets into an address from the environment, so that they are neither stored nor told."""

import os
import re
from urllib.parse import quote, unquote

from django.utils.translation import gettext as _

from apps.imports.keys import MappingError, Problem

NAMED = re.compile(r"\$\{(FEED_[A-Z0-9_]+)\}")
WRITTEN = re.compile(r"://[^/@]*?:(.*)@", re.S)  # a password that somebody wrote into an address, whatever is in it
HIDDEN = "…"


def filled(place: str, *, is_address: bool = True) -> str:
    """Return a place with its secrets, in an address as addresses hold them; raise MappingError for one that is not there."""
    missing = [name for name in NAMED.findall(place) if name not in os.environ]
    if missing:
        wrong = _("The environment variable %(names)s is not set.") % {"names": ", ".join(missing)}
        raise MappingError([Problem(shown(place), wrong, _("Set it for the worker, and start the worker again."))])
    return NAMED.sub(lambda found: quote(os.environ[found[1]], safe="") if is_address else os.environ[found[1]], place)


def shown(place: str) -> str:
    """Return a place as it may be told: without a password, and without what an address asks for, which may be a key."""
    for secret in _written(place):
        place = place.replace(secret, HIDDEN)
    return re.sub(r"\?.*", f"?{HIDDEN}", place, flags=re.S) if "://" in place else place


def scrubbed(words: str, place: str) -> str:
    """Return what somebody else says of a place without what is secret in it, however that is written there."""
    known = [os.environ[name] for name in NAMED.findall(place) if os.environ.get(name)]
    for secret in sorted({form for one in (*known, *_written(place)) for form in (one, quote(one, safe=""), unquote(one))}, key=len, reverse=True):
        words = words.replace(secret, HIDDEN)
    return words


def _written(place: str) -> list[str]:
    """Return the secrets that stand in an address itself."""
    found = WRITTEN.search(place)
    asked = place.partition("?")[2] if "://" in place else ""
    return [text for text in ([found[1]] if found else []) + ([asked] if asked else []) if text and not NAMED.fullmatch(text)]
