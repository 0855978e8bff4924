"""The page that documents how things look: every component in every state."""

import re
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.dashboards.own import samples
from apps.dashboards.views.pages import page

TOKEN = re.compile(r"^  (--[\w-]+):", re.M)
COLOURS = ("ground", "card", "line", "field", "ink", "ink-2", "ink-3", "accent", "accent-strong", "accent-soft", "on-accent", "bar", "track-1", "track-2")
TONES = ("ahead", "ahead-soft", "risk", "risk-soft", "behind", "behind-soft")


@page
@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """Show the design system."""
    sheet = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    tokens = TOKEN.findall(sheet)
    context = {
        "section": "",
        "colours": [name for name in (*COLOURS, *TONES) if f"--{name}" in tokens],
        "sizes": [token.removeprefix("--text-") for token in tokens if token.startswith("--text-")],
        "spaces": [token.removeprefix("--space-") for token in tokens if token.startswith("--space-")],
        "statuses": samples.statuses(),
        "changes": samples.changes(),
        "families": samples.families(),
    }
    return render(request, "design.html", context)
