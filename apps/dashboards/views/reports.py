"""Reports: the funnel, the pipeline waterfall, cohorts, the movement of recurring revenue, and the records behind their numbers."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from apps.accounts.models import User
from apps.core import clock
from apps.dashboards import grouping, narrowings
from apps.dashboards.asking import page_number
from apps.dashboards.reports import cohort_grids, funnels, movements, places, waterfalls
from apps.dashboards.reports.lists import Listing
from apps.dashboards.reports.places import REPORTS, Place
from apps.dashboards.views.pages import page, who
from apps.reps import access

Build = Callable[[Place, User], Any]
Open = Callable[[Place, User, Mapping[str, str], int], Listing]


def nobody(request: HttpRequest) -> HttpResponse | None:
    """Answer who may see nobody's numbers and asked for none in particular."""
    if request.GET.get("scope") or access.home(who(request), clock.today()):
        return None
    return render(request, "dashboards/nobody.html", {"section": "reports"})


@page
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """List the reports."""
    if answer := nobody(request):
        return answer
    place = places.read(request, who(request), clock.today(), "funnel")
    choices = [(choice, words) for choice, (_name, words) in zip(places.tabs(place), REPORTS.values(), strict=True)]
    return render(request, "dashboards/reports/reports.html", {"section": "reports", "place": place, "choices": choices})


def _report(request: HttpRequest, name: str, build: Build, own: Mapping[str, str] | None = None) -> HttpResponse:
    if answer := nobody(request):
        return answer
    user = who(request)
    place = places.read(request, user, clock.today(), name, own)
    if request.GET.get("from"):
        return redirect(place.board)
    context = {
        "section": "reports",
        "place": place,
        "header": places.header(place, user, clock.now()),
        "tabs": places.tabs(place),
        "name": REPORTS[name][0],
        "report": build(place, user),
    }
    return render(request, f"dashboards/reports/{name}.html", context)


def _list(request: HttpRequest, name: str, find: Open, own: Mapping[str, str] | None = None) -> HttpResponse:
    user = who(request)
    place = places.read(request, user, clock.today(), name, own)
    context = {"section": "reports", "place": place, "name": REPORTS[name][0], "list": find(place, user, request.GET, page_number(request))}
    context |= {"grouping": grouping.words(place), "narrowing": narrowings.words(place)}
    return render(request, "dashboards/reports/list.html", context)


@page
@require_safe
def funnel(request: HttpRequest) -> HttpResponse:
    """Show what became of the deals that came to each stage."""
    return _report(request, "funnel", lambda place, user: funnels.page(place))


@page
@require_safe
def funnel_list(request: HttpRequest) -> HttpResponse:
    return _list(request, "funnel", funnels.visits)


@page
@require_safe
def waterfall(request: HttpRequest) -> HttpResponse:
    """Show how the pipeline moved between two days."""
    return _report(request, "waterfall", lambda place, user: waterfalls.page(place, request.GET), waterfalls.own(request.GET))


@page
@require_safe
def waterfall_list(request: HttpRequest) -> HttpResponse:
    return _list(request, "waterfall", waterfalls.deals, waterfalls.own(request.GET))


@page
@require_safe
def cohorts(request: HttpRequest) -> HttpResponse:
    """Show the share won so far of each month's deals."""
    return _report(request, "cohorts", lambda place, user: cohort_grids.page(place), cohort_grids.own(request.GET))


@page
@require_safe
def cohorts_list(request: HttpRequest) -> HttpResponse:
    return _list(request, "cohorts", cohort_grids.deals, cohort_grids.own(request.GET))


@page
@require_safe
def movement(request: HttpRequest) -> HttpResponse:
    """Show how recurring revenue moved."""
    return _report(request, "movement", lambda place, user: movements.page(place))


@page
@require_safe
def movement_list(request: HttpRequest) -> HttpResponse:
    return _list(request, "movement", movements.records)
