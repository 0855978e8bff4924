"""Who buys, and who stays."""

from django.utils.translation import gettext_lazy as _

from apps.kpis.catalogue.words import COMPANY, COUNT, DOWN, MONEY, NO_RATE_OF_EXPENSE, PERCENT, UP
from apps.kpis.declarations import Kind, Kpi, Measure, Ratio, Sum, start, total, trailing

CUSTOMERS = _("Customers")
BY_WINNER = _("The rep who won the customer.")
NEVER_WON = _("Customers who were lost, but have no day they were won.")

MEASURES = (
    Measure("customers_acquired", _("Customers won"), "customers", when="step = 'acquired'"),
    Measure("customers_lost", _("Customers lost"), "customers", when="step = 'lost'"),
    Measure("customers_lost_first_year", _("Customers lost within 365 days"), "customers", when="step = 'lost' AND days <= 365"),
    Measure("active_customers", _("Customers"), "customers", amount="sign", when="step IN ('acquired', 'lost')", kind=Kind.STOCK, is_whole=True),
    Measure(
        "uncancelled_customers", _("Customers who have not cancelled"), "customers", amount="sign", when="step IN ('acquired', 'cancelled')", kind=Kind.STOCK
    ),
    Measure("customers_gone", _("Customers lost who were there at the start"), "losses", when="step = 'lost'", kind=Kind.WINDOW),
    Measure("customers_cancelled", _("Customers who cancelled and were there at the start"), "losses", when="step = 'cancelled'", kind=Kind.WINDOW),
)

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
        owner_basis=BY_WINNER,
        elsewhere=_("Some count whoever orders for the first time; here the day “customer since” decides."),
    ),
    Kpi(
        key="cac",
        name=_("Customer acquisition cost"),
        formula=Ratio(total("sales_marketing_cost"), total("customers_acquired")),
        unit=MONEY,
        better=DOWN,
        definition=_("What was spent on sales and marketing in the period, divided by the customers won in it."),
        family=CUSTOMERS,
        date_basis=_("The day the money was spent, and the day they became a customer."),
        owner_basis=_("The company as a whole: what is spent on sales and marketing belongs to no rep."),
        left_out=NO_RATE_OF_EXPENSE,
        elsewhere=_("Some take marketing alone, or the spending of an earlier period, by as long as a sale takes."),
        no_value=_("No customer was won."),
        scopes=COMPANY,
    ),
    Kpi(
        key="lost_customers",
        name=_("Lost customers"),
        formula=Sum(total("customers_lost")),
        unit=COUNT,
        better=DOWN,
        definition=_("The number of customers lost in the period, however long they had been there."),
        family=CUSTOMERS,
        date_basis=_("The day they were lost; not the day they said so."),
        owner_basis=BY_WINNER,
        elsewhere=_("Some charge the loss to whoever looks after the customer at that moment."),
    ),
    Kpi(
        key="retention_rate",
        name=_("Customer retention"),
        formula=Ratio(total("active_customers") - total("customers_acquired"), start("active_customers"), factor=100),
        unit=PERCENT,
        better=UP,
        definition=_("The customers at the end of the period without those won in it, out of those at its start."),
        family=CUSTOMERS,
        date_basis=_("The day a customer was won, and the day they were lost."),
        owner_basis=BY_WINNER,
        left_out=NEVER_WON,
        elsewhere=_("Who was won and lost within the period is taken from those who stayed. One hundred less the customer churn leaves them out."),
        no_value=_("There was no customer at the start."),
        minimum_volume=5,
    ),
    Kpi(
        key="churn_rate",
        name=_("Customer churn"),
        formula=Ratio(total("customers_gone"), start("active_customers"), factor=100),
        unit=PERCENT,
        better=DOWN,
        definition=_("Of the customers who were there at the start of the period, the share lost in it."),
        family=CUSTOMERS,
        date_basis=_("The day they were lost; not the day they said so."),
        owner_basis=BY_WINNER,
        left_out=_("Customers who were won and lost within the period, or who have no day they were won."),
        elsewhere=_("“Customer churn by cancellation” counts them on the day they cancelled. Some divide all losses by the average number of customers."),
        no_value=_("There was no customer at the start."),
        minimum_volume=5,
    ),
    Kpi(
        key="churn_rate_cancelled",
        name=_("Customer churn by cancellation"),
        formula=Ratio(total("customers_cancelled"), start("uncancelled_customers"), factor=100),
        unit=PERCENT,
        better=DOWN,
        definition=_("Of the customers who were there at the start of the period and had not cancelled, the share that cancelled in it."),
        family=CUSTOMERS,
        date_basis=_("The day they said they would leave; without one, the day they were lost."),
        owner_basis=BY_WINNER,
        left_out=_("Customers who were won and cancelled within the period, or who have no day they were won."),
        elsewhere=_("“Customer churn” counts them on the day they were lost, which comes later."),
        no_value=_("There was no customer at the start."),
        minimum_volume=5,
    ),
    Kpi(
        key="early_churn",
        name=_("Lost in the first year"),
        formula=Ratio(total("customers_lost_first_year"), trailing("customers_acquired"), factor=100),
        unit=PERCENT,
        better=DOWN,
        definition=_("Customers lost in the period within 365 days of being won, for every hundred won in the 365 days that end with it."),
        family=CUSTOMERS,
        date_basis=_("The day they were lost, and the day they were won."),
        owner_basis=BY_WINNER,
        left_out=NEVER_WON,
        elsewhere=_("Some follow the customers of one month and say how many of them were lost a year later."),
        no_value=_("No customer was won in the 365 days."),
        minimum_volume=5,
    ),
)
