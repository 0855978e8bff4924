"""Tags that draw widgets and numbers."""

import json
import re
from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import get_template
from django.urls import get_script_prefix
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import get_language

from apps.core import dates
from apps.dashboards.boards.board import Section, Widget
from apps.dashboards.shown import Number

register = template.Library()


@register.simple_tag
def widget(one: Widget) -> str:
    """Draw a widget with its own template, which is handed nothing else: what was drawn before in the same language is not drawn again."""
    return _drawn(one, get_language())  # type: ignore[arg-type]


@lru_cache(maxsize=1000)
def _drawn(one: Widget, _language: str | None) -> str:
    return get_template(one.template).render({"widget": one})


@register.simple_tag
def more(section: Section) -> str:
    """Draw the menu of what can be taken from a card: a picture, and files where it is a table."""
    name = section.name or str(getattr(section.widgets[0], "title", "")) if section.widgets else section.name
    csv, xlsx = (section.files.csv, section.files.xlsx) if section.files else ("", "")
    return _more(name, csv, xlsx, section.id, get_language())


@lru_cache(maxsize=2000)
def _more(name: str, csv_url: str, xlsx_url: str, file: str, _language: str | None) -> str:
    return get_template("boards/_more.html").render({"name": name, "csv_url": csv_url, "xlsx_url": xlsx_url, "file": f"kpiboard-{slugify(name) or file}"})


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> str:
    """Draw the entries of the top bar, which are the same for everybody but the admin's."""
    return _entries(context.get("section", ""), context["user"].is_staff, get_language(), get_script_prefix())


@lru_cache(maxsize=100)
def _entries(section: str, is_staff: bool, _language: str | None, _prefix: str) -> str:
    return get_template("_navigation.html").render({"section": section, "is_staff": is_staff})


@register.filter
def unlinked(html: str) -> SafeString:
    """Take the ways out of a page that somebody sees who may go no further, also those of its charts: what is drawn stays."""
    return mark_safe(_DRAWING.sub(_closed, _HREF.sub("<a", html)))


_HREF = re.compile(r'<a (?:class="[^"]*" )?href="[^"]*"')
_DRAWING = re.compile(r'(?<=-drawing" type="application/json">).*?(?=</script>)', re.S)


def _closed(found: re.Match[str]) -> str:
    """Return what a script draws from without the addresses that its parts open."""
    drawing = json.loads(found[0])
    drawing.pop("opens", None)
    if "urls" in drawing:
        drawing["urls"] = []
    for bar in drawing.get("bars", ()):
        bar["url"] = ""
    return json.dumps(drawing).translate(_IN_SCRIPT)


_IN_SCRIPT = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&"}


@register.filter
def as_day(value: date) -> str:
    """Write a day as people of the organisation's calendar say it."""
    return dates.day(value)


@register.inclusion_tag("dashboards/widgets/_number.html")
def number(one: Number, css: str = "") -> dict[str, Any]:
    """Draw a figure: a link that opens it, around its digits."""
    return {"number": one, "css": css}
