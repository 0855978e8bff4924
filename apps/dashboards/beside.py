"""What stands beside a figure on its page, where a KPI calls for more than its records."""

from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.activities import selectors as activities
from apps.core import dates, numbers
from apps.dashboards.records.sheets import Cell, Table
from apps.dashboards.selection import Selection, board_path
from apps.kpis.declarations import Kpi
from apps.reps import access


def tables(kpi: Kpi, selection: Selection, user: User) -> list[Table]:
    """Return the tables that stand beside a KPI's figure; most have none."""
    beside = BESIDE.get(kpi.key)
    return [beside(selection, user)] if beside else []


def untested(selection: Selection, user: User) -> Table:
    """List who has not been tested for a quarter, as of the period's end or now."""
    on = min(selection.on, selection.window.last_on)
    rows = tuple(
        (
            Cell(one.rep.name, board_path(one.rep) if access.sees_all(user) else ""),
            Cell(_("never") if one.last_on is None else dates.day(one.last_on)),
            Cell("" if one.last_on is None else numbers.days(Decimal((on - one.last_on).days)), is_number=True),
        )
        for one in activities.untested(selection.scope, on=on)
    )
    heads = (Cell(_("Rep")), Cell(_("Last assessment")), Cell(_("Ago"), is_number=True))
    title = _("Untested for a quarter") if on >= selection.today else _("Untested for a quarter on %(day)s") % {"day": dates.day(on)}
    return Table(title, heads, rows, _("Everybody who has worked here for a quarter was tested in the last 13 weeks."))


BESIDE: dict[str, Callable[[Selection, User], Table]] = {"product_expertise": untested}
