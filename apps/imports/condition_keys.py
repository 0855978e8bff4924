"""Reads the keys that say which rows are meant: those of `skip`, and those of a field's `when`."""

import re

from django.utils.translation import gettext as _

from apps.imports.keys import Keys
from apps.imports.mapping import Condition


def condition_from(keys: Keys) -> Condition:
    column = keys.text("column", is_required=True) or ""
    texts, blank, pattern = keys.texts("is") or (), keys.truth("blank"), pattern_from(keys, "matches")
    others_than = keys.texts("is_not") or ()
    keys.done()
    if not (texts or others_than or blank or pattern or keys.table.get("matches")):
        keys.note("is", _("It is missing."), _('Say which rows are meant: is = ["Test"], blank = true, or matches = "^Total".'))
    return Condition(column, frozenset(texts), blank, pattern, frozenset(others_than))


def pattern_from(keys: Keys, key: str) -> re.Pattern[str] | None:
    """Take a regular expression."""
    text = keys.text(key)
    try:
        return re.compile(text) if text else None
    except re.error as error:
        keys.note(key, _("It is no regular expression: %(error)s.") % {"error": error}, _("Escape signs such as ( with a backslash."))
        return None
