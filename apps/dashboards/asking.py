"""Reads from a request what is asked for: whose numbers, which days, as of when; checks that the viewer may ask."""

from datetime import date

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import periods
from apps.core.models import Organisation
from apps.dashboards import narrowings
from apps.dashboards import selection as selections
from apps.dashboards.selection import Selection
from apps.reps import access, places
from apps.reps.scopes import Scope


def asked(request: HttpRequest, user: User, today: date) -> Selection:
    """Read `scope=`, `period=`, `on=`, `team=`, `compare=`, and `product=` or `campaign=`; without a scope, the viewer's own board. Not theirs is not found."""
    scope, organisation = _scope(request, user, today), Organisation.get()
    on = selections.read_on(request.GET, today)
    calendar = places.calendar_of(periods.calendar(organisation), scope, on)
    window = selections.read_window(request.GET, calendar, on)
    look = Selection(scope, window, on, today, calendar, organisation.currency).seen(is_regrouped=selections.read_team(request.GET))
    return look.beside(year=selections.read_beside_year(request.GET)).narrowed(narrowings.read(request.GET))


def _scope(request: HttpRequest, user: User, today: date) -> Scope:
    if text := request.GET.get("scope"):
        return access.scope_or_404(user, *selections.read_scope_key(text), today)
    home = access.home(user, today)
    if home is None:
        raise Http404(_("There is nobody whose numbers you may see yet."))
    return home


def last_page(count: int, size: int) -> int:
    """Return the number of the last page; an empty list has one, too."""
    return max(1, -(-count // size))


def page_number(request: HttpRequest) -> int:
    """Read `page=`; the first where none is named."""
    text = request.GET.get("page", "1")
    if not text.isdecimal() or len(text) > 9 or not 1 <= int(text) <= 1_000_000:
        raise selections.Unreadable(_("“%(text)s” is no page. Write a number from 1.") % {"text": text})
    return int(text)
