"""Tags that draw widgets and numbers."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.translation import get_language

from apps.dashboards.boards.board import Widget
from apps.dashboards.shown import Number

register = template.Library()


@register.simple_tag
def widget(one: Widget) -> str:
    """Draw a widget with its own template, which is handed nothing else: what was drawn before in the same language is not drawn again."""
    return _drawn(one, get_language())  # type: ignore[arg-type]


@lru_cache(maxsize=1000)
def _drawn(one: Widget, _language: str | None) -> str:
    return get_template(one.template).render({"widget": one})


@register.inclusion_tag("dashboards/widgets/_number.html")
def number(one: Number, css: str = "") -> dict[str, Any]:
    """Draw a figure: a link that opens it, around its digits."""
    return {"number": one, "css": css}
