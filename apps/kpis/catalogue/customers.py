"""Who buys, and who stays."""

from django.utils.translation import gettext_lazy as _

from apps.kpis.catalogue.words import COUNT, UP
from apps.kpis.declarations import Kpi, Measure, Sum, total

CUSTOMERS = _("Customers")

MEASURES = (Measure("customers_acquired", _("Customers acquired"), "customers", when="step = 'acquired'"),)

KPIS = (
    Kpi(
        key="new_customers",
        name=_("New customers"),
        formula=Sum(total("customers_acquired")),
        unit=COUNT,
        better=UP,
        definition=_("The number of customers won in the period."),
        family=CUSTOMERS,
        date_basis=_("The day they became a customer."),
        owner_basis=_("The rep who won them."),
    ),
)
