"""A figure narrowed to one product or campaign, read from its address and chosen on its page."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.campaigns.models import Campaign
from apps.dashboards.selection import Unreadable
from apps.kpis import narrowing
from apps.kpis.declarations import Kpi
from apps.kpis.narrowing import Only
from apps.opportunities.models import Product

MODELS: dict[str, type[Model]] = {"product": Product, "campaign": Campaign}
NAMES = {"product": (gettext_lazy("Product"), gettext_lazy("All products")), "campaign": (gettext_lazy("Campaign"), gettext_lazy("All campaigns"))}


@dataclass(frozen=True)
class Choice:
    """One picker: its field, what it is called, what all of them are called, and the rows with the chosen one's number."""

    field: str
    name: str
    every: str
    rows: tuple[tuple[int, str], ...]
    chosen: int


def read(query: Mapping[str, str], kpi: Kpi) -> Only | None:
    """Read `product=` or `campaign=`; one of the two, where the KPI can be narrowed to it."""
    named = {field: query[field] for field in narrowing.FIELDS if query.get(field)}
    if len(named) > 1:
        raise Unreadable(_("Narrow to a product or to a campaign, not to both."))
    for field, text in named.items():
        if field not in narrowing.fields_of(kpi):
            raise Unreadable(
                _("“%(kpi)s” cannot be narrowed to a %(field)s: its records have none.") % {"kpi": kpi.name, "field": str(NAMES[field][0]).lower()}
            )
        if not text.isdecimal() or len(text) > 17 or not MODELS[field]._default_manager.filter(pk=int(text)).exists():
            raise Unreadable(_("There is no such %(field)s. Choose one from the list.") % {"field": str(NAMES[field][0]).lower()})
        return Only(field, int(text))
    return None


def choices(kpi: Kpi, only: Only | None) -> list[Choice]:
    """Return what the figure can be narrowed to, where there is any to choose."""
    found = []
    for field in narrowing.fields_of(kpi):
        rows = tuple((row.pk, str(row)) for row in MODELS[field]._default_manager.all())
        if rows:
            name, every = NAMES[field]
            found.append(Choice(field, str(name), str(every), rows, only.id if only and only.field == field else 0))
    return found
