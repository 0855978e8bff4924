"""The floor: what a bare Django page costs on the same server, for somebody who is signed in."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.core.models import Organisation
from apps.opportunities.models import Stage
from apps.reps.models import Region, Rep, Team

ASKED = (Organisation, Region, Team, Rep, Stage)
ROWS = [(n, f"Row {n}", Decimal(n) * Decimal("1234.56"), date(2026, 1, 1 + n % 28)) for n in range(80)]


@login_required
def floor(request: HttpRequest) -> HttpResponse:
    """Ask for five rows by their primary keys, and show a table of eighty."""
    found = [model.objects.get(pk=1) for model in ASKED]
    return render(request, "floor.html", {"found": found, "rows": ROWS})
