"""Goals: the list for everybody, the sheet and the form for admins."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import Role, User
from apps.core import authorship, clock, dates, periods, violations
from apps.core.models import Organisation
from apps.core.periods import Window
from apps.dashboards import selection as selections
from apps.dashboards.asking import page_number
from apps.dashboards.goals import WHEN, cards, history, listing, sheet
from apps.dashboards.goals.form import GoalForm, can_have_goal, kpi_choices, lead_to_fault
from apps.dashboards.goals.listing import Reader
from apps.dashboards.goals.sheet import Sheet, TargetsForm
from apps.dashboards.objectives import trees
from apps.dashboards.selection import Unreadable, written
from apps.dashboards.views.pages import page, who
from apps.goals import services
from apps.goals.models import Goal
from apps.goals.selectors import of as goals_of
from apps.goals.selectors import owner_of
from apps.kpis import catalogue, selectors
from apps.kpis.declarations import Kpi
from apps.reps import access
from apps.reps.models import Rep
from apps.reps.scopes import Scope


def settable(user: User, on: date) -> list[Scope]:
    """Return whose targets the user may set; raise PermissionDenied where it is nobody's."""
    found = access.targets_to_set(user, on)
    if not found:
        raise PermissionDenied(_("Targets are set by admins, and by managers where the organisation allows it."))
    return found


@page
@require_safe
def goals(request: HttpRequest) -> HttpResponse:
    """List the goals the viewer may see, with how far each has come."""
    user, today = who(request), clock.today()
    organisation = Organisation.get()
    reader = Reader(
        access.scopes_for(user, today), today, periods.calendar(organisation), organisation.currency, user, bool(access.targets_to_set(user, today))
    )
    when, kpi, number = request.GET.get("when", "running"), request.GET.get("kpi", ""), page_number(request)
    if when not in WHEN or (kpi and kpi not in catalogue.KPIS):
        raise Unreadable(_("Write when=running, coming or past, and kpi= as the list of KPIs has it."))
    own_rep = _own_rep(user)
    person = _person(request, user, reader, own_rep)
    rows = listing.visible(reader, kpi).filter(listing.at(when, today), **({"rep": person.id} if person else {}))
    own = person if person and person.id == own_rep else None
    query = {"when": when, **({"kpi": kpi} if kpi else {}), **({"rep": str(person.id)} if person and not own else {})}
    shown_as_cards = cards.cards(person, list(rows), reader, is_own=own is not None) if person and when == "running" else []
    groups, shown = listing.groups(rows.none() if shown_as_cards else rows, reader, number)
    own_trees, has_more = trees.of_rep(user, person, when) if person and not kpi else ([], False)
    context = {
        "section": "goals",
        "organisation": organisation,
        "groups": groups,
        "cards": shown_as_cards,
        "trees": own_trees,
        "more_trees": has_more,
        "person": person,
        "is_own": own is not None,
        "tabs": [(str(name), written({**query, "when": key}), key == when) for key, name in WHEN.items()],
        "when": when,
        "kpi": kpi,
        "kpis": kpi_choices(),
        "may_change": reader.may_set,
        "previous_url": written({**query, "page": str(shown.number - 1)}) if shown.has_previous() else "",
        "next_url": written({**query, "page": str(shown.number + 1)}) if shown.has_next() else "",
    }
    return render(request, "goals/goals.html", context)


def _person(request: HttpRequest, user: User, reader: Reader, own_rep: int | None) -> Scope | None:
    """Read whose goals are asked for: a rep sees their own, others those of a rep they name."""
    asked = request.GET.get("rep", "") or (str(own_rep or "") if user.role == Role.REP else "")
    if not asked:
        return None
    found = next((scope for scope in reader.allowed if scope.kind == "rep" and str(scope.id) == asked), None)
    if found is None:
        raise Unreadable(_("There is no such rep whose goals you may see."))
    return found


def _own_rep(user: User) -> int | None:
    return Rep.objects.filter(user=user).values_list("pk", flat=True).first()


@page
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Enter the targets of everybody for one KPI and one window."""
    user = who(request)
    one = _sheet(request)
    settable(user, one.today)
    everybody = dict(sheet.owners(one))
    others = access.others_targets(user, [(scope, one.window.start_on, one.window.last_on) for scope in everybody], one.today)
    owners = {scope: depth for scope, depth in everybody.items() if scope not in others}
    found = sheet.present(one)
    present = {scope: found[scope.kind, scope.id] for scope in owners if (scope.kind, scope.id) in found}
    form = TargetsForm(request.POST if request.method == "POST" else None, owners=list(owners), present=present)
    if request.method == "POST" and form.is_valid():
        if access.others_targets(user, [(scope, one.window.start_on, one.window.last_on) for scope in form.changed()], one.today):
            raise PermissionDenied(_("Some of these targets are set by others."))
        try:
            saved = services.set_targets(one.kpi.key, one.window, form.changed(), by=user.pk, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, said(saved, one.kpi, one.window)) if saved.total else messages.info(request, _("Nothing was changed."))
            return redirect(reverse("dashboards:goals-enter") + written({"kpi": one.kpi.key, "period": one.window.key}))
    context = {
        "section": "goals",
        "sheet": one,
        "form": form,
        "lines": sheet.lines(one, form, owners),
        "names": sheet.period_names(one),
        "kpis": kpi_choices(),
        "periods": _periods(one),
    }
    return render(request, "goals/enter.html", context, status=400 if form.errors else 200)


def asked_kpi(request: HttpRequest) -> Kpi:
    """Read which KPI is planned: revenue when none is named."""
    key = request.GET.get("kpi", "revenue")
    if not can_have_goal(key):
        raise Unreadable(_("“%(key)s” is no KPI that can have a target. Choose one from the list.") % {"key": key})
    return selectors.kpi(key)


def _sheet(request: HttpRequest) -> Sheet:
    """Read which KPI and window: revenue and the running quarter when none is named."""
    organisation, today = Organisation.get(), clock.today()
    calendar = periods.calendar(organisation)
    window = selections.read_window(request.GET, calendar, today)
    return Sheet(asked_kpi(request), window, calendar, organisation.currency, today)


def _periods(one: Sheet) -> list[tuple[str, str, bool]]:
    """Return the windows that are entered most: this and the next month, quarter and year, and those around the chosen one."""
    windows = []
    for grain in ("month", "quarter", "year"):
        running = one.calendar.containing(grain, one.today)
        windows += [running, one.calendar.following(running)]
    windows += [window for window in (one.calendar.previous(one.window), one.window, one.calendar.following(one.window)) if window not in windows]
    windows.sort(key=lambda window: (window.days, window.start_on))
    return [(window.key, dates.window_name(window), window == one.window) for window in windows]


def said(saved: services.Saved, kpi: Kpi, window: Window) -> str:
    words: dict[str, Any] = {"count": saved.total, "kpi": kpi.name, "period": dates.window_name(window)}
    return (
        ngettext(
            "%(count)s target saved: %(kpi)s, %(period)s. Boards show it now.",
            "%(count)s targets saved: %(kpi)s, %(period)s. Boards show them now.",
            saved.total,
        )
        % words
    )


@page
@require_http_methods(["GET", "HEAD", "POST"])
def goal(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add a single goal, or change one."""
    user, organisation = who(request), Organisation.get()
    today = clock.today(organisation)
    theirs = settable(user, today)
    row = Goal() if pk is None else _settable_or_404(pk, user, today)
    initial = {"kpi": request.GET.get("kpi", "revenue")} if pk is None else {}
    with authorship.written(by=user.pk, reason=request.POST.get("reason", "")):
        if row.pk and request.method == "POST":  # nobody else writes it while it is looked at and written
            row = get_object_or_404(Goal.objects.select_for_update(), pk=pk)
        form = GoalForm(request.POST or None, instance=row, initial=initial, allowed=theirs)
        is_saved = request.method == "POST" and form.is_valid() and not _is_others(form, user, today)
        if is_saved:
            form.save()
    if is_saved:
        messages.success(request, _("The goal is saved. Boards show it now."))
        return redirect("dashboards:goals")
    lead_to_fault(form)
    past = [] if pk is None else history.lines(row, organisation.currency, periods.calendar(organisation))
    context = {"section": "goals", "form": form, "goal": None if pk is None else row, "history": past}
    return render(request, "goals/goal.html", context, status=400 if form.errors else 200)


def _is_others(form: GoalForm, user: User, today: date) -> bool:
    """Say, in the form too, whether a target is somebody else's to set on its days."""
    row, owner = form.instance, {(scope.kind, scope.id): scope for scope in access.targets_to_set(user, today)}
    scope = owner.get(owner_of(row))
    if scope and not access.others_targets(user, [(scope, row.start_on, row.last_on)], today):
        return False
    form.add_error("start_on", _("On these days this target is set by others."))
    return True


def _settable_or_404(pk: int, user: User, today: date) -> Goal:
    """Return a goal; what is not there and what is not theirs to set is equally not found."""
    theirs = access.targets_to_set(user, today)
    row = get_object_or_404(Goal.objects.filter(goals_of(theirs)), pk=pk)
    scope = next(scope for scope in theirs if (scope.kind, scope.id) == owner_of(row))
    if access.others_targets(user, [(scope, row.start_on, row.last_on)], today):
        raise Http404(_("There is no such goal, or others set it."))
    return row


@page
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a goal."""
    user = who(request)
    settable(user, clock.today())
    row = _settable_or_404(pk, user, clock.today())
    try:
        with authorship.written(by=user.pk, reason=request.POST.get("reason", "")):
            row.delete()
    except IntegrityError as error:
        messages.error(request, violations.explain(error))
    else:
        messages.success(request, _("The goal is deleted."))
    return redirect("dashboards:goals")
