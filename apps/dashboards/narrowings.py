"""Pages narrowed to one product or campaign: read from their address, chosen on them, and said."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.campaigns.models import Campaign
from apps.dashboards.selection import Selection, Unreadable, read_number, written
from apps.kpis import narrowing
from apps.kpis.declarations import Kpi
from apps.opportunities.models import Product
from apps.reps.scopes import Only

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


@dataclass(frozen=True)
class Link:
    """One row of a menu, and the same page narrowed to it."""

    name: str
    url: str
    is_chosen: bool


def read(query: Mapping[str, str]) -> Only | None:
    """Read `product=` or `campaign=`, one of the two; a query where there is one."""
    named = {field: query[field] for field in narrowing.FIELDS if query.get(field)}
    if len(named) > 1:
        raise Unreadable(_("Narrow to a product or to a campaign, not to both."))
    for field, text in named.items():
        number = read_number(text)
        row = None if number is None else MODELS[field]._default_manager.filter(pk=number).first()
        if row is None:
            raise Unreadable(_("There is no such %(field)s. Choose one from the list.") % {"field": str(NAMES[field][0]).lower()})
        return Only(field, row.pk, str(row))
    return None


def choices(kpi: Kpi, only: Only | None) -> list[Choice]:
    """Return what a figure can be narrowed to, where there is any to choose."""
    found = []
    for field in narrowing.fields_of(kpi):
        if rows := _rows(field):
            name, every = NAMES[field]
            found.append(Choice(field, str(name), str(every), rows, only.id if only and only.field == field else 0))
    return found


def menu(query: Mapping[str, str]) -> list[tuple[str, list[Link]]]:
    """Return the ways to narrow a page that is asked for with `query`, by what they are called: links from that page to itself."""
    kept, only = {name: value for name, value in query.items() if name not in narrowing.FIELDS}, read(query)
    found = []
    for field, (name, every) in NAMES.items():
        if rows := _rows(field):
            chosen = only.id if only and only.field == field else 0
            links = [Link(label, written({**kept, field: str(pk)}), pk == chosen) for pk, label in rows]
            found.append((str(name), [Link(str(every), written(kept) or "?", not chosen), *links]))
    return found


def _rows(field: str) -> tuple[tuple[int, str], ...]:
    return tuple((row.pk, str(row)) for row in MODELS[field]._default_manager.all())


def words(selection: Selection) -> str:
    """Say that a page is narrowed, and what that leaves out; nothing where it is not."""
    if selection.only is None:
        return ""
    told = {
        "product": _("Only what belongs to the product “%(name)s”. Nobody has targets for a product, and what names none, such as activities, stays empty."),
        "campaign": _(
            "Only what came by the campaign “%(name)s”. Nobody has targets for a campaign, and what names none, such as recurring revenue, stays empty."
        ),
    }
    return told[selection.only.field] % {"name": selection.only.name}
