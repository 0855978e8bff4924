"""What changed since periods were closed: the list, and the records behind one restated figure."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.core import clock
from apps.dashboards import restated
from apps.dashboards.asking import asked, page_number
from apps.dashboards.selection import Selection, Unreadable, scope_key, written
from apps.dashboards.views.figures import kpi_or_404
from apps.dashboards.views.pages import page, who
from apps.kpis import restatements as kept
from apps.kpis.models import Close
from apps.reps import access

SHOWN = 6  # periods on a page


@page
@require_safe
def restatements(request: HttpRequest) -> HttpResponse:
    """List the closed periods with what changed in each, the latest first."""
    user, number = who(request), page_number(request)
    named = request.GET.get("closed", "")
    selection = asked(request, user, clock.today()).seen(is_regrouped=False).narrowed(None)
    every = Close.objects.filter(reopened_at=None, closed_on__lte=selection.on).select_related("closed_by")
    looks = [(close, selection.at(window=kept.window_of(close))) for close in every]
    chosen = [close for close, look in looks if named in ("", look.period)]
    if named and not chosen:
        raise Unreadable(_("“%(text)s” is no closed period. Choose one from the list.") % {"text": named})
    found = Paginator(chosen, SHOWN).get_page(number)
    query = {"scope": scope_key(selection.scope), **({"closed": named} if named else {})}
    context = {
        "section": "restatements",
        "selection": selection,
        "now": _("Today") if selection.is_now else selection.on_name,
        "cards": [restated.card(close, selection) for close in found],
        "scopes": [(scope_key(scope), scope.name, scope == selection.scope) for scope in access.scopes_for(user, selection.today)],
        "periods": [(look.period, look.period_name, look.period == named) for _close, look in looks],
        "closed": named,
        "previous_url": written({**query, "page": str(found.number - 1)}) if found.has_previous() else "",
        "next_url": written({**query, "page": str(found.number + 1)}) if found.has_next() else "",
    }
    return render(request, "dashboards/restatements.html", context)


@page
@require_safe
def restatement(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Name the records that made a closed period's figure another."""
    kpi, user = kpi_or_404(key), who(request)
    close = get_object_or_404(Close.objects.select_related("closed_by"), pk=pk, reopened_at=None)
    selection: Selection = asked(request, user, clock.today()).seen(is_regrouped=False).narrowed(None).at(window=kept.window_of(close))
    context = {
        "section": "restatements",
        "selection": selection,
        "kpi": kpi,
        "now": _("Today") if selection.is_now else selection.on_name,
        "explained": restated.explained(key, close, selection, user),
        "list_url": written({"scope": scope_key(selection.scope)}),
        "figure_url": selection.figure(key),
    }
    return render(request, "dashboards/restatement.html", context)
