"""Where deals begin."""

from django.utils.translation import gettext_lazy as _

from apps.kpis.catalogue.words import COUNT, PERCENT, UP
from apps.kpis.declarations import Kpi, Measure, Ratio, Sum, total

LEADS = _("Leads")

MEASURES = (
    Measure("leads_created", _("Leads created"), "leads", when="step = 'created'"),
    Measure("leads_converted", _("Leads that became customers"), "leads", when="step = 'converted'"),
    Measure("campaign_cost", _("Spent on campaigns"), "expenses", amount="amount", when="campaign <> 0"),
    Measure("sales_marketing_cost", _("Spent on sales and marketing"), "expenses", amount="amount"),
)

KPIS = (
    Kpi(
        key="leads_created",
        name=_("New leads"),
        formula=Sum(total("leads_created")),
        unit=COUNT,
        better=UP,
        definition=_("The number of leads that came in the period."),
        family=LEADS,
        date_basis=_("The day the lead was created."),
        owner_basis=_("Whoever the lead was created for."),
    ),
    Kpi(
        key="lead_conversion_rate",
        name=_("Lead conversion rate"),
        formula=Ratio(total("leads_converted"), total("leads_created"), factor=100),
        unit=PERCENT,
        better=UP,
        definition=_("Leads that became customers in the period, for every hundred that came in it."),
        family=LEADS,
        date_basis=_("The day the lead became a customer, and the day it was created."),
        owner_basis=_("Whoever owned the lead at that moment."),
        minimum_volume=5,
    ),
)
