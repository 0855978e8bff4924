"""What stands behind the numbers: a figure opened, its records as a file, a record, the catalogue, deals at risk."""

import csv
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.models import Role
from apps.core import clock, numbers
from apps.core.models import Organisation
from apps.core.spreadsheets import safe
from apps.dashboards import beside, grouping, narrowings, opened
from apps.dashboards.asking import asked, last_page, page_number
from apps.dashboards.opened import Asked
from apps.dashboards.records import kinds, sheets
from apps.dashboards.records.sheets import Reader
from apps.dashboards.selection import Selection, Unreadable, written
from apps.dashboards.views.pages import page, who
from apps.dashboards.widgets import deals
from apps.goals import selectors as goals
from apps.goals.selectors import GoalFigure
from apps.kpis import reference, selectors
from apps.kpis.declarations import Kpi
from apps.kpis.recordlists import ORDERS
from apps.kpis.selectors import UnknownKpi
from apps.opportunities import selectors as opportunities
from apps.opportunities.selectors import DealList

RISKS = 100  # on a page


@page
@require_safe
def figure(request: HttpRequest, key: str) -> HttpResponse:
    """Open a figure into its definition, its parts and the records that add up to it."""
    kpi, user = kpi_or_404(key), who(request)
    selection = asked(request, user, clock.today())
    wanted = Asked(selection, kpi, user, request.GET.get("measure", ""), page_number(request), order(request))
    context = {
        "section": "board",
        "opened": opened.opened(_found(key, selection), selection),
        "narrowings": narrowings.choices(kpi, selection.only),
        "narrowing": narrowings.words(selection),
        "kept": tuple(selection.narrowed(None).query.items()),
        "parts": opened.parts(wanted),
        "is_one": bool(wanted.measure),
        "tables": [] if wanted.measure else beside.tables(kpi, selection, user),
        "selection": selection,
        "grouping": grouping.words(selection),
        "all_url": reverse("dashboards:figure", args=[key]) + written(selection.query),
        "file_url": reverse("dashboards:figure-file", args=[key]) + written(selection.query),
    }
    return render(request, "dashboards/figure.html", context)


def _found(key: str, selection: Selection) -> GoalFigure:
    """Return the figure that is opened, with its goals."""
    return goals.figures([key], [selection.scope], selection.window, on=selection.on, calendar=selection.calendar)[key, selection.scope]


def order(request: HttpRequest) -> str:
    """Read `sort=`; the largest amount first where none is named."""
    text = request.GET.get("sort", "")
    if text not in ORDERS:
        raise Unreadable(_("“%(text)s” is no order. Write sort= and one of: %(orders)s.") % {"text": text, "orders": ", ".join(filter(None, ORDERS))})
    return text


def kpi_or_404(key: str) -> Kpi:
    try:
        return selectors.kpi(key)
    except UnknownKpi as error:
        raise Http404(str(error)) from error


@page
@require_safe
def figure_file(request: HttpRequest, key: str) -> StreamingHttpResponse:
    """Hand out every record of a figure as CSV."""
    kpi = kpi_or_404(key)
    selection = asked(request, who(request), clock.today())
    name = f"{key}-{selection.scope.kind}-{selection.scope.id}-{selection.window.key.replace('..', '_')}{'-today' if selection.is_regrouped else ''}{f'-{selection.only.field}-{selection.only.id}' if selection.only else ''}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(_lines(kpi, selection), content_type="text/csv; charset=utf-8", headers=headers)


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _lines(kpi: Kpi, selection: Selection) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(
        [_("measure"), _("record"), _("number"), _("day"), _("rep"), _("customer"), _("amount"), _("left out"), _("currency"), _("original amount")]
    )
    for found, row in opened.every_record(kpi, selection):
        texts = [safe(found.name), safe(row.label), row.id, opened.day_text(row.day), safe(row.rep), safe(row.customer)]
        yield writer.writerow([*texts, numbers.plain(row.amount), _("yes") if row.is_excluded else "", row.currency, opened.exact_text(row.original_amount)])


@page
@require_safe
def record(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Show one fact."""
    user, today = who(request), clock.today()
    kind, row = kinds.record_or_404(key, pk, user, today)
    organisation = Organisation.get()
    reader = Reader(user, today, organisation.currency, user.role == Role.ADMIN, ZoneInfo(organisation.time_zone))
    return render(request, "dashboards/record.html", {"section": "board", "sheet": sheets.sheet(kind, row, reader)})


@page
@require_safe
def kpis(request: HttpRequest) -> HttpResponse:
    """List every KPI with its definition, as it is declared."""
    return render(request, "dashboards/kpis.html", {"section": "kpis", "families": reference.families()})


def _risks(selection: Selection, number: int) -> tuple[int, DealList]:
    """Return a page of the deals at risk and its number; past the end, the last one."""
    found = opportunities.at_risk(selection.scope, on=selection.on, limit=RISKS, offset=(number - 1) * RISKS)
    if found.deals or number == 1:
        return number, found
    count = opportunities.at_risk(selection.scope, on=selection.on, limit=1).count
    last = last_page(count, RISKS)
    return last, opportunities.at_risk(selection.scope, on=selection.on, limit=RISKS, offset=(last - 1) * RISKS)


@page
@require_safe
def at_risk(request: HttpRequest) -> HttpResponse:
    """List every deal at risk."""
    selection = asked(request, who(request), clock.today())
    number, found = _risks(selection, page_number(request))
    base = {key: value for key, value in selection.query.items() if key != "period"}
    context = {
        "section": "board",
        "selection": selection,
        "grouping": grouping.words(selection),
        "narrowing": narrowings.words(selection),
        "widget": deals.at_risk(found, selection),
        "previous_url": written({**base, "page": str(number - 1)}) if number > 1 else "",
        "next_url": written({**base, "page": str(number + 1)}) if number * RISKS < found.count else "",
    }
    return render(request, "dashboards/at_risk.html", context)
