"""Puts secrets into an address from the environment, so that they are neither stored nor shown."""

import os
import re

from django.utils.translation import gettext as _

from apps.imports.keys import MappingError, Problem

NAMED = re.compile(r"\$\{(FEED_[A-Z0-9_]+)\}")


def filled(place: str) -> str:
    """Return a place with its secrets; raise MappingError for one that is not there."""
    missing = [name for name in NAMED.findall(place) if name not in os.environ]
    if missing:
        wrong = _("The environment variable %(names)s is not set.") % {"names": ", ".join(missing)}
        raise MappingError([Problem(shown(place), wrong, _("Set it for the worker, and start the worker again."))])
    return NAMED.sub(lambda found: os.environ[found[1]], place)


def shown(place: str) -> str:
    """Return a place as it may be told: without a password that somebody wrote into it."""
    return re.sub(r"(://[^:/@]*):[^@/]*@", r"\1:…@", place)
