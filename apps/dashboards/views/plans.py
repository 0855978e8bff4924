"""A year's plan: filled in, kept as a draft, saved, taken out as a file, and set beside what it was."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import User
from apps.core import clock, dates, numbers, periods
from apps.core.models import Organisation
from apps.core.periods import Calendar, Window
from apps.dashboards import selection as selections
from apps.dashboards.goals import comparing, files, fill, plan
from apps.dashboards.goals.fill_form import FillForm
from apps.dashboards.goals.form import kpi_choices
from apps.dashboards.goals.sheet import PlanForm, Sheet
from apps.dashboards.selection import Unreadable, written
from apps.dashboards.views.goals import asked_kpi, said, settable
from apps.dashboards.views.pages import page, who
from apps.goals import drafts, grids, services
from apps.goals.models import Draft
from apps.reps import access

DAY, MONTH = timedelta(days=1), timedelta(days=30)


@dataclass
class Open:
    """A plan that somebody has open: what stands in its fields, and what is said of that."""

    grid: grids.Grid
    calendar: Calendar
    form: PlanForm
    ways: FillForm
    filled: plan.Filled | None = None
    draft: Draft | None = None
    told: str = ""
    refused: str = ""
    is_whole: bool = True  # of an admin, who has drafts, and sees what the plan was

    @property
    def query(self) -> dict[str, str]:
        return {"kpi": self.grid.kpi.key, "period": self.grid.year.key, "by": self.grid.grain}

    @property
    def own(self) -> tuple[str, Window, str]:
        """What a draft is kept by."""
        return self.grid.kpi.key, self.grid.year, self.grid.grain


@page
@require_http_methods(["GET", "HEAD", "POST"])
def year(request: HttpRequest) -> HttpResponse:
    """Plan a year of one KPI: everybody's target for each month or quarter, saved together."""
    user, organisation = who(request), Organisation.get()
    calendar, today = periods.calendar(organisation), clock.today(organisation)
    grid = _limited(_grid(request, calendar, today), user, today)
    data = request.POST if request.method == "POST" else None
    one = Open(grid, calendar, PlanForm(data), FillForm(data if data and "fill" in data else None, grid), is_whole=access.may_write_goals(user))
    if data is None:
        _take_draft(one)
    elif _is_done(request, user, one):
        return redirect(reverse("dashboards:goals-year") + written(one.query))
    status = 400 if data is not None and not one.told else 200
    return render(request, "goals/year.html", _context(one, Sheet(grid.kpi, grid.year, calendar, organisation.currency, today)), status=status)


def _take_draft(one: Open) -> None:
    """Show the draft there is in place of the plan in force."""
    one.draft = drafts.find(*one.own) if one.is_whole else None
    if one.draft:
        one.filled = plan.Filled({}, one.grid)
        one.filled.take(one.draft)


def _is_done(request: HttpRequest, user: User, one: Open) -> bool:
    """Do what was asked for, and say so; False where the plan is to be shown again."""
    if "draft" in request.POST and not one.is_whole:
        raise PermissionDenied(_("Drafts are for admins."))
    if request.POST.get("draft") == "discard":
        drafts.discard(*one.own)
        messages.info(request, _("The draft is gone. This is the plan in force."))
        return True
    one.filled = plan.Filled(request.POST, one.grid)
    if one.filled.lost:
        words = ngettext(
            "%(count)s target was written for somebody who is no longer in the plan; it is left out.",
            "%(count)s targets were written for people who are no longer in the plan; they are left out.",
            one.filled.lost,
        )
        one.refused = words % {"count": one.filled.lost}
        return False
    if "fill" in request.POST:
        one.told, one.refused = _fill(request.POST["fill"], one.ways, one.filled, one.grid, one.calendar)
        return False
    if one.filled.errors or not one.form.is_valid():
        return False
    if "draft" in request.POST:
        count = drafts.keep(*one.own, list(one.filled.edits.values()), by=user.pk)
        words = ngettext("The draft is kept: %(count)s target differs.", "The draft is kept: %(count)s targets differ.", count)
        messages.success(request, words % {"count": count})
        return True
    return _is_saved(request, user, one, one.filled)


def _is_saved(request: HttpRequest, user: User, one: Open, filled: plan.Filled) -> bool:
    kpi, window, _grain = one.own
    wanted = [(edit.scope, edit.window.start_on, edit.window.last_on) for edit in filled.edits.values()]
    if access.others_targets(user, wanted, clock.today()):
        raise PermissionDenied(_("Some of these targets are set by others."))
    try:
        saved = services.save_edits(kpi, list(filled.edits.values()), by=user.pk, reason=one.form.cleaned_data["reason"])
    except services.Meanwhile as meanwhile:
        filled.refuse(meanwhile.present)
        one.grid = _limited(grids.read(one.grid.kpi, window, one.grid.grain, one.calendar), user, clock.today())
        return False
    except ValidationError as error:
        one.refused = " ".join(error.messages)
        return False
    if one.is_whole:
        drafts.discard(*one.own)
    messages.success(request, said(saved, one.grid.kpi, window)) if saved.total else messages.info(request, _("Nothing was changed."))
    return True


def _context(one: Open, sheet: Sheet) -> dict[str, object]:
    grid, calendar = one.grid, one.calendar
    columns = plan.columns(grid, calendar)
    return {
        "section": "goals",
        "sheet": sheet,
        "grid": grid,
        "columns": columns,
        "rows": plan.rows(grid, columns, one.filled),
        "errors": len(one.filled.errors) if one.filled else 0,
        "form": one.form,
        "ways": one.ways,
        "told": one.told,
        "refused": one.refused,
        "draft": one.draft,
        "draft_at": dates.instant(one.draft.saved_at) if one.draft else "",
        "separators": numbers.separators(),
        "wholes": [(dates.window_name(window), count) for window, count in grids.wholes(grid, calendar)],
        "files": _files(grid),
        "is_whole": one.is_whole,
        "then_url": reverse("dashboards:goals-year-then") + written(one.query),
        "name": dates.window_name(grid.year),
        "kpis": kpi_choices(),
        "years": [(each.key, dates.window_name(each), each == grid.year) for each in (calendar.previous(grid.year), grid.year, calendar.following(grid.year))],
        "grains": [("month", _("Months"), grid.grain == "month"), ("quarter", _("Quarters"), grid.grain == "quarter")],
    }


def _grid(request: HttpRequest, calendar: Calendar, today: date) -> grids.Grid:
    """Read which plan is meant: of revenue and the running year, in its usual columns, when none is named."""
    kpi = asked_kpi(request)
    window = selections.read_window(request.GET, calendar, today) if request.GET.get("period") else None
    window = calendar.containing("year", window.start_on if window else today)
    grain = request.GET.get("by") or grids.usual_grain(kpi, window, calendar)
    if grain not in grids.GRAINS:
        raise Unreadable(_("Write by=month or by=quarter."))
    return grids.read(kpi, window, grain, calendar)


def _limited(grid: grids.Grid, user: User, today: date) -> grids.Grid:
    """Return a plan as far as the user sees it, with what others set fixed."""
    return grids.limited(grid, seen=access.scopes_for(user, today), settable=settable(user, today))


@page
@require_safe
def year_file(request: HttpRequest) -> HttpResponse:
    """Hand out a year's plan as a file, to be changed and brought in again."""
    user = who(request)
    layout, form = request.GET.get("layout", "wide"), request.GET.get("format", "csv")
    if layout not in files.LAYOUTS or form not in files.FORMATS:
        raise Unreadable(_("Write layout=wide or layout=long, and format=csv or format=xlsx."))
    grid = _limited(_grid(request, periods.calendar(), clock.today()), user, clock.today())
    headers = {"Content-Disposition": f'attachment; filename="{files.name_of(grid, layout, form)}"'}
    return HttpResponse(files.written(grid, layout, form), content_type=files.TYPES[form], headers=headers)


@page
@require_safe
def year_then(request: HttpRequest) -> HttpResponse:
    """Show a year's plan beside what it was at the end of a past day."""
    if not access.may_write_goals(who(request)):
        raise PermissionDenied(_("What a plan was is for admins: it holds everybody’s targets."))
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
