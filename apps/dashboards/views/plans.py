"""A year's plan: filled in, kept as a draft, saved, taken out as a file, and set beside what it was."""

from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from apps.core import clock, dates, periods
from apps.core.models import Organisation
from apps.core.periods import Calendar
from apps.dashboards import selection as selections
from apps.dashboards.goals import comparing, files, fill, plan
from apps.dashboards.goals.fill import FillForm
from apps.dashboards.goals.form import kpi_choices
from apps.dashboards.goals.sheet import PlanForm, Sheet
from apps.dashboards.selection import Unreadable, written
from apps.dashboards.views.goals import admin_only, asked_kpi, said
from apps.dashboards.views.pages import page, who
from apps.goals import drafts, grids, services

DAY, MONTH = timedelta(days=1), timedelta(days=30)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def year(request: HttpRequest) -> HttpResponse:
    """Plan a year of one KPI: everybody's target for each month or quarter, saved together."""
    user, organisation = who(request), Organisation.get()
    admin_only(user)
    calendar = periods.calendar(organisation)
    grid = _grid(request, calendar, clock.today(organisation))
    kpi, window, grain = grid.kpi, grid.year, grid.grain
    data = request.POST if request.method == "POST" else None
    form, ways = PlanForm(data), FillForm(data if data and "fill" in data else None, grid)
    filled = plan.Filled(data, grid) if data is not None else None
    here = reverse("dashboards:goals-year") + written({"kpi": kpi.key, "period": window.key, "by": grain})
    told, refused = "", ""
    if data and data.get("draft") == "discard":
        drafts.discard(kpi.key, window, grain)
        messages.info(request, _("The draft is gone. This is the plan in force."))
        return redirect(here)
    draft = drafts.find(kpi.key, window, grain)
    if filled is None and draft:
        filled = plan.Filled({}, grid)
        filled.take(draft)
    if filled and data and "fill" in data:
        told, refused = _fill(data["fill"], ways, filled, grid, calendar)
    elif filled and data and "draft" in data and not filled.errors:
        count = drafts.keep(kpi.key, window, grain, list(filled.edits.values()), by=user.pk)
        words = ngettext("The draft is kept: %(count)s target differs.", "The draft is kept: %(count)s targets differ.", count)
        messages.success(request, words % {"count": count})
        return redirect(here)
    elif filled and data is not None and form.is_valid() and not filled.errors:
        try:
            saved = services.save_edits(kpi.key, list(filled.edits.values()), by=user.pk, reason=form.cleaned_data["reason"])
        except services.Meanwhile as meanwhile:
            filled.refuse(meanwhile.present)
            grid = grids.read(kpi, window, grain, calendar)
        except ValidationError as error:
            refused = " ".join(error.messages)
        else:
            drafts.discard(kpi.key, window, grain)
            messages.success(request, said(saved, kpi, window)) if saved.total else messages.info(request, _("Nothing was changed."))
            return redirect(here)
    columns = plan.columns(grid, calendar)
    context = {
        "section": "goals",
        "sheet": Sheet(kpi, window, calendar, organisation.currency, clock.today(organisation)),
        "grid": grid,
        "columns": columns,
        "rows": plan.rows(grid, columns, filled),
        "errors": len(filled.errors) if filled else 0,
        "form": form,
        "ways": ways,
        "told": told,
        "draft": draft if data is None else None,
        "draft_at": dates.instant(draft.saved_at) if draft else "",
        "refused": refused,
        "separators": plan.separators(),
        "files": _files(grid),
        "then_url": reverse("dashboards:goals-year-then") + written({"kpi": kpi.key, "period": window.key, "by": grain}),
        "name": dates.window_name(window),
        "kpis": kpi_choices(),
        "years": [(one.key, dates.window_name(one), one == window) for one in (calendar.previous(window), window, calendar.following(window))],
        "grains": [("month", _("Months"), grain == "month"), ("quarter", _("Quarters"), grain == "quarter")],
    }
    return render(request, "goals/year.html", context, status=400 if data is not None and not told else 200)


def _grid(request: HttpRequest, calendar: Calendar, today: date) -> grids.Grid:
    """Read which plan is meant: of revenue and the running year, in its usual columns, when none is named."""
    kpi = asked_kpi(request)
    window = selections.read_window(request.GET, calendar, today) if request.GET.get("period") else None
    window = calendar.containing("year", window.start_on if window else today)
    grain = request.GET.get("by") or grids.usual_grain(kpi, window, calendar)
    if grain not in grids.GRAINS:
        raise Unreadable(_("Write by=month or by=quarter."))
    return grids.read(kpi, window, grain, calendar)


@page
@require_safe
def year_file(request: HttpRequest) -> HttpResponse:
    """Hand out a year's plan as a file, to be changed and brought in again."""
    admin_only(who(request))
    layout, form = request.GET.get("layout", "wide"), request.GET.get("format", "csv")
    if layout not in files.LAYOUTS or form not in files.FORMATS:
        raise Unreadable(_("Write layout=wide or layout=long, and format=csv or format=xlsx."))
    grid = _grid(request, periods.calendar(), clock.today())
    headers = {"Content-Disposition": f'attachment; filename="{files.name_of(grid, layout, form)}"'}
    return HttpResponse(files.written(grid, layout, form), content_type=files.TYPES[form], headers=headers)


@page
@require_safe
def year_then(request: HttpRequest) -> HttpResponse:
    """Show a year's plan beside what it was at the end of a past day."""
    admin_only(who(request))
    organisation = Organisation.get()
    calendar, today = periods.calendar(organisation), clock.today(organisation)
    grid = _grid(request, calendar, today)
    on = selections.read_day(request.GET["on"]) if request.GET.get("on") else min(max(grid.year.start_on - DAY, today - MONTH), today - DAY)
    if on >= today:
        raise Unreadable(_("Choose a day before today: the plan of today is the one it is compared with."))
    all_rows = bool(request.GET.get("all"))
    query = {"kpi": grid.kpi.key, "period": grid.year.key, "by": grid.grain}
    context = {
        "section": "goals",
        "grid": grid,
        "name": dates.window_name(grid.year),
        "on": on,
        "day": dates.day(on),
        "today": today,
        "all_rows": all_rows,
        "titles": comparing.titles(grid),
        "found": comparing.compared(grid, on, calendar, organisation.currency, all_rows=all_rows),
        "query": query,
        "plan_url": reverse("dashboards:goals-year") + written(query),
    }
    return render(request, "goals/then.html", context)


def _files(grid: grids.Grid) -> list[tuple[str, str]]:
    """Return the names and addresses of the plan's files."""
    names = {
        ("wide", "csv"): _("CSV"),
        ("wide", "xlsx"): _("Excel"),
        ("long", "csv"): _("CSV, a line for each target"),
        ("long", "xlsx"): _("Excel, a line for each target"),
    }
    own = {"kpi": grid.kpi.key, "period": grid.year.key, "by": grid.grain}
    return [(name, reverse("dashboards:goals-year-file") + written({**own, "layout": layout, "format": form})) for (layout, form), name in names.items()]


def _fill(way: str, ways: FillForm, filled: plan.Filled, grid: grids.Grid, calendar: Calendar) -> tuple[str, str]:
    """Fill the fields in; say what was done, or why it could not be."""
    if filled.errors:
        return "", _("Correct what is marked first.")
    if not ways.is_valid():
        return "", " ".join(f"{ways.fields[name].label}: {' '.join(map(str, errors))}" for name, errors in ways.errors.items())
    try:
        count = filled.put(fill.fill(way, fill.Filling(grid, filled.values, ways.cleaned_data, calendar, clock.today())))
    except fill.CannotFill as error:
        return "", str(error)
    return ngettext("%(count)s target filled in. Check it, and save.", "%(count)s targets filled in. Check them, and save.", count) % {"count": count}, ""
