"""Tags that draw widgets and numbers."""

from typing import Any

from django import template
from django.template.loader import get_template

from apps.dashboards.boards.board import Widget
from apps.dashboards.shown import Number

register = template.Library()


@register.simple_tag
def widget(one: Widget) -> str:
    """Draw a widget with its own template, which is handed nothing else."""
    return get_template(one.template).render({"widget": one})


@register.inclusion_tag("dashboards/widgets/_number.html")
def number(one: Number, css: str = "") -> dict[str, Any]:
    """Draw a figure: a link that opens it, around its digits."""
    return {"number": one, "css": css}
