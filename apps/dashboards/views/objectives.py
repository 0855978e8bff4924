"""Objectives: the trees somebody sees, the page of one with what is told of it, and its forms."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import User
from apps.core import clock, periods
from apps.core.models import Organisation
from apps.dashboards.asking import page_number
from apps.dashboards.goals import WHEN
from apps.dashboards.goals.form import lead_to_fault
from apps.dashboards.objectives import history, telling, trees
from apps.dashboards.objectives.drawn import drawn
from apps.dashboards.objectives.form import ObjectiveForm, SplitForm, StepForm, TellForm
from apps.dashboards.selection import Unreadable, written
from apps.dashboards.views.pages import page, who
from apps.objectives import access, selectors, services, splitting
from apps.objectives.models import BY_HAND, CheckIn, Measured, Objective, Step

SHOWN = 20  # check-ins; those before are folded


@page
@require_safe
def objectives(request: HttpRequest) -> HttpResponse:
    """Draw the trees the viewer may see."""
    user, when = who(request), request.GET.get("when", "running")
    if when not in WHEN:
        raise Unreadable(_("Write when=running, coming or past."))
    reader = trees.reader(user)
    found, shown = trees.draw(trees.tops(reader, when), reader, page_number(request))
    context = {
        "section": "goals",
        "trees": found,
        "tabs": [(str(name), written({"when": key}), key == when) for key, name in WHEN.items()],
        "may_set": bool(access.scopes_to_set(user, reader.today)),
        "is_rep": access.own_rep(user) is not None,
        "previous_url": written({"when": when, "page": str(shown.number - 1)}) if shown.has_previous() else "",
        "next_url": written({"when": when, "page": str(shown.number + 1)}) if shown.has_next() else "",
    }
    return render(request, "objectives/objectives.html", context)


def _visible_or_404(user: User, pk: int) -> Objective:
    """Return an objective; what is not there and what is not theirs is equally not found."""
    row = access.visible(user, clock.today()).filter(pk=pk).select_related("region", "team", "rep", "parent").first()
    if row is None:
        raise Http404(_("There is no objective with number %(pk)s.") % {"pk": pk})
    return row


def _is_visible(user: User, pk: int) -> bool:
    return access.visible(user, clock.today()).filter(pk=pk).exists()


def _settable_or_404(user: User, pk: int) -> Objective:
    row = _visible_or_404(user, pk)
    if not access.may_set(user, row, clock.today()):
        raise PermissionDenied(_("This objective is set by others."))
    return row


@page
@require_safe
def objective(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one objective: its tree, what was told of it, and its history."""
    user = who(request)
    return _shown(request, user, _visible_or_404(user, pk))


def _shown(
    request: HttpRequest, user: User, row: Objective, *, tell: Form | None = None, split: Form | None = None, step: tuple[int, Form] | None = None
) -> HttpResponse:
    """Show an objective, with the form that was refused, if one was."""
    reader = trees.reader(user)
    node = next(iter(selectors.trees([row.pk], on=reader.today, calendar=reader.calendar)), None)
    if node is None:
        raise Http404(_("It was deleted meanwhile."))
    may_add, may_tell = access.may_add_parts(user, row, reader.today), access.may_tell(user, row, reader.today)
    by_hand = row.measured in BY_HAND and not selectors.is_counted_by_parts(row, node.by_parts)
    day = row.nearest_day(reader.today).isoformat()
    has_begun = row.start_on <= reader.today
    kinds, ways = (splitting.kinds(row, reader.today), services.ways(row)) if may_add else ([], [])
    told = telling.told(row, user, reader) if row.measured in BY_HAND else []
    for refused in filter(None, (tell, split, step and step[1])):
        lead_to_fault(refused)
    context = {
        "section": "goals",
        "row": row,
        "tree": drawn(node, reader),
        "above": trees.above(row, reader),
        "may_set": access.may_set(user, row, reader.today),
        "may_add": may_add,
        "tell": (tell or TellForm(objective=row, initial={"day": day})) if by_hand and may_tell and has_begun else None,
        "told": told[:SHOWN],
        "told_before": told[SHOWN:],
        "by_hand": by_hand or bool(told),
        "steps": telling.steps(row, step, day) if row.measured == Measured.CHECKLIST else [],
        "may_tick": may_tell and has_begun,
        "split": (split or SplitForm(kinds=kinds, ways=ways)) if kinds and ways else None,
        "history": history.lines(access.versions(user, row, reader.today), reader.currency, reader.calendar),
    }
    return render(request, "objectives/objective.html", context, status=400 if tell or split or step else 200)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add an objective: a tree of its own, a part of another, or a rep's personal one."""
    user, today = who(request), clock.today()
    whole = _visible_or_404(user, _number(request.GET["part_of"])) if "part_of" in request.GET else None
    if whole and not access.may_add_parts(user, whole, today):
        raise PermissionDenied(_("Parts of this objective are set by others."))
    row = Objective(parent=whole, is_personal=whole.is_personal if whole else "personal" in request.GET)
    if row.is_personal:
        own = access.own_rep(user)
        if own is None:
            raise PermissionDenied(_("Personal objectives are for reps."))
        row.scope, row.rep = "rep", own
    elif whole:
        row.scope, row.region, row.team, row.rep = whole.scope, whole.region, whole.team, whole.rep
    if not row.is_personal and not access.scopes_to_set(user, today):
        raise PermissionDenied(_("Objectives are set by admins, and by managers where the organisation allows it."))
    return _form(request, user, row)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Unreadable(_("Write part_of= and the number of an objective."))
    return int(text)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an objective."""
    user = who(request)
    return _form(request, user, _settable_or_404(user, pk))


def _form(request: HttpRequest, user: User, row: Objective) -> HttpResponse:
    """Show the form of an objective, and write what it holds."""
    organisation, is_new = Organisation.get(), row.pk is None
    today, whole = clock.today(organisation), row.parent
    running = whole or periods.calendar(organisation).containing("quarter", today)
    initial = {"start_on": running.start_on, "last_on": running.last_on} if is_new else {}
    visible = set(access.visible(user, today).values_list("pk", flat=True))
    with transaction.atomic():
        if not is_new and request.method == "POST":  # nobody else writes it while it is looked at and written
            row = get_object_or_404(Objective.objects.select_for_update(), pk=row.pk)
        may_delete = not is_new and access.may_delete(user, row, today)
        may_move = is_new or access.may_move(user, row, today)
        allowed = access.scopes_to_set(user, today)
        form = ObjectiveForm(request.POST or None, instance=row, initial=initial, allowed=allowed, whole=whole, visible=visible, may_move=may_move)
        if request.method == "POST" and form.is_valid() and _is_saved(form, user):
            messages.success(request, _("The objective is saved."))
            return redirect("dashboards:objective", form.instance.pk)
    lead_to_fault(form)
    context: dict[str, Any] = {"section": "goals", "form": form, "row": None if is_new else row, "is_personal": row.is_personal}
    context["whole"] = whole if whole and whole.pk in visible else None
    context["parts"] = 0 if is_new else selectors.below([row.pk]).count() - 1
    context["may_delete"] = may_delete
    return render(request, "objectives/form.html", context, status=400 if form.errors else 200)


def _is_saved(form: ObjectiveForm, user: User) -> bool:
    try:
        services.save(form.instance, steps=form.cleaned_data["steps"], by=user.pk, reason=form.cleaned_data["reason"])
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


@page
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an objective away, with its parts."""
    user = who(request)
    row = _settable_or_404(user, pk)
    if not access.may_delete(user, row, clock.today()):
        raise PermissionDenied(_("Some of its parts are set by others: they go with it only if an admin deletes it."))
    whole = row.parent_id
    count = services.delete(row, by=user.pk, reason=request.POST.get("reason", ""))
    messages.success(request, ngettext("The objective is deleted.", "%(count)s objectives are deleted: it and its parts.", count) % {"count": count})
    return redirect("dashboards:objective", whole) if whole and _is_visible(user, whole) else redirect("dashboards:objectives")


@page
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell what an objective that is measured by hand stands at."""
    user, today = who(request), clock.today()
    row = _visible_or_404(user, pk)
    if request.method != "POST":
        return redirect("dashboards:objective", pk)
    _refuse_others(user, row)
    form = TellForm(request.POST, objective=row)
    if form.is_valid():
        told = form.cleaned_data
        try:
            services.tell(row, told["day"], told["value"], today=today, note=told["note"], by=user)
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("Noted."))
            return redirect(reverse("dashboards:objective", args=[pk]))
    return _shown(request, user, row, tell=form)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def untell(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was told, by the number of the check-in."""
    user = who(request)
    told = CheckIn.objects.filter(pk=pk).first()
    if told is None:
        raise Http404(_("It is gone already."))
    row = _visible_or_404(user, told.objective_id)
    if request.method == "POST":
        if not access.may_take_back(user, told, clock.today()):
            raise PermissionDenied(_("What was told is taken back by who told it, and by who sets the objective."))
        try:
            services.take_back(told, by=user)
        except ValidationError as error:
            messages.info(request, " ".join(error.messages))
        else:
            messages.success(request, _("Taken back."))
    return redirect("dashboards:objective", row.pk)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def tick(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a step of a checklist is done, or not; by the number of the step."""
    user, today = who(request), clock.today()
    step = Step.objects.filter(pk=pk).first()
    if step is None:
        raise Http404(_("There is no such step any more."))
    row = _visible_or_404(user, step.objective_id)
    if request.method != "POST":
        return redirect("dashboards:objective", row.pk)
    _refuse_others(user, row)
    form = StepForm(request.POST, auto_id=f"step-{pk}-%s")
    if form.is_valid():
        done_on = form.cleaned_data["done_on"] if "not_yet" not in request.POST else None
        try:
            services.tick(step, done_on, today=today, note=form.cleaned_data["note"], by=user)
        except ValidationError as error:
            _add_errors(form, error)
        else:
            return redirect(f"{reverse('dashboards:objective', args=[row.pk])}#steps")
    return _shown(request, user, row, step=(pk, form))


def _add_errors(form: Form, error: ValidationError) -> None:
    """Put what is wrong where the form has a field for it."""
    for name, problems in (error.message_dict if hasattr(error, "error_dict") else {None: error.messages}).items():
        form.add_error(name if name in form.fields else None, problems)


def _refuse_others(user: User, row: Objective) -> None:
    if not access.may_tell(user, row, clock.today()):
        raise PermissionDenied(_("How far this has come is told by whose it is, and by who leads them."))


@page
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an objective a part for each of the teams or people below."""
    user, today = who(request), clock.today()
    row = _visible_or_404(user, pk)
    if request.method != "POST":
        return redirect("dashboards:objective", pk)
    if not access.may_add_parts(user, row, today):
        raise PermissionDenied(_("Parts of this objective are set by others."))
    form = SplitForm(request.POST, kinds=splitting.kinds(row, today), ways=services.ways(row))
    if form.is_valid():
        allowed = {(scope.kind, scope.id) for scope in access.scopes_to_set(user, today)}
        among = [scope for scope in splitting.among(row, form.cleaned_data["among"], today) if (scope.kind, scope.id) in allowed]
        try:
            parts = services.split(row, form.split(among), by=user.pk)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, ngettext("%(count)s part added.", "%(count)s parts added.", len(parts)) % {"count": len(parts)})
            return redirect("dashboards:objective", pk)
    return _shown(request, user, row, split=form)
