"""What customers pay again and again, how that moves, and what a customer is worth."""

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.kpis.catalogue.customers import CUSTOMERS
from apps.kpis.catalogue.words import COMPANY, COUNT, DOWN, MONEY, PERCENT, RATIO, UP
from apps.kpis.declarations import Basis, Inputs, Kind, Kpi, Measure, Ratio, Sum, Term, Use, number, start, total

BY_SUBSCRIPTION = _("The rep the subscription is credited to.")
BY_SUBSCRIPTION_NOW = _("The rep the subscription is credited to, and the team they were in, at that moment.")
NO_AMOUNT = _("Subscriptions without an amount, or without an exchange rate for it.")
NOTHING_AT_START = _("Nothing recurred at the start.")
ON_MOVEMENT = _("The day the customer’s monthly amount changed.")
OF_ALL = _(
    "Some follow only the customers of the start; here changes of customers won in the period count too. "
    "What passes from one rep to another is neither won nor lost: what kind a change is, the customer’s sum over all reps decides."
)

CAP_MONTHS, DAYS_A_YEAR = 60, Decimal(365)
CAPPED = _("So few customers leave that they would stay longer than 60 months: capped at 60.")


def subscriptions(step: str, name: Promise) -> Measure:
    return Measure(f"subscriptions_{step}", name, "subscriptions", when=f"step = '{step}'")


def movement(kind: str, name: Promise) -> Measure:
    return Measure(f"mrr_{kind}", name, "movements", amount="amount", when=f"kind = '{kind}'")


MEASURES = (
    Measure(
        "mrr",
        _("Recurring revenue a month"),
        "subscriptions",
        amount="sign * mrr",
        when="sign <> 0",
        unknown="mrr IS NULL",
        kind=Kind.STOCK,
    ),
    Measure("mrr_cancelled", _("Monthly amount cancelled"), "subscriptions", amount="mrr", when="step = 'cancelled'", unknown="mrr IS NULL"),
    Measure("paying_accounts", _("Paying customers"), "accounts", amount="sign", kind=Kind.STOCK, is_whole=True),
    movement("new", _("Monthly amount of new customers")),
    movement("expansion", _("Monthly amount added")),
    movement("contraction", _("Monthly amount reduced")),
    # Where a rate is missing, nobody knows whether anything was lost: that is said here, once for all kinds of changes.
    Measure("mrr_churned", _("Monthly amount lost"), "movements", amount="amount", when="kind IN ('churned', 'unrated')", unknown="kind = 'unrated'"),
    movement("reactivated", _("Monthly amount come back")),
    Measure("mrr_passed", _("Monthly amount passed between reps"), "movements", amount="passed"),
    Measure("mrr_unrated", _("Monthly amount beside subscriptions without a rate"), "movements", amount="unrated"),
    subscriptions("started", _("Subscriptions started")),
    subscriptions("activated", _("Subscriptions activated")),
    subscriptions("cancelled", _("Subscriptions cancelled")),
)


def months_a_customer_stays(inputs: Inputs) -> Decimal | None:
    """Return one divided by the share of customers that leaves in a month, not capped; Infinity when none leaves, None when none was there."""
    there, gone = inputs.of(Use("active_customers", Basis.START)), inputs.of(Use("customers_gone"))
    if there <= 0 or inputs.days <= 0:
        return None
    return there * inputs.days * 12 / DAYS_A_YEAR / gone if gone else Decimal("Infinity")


def capped(inputs: Inputs) -> Decimal | None:
    months = months_a_customer_stays(inputs)
    return None if months is None else min(months, Decimal(CAP_MONTHS))


def said_when_capped(inputs: Inputs) -> str | Promise:
    months = months_a_customer_stays(inputs)
    return CAPPED if months is not None and months > CAP_MONTHS else ""


LIFETIME = Term(
    capped,
    (Use("active_customers", Basis.START), Use("customers_gone")),
    "min(60, active_customers at the start ÷ customers_gone × days × 12 ÷ 365)",
)
WORTH = total("mrr") * (total("won_costed_amount") - total("won_cost")) * LIFETIME  # …of all accounts, before what it is divided by
WORTH_PER = total("paying_accounts") * total("won_costed_amount")
COST_PER = total("sales_marketing_cost") / total("customers_acquired")

KPIS = (
    Kpi(
        key="mrr",
        name=_("Monthly recurring revenue"),
        formula=Sum(total("mrr")),
        unit=MONEY,
        better=UP,
        definition=_("What customers pay a month on the subscriptions that run at the end of the period, or now."),
        family=CUSTOMERS,
        date_basis=_("Running at the end of the last day; a subscription pays from its first day until the day before it ends."),
        owner_basis=BY_SUBSCRIPTION_NOW,
        left_out=NO_AMOUNT,
        elsewhere=_("A yearly amount counts by a twelfth each month. Some count a subscription from the day it is signed, or until the day it is cancelled."),
    ),
    Kpi(
        key="arr",
        name=_("Annual recurring revenue"),
        formula=Sum(total("mrr") * number(12)),
        unit=MONEY,
        better=UP,
        definition=_("Twelve times the monthly recurring revenue at the end of the period, or now."),
        family=CUSTOMERS,
        date_basis=_("Running at the end of the last day; a subscription pays from its first day until the day before it ends."),
        owner_basis=BY_SUBSCRIPTION_NOW,
        left_out=NO_AMOUNT,
        elsewhere=_("Some count only contracts of a year or longer."),
    ),
    Kpi(
        key="nrr",
        name=_("Net revenue retention"),
        formula=Ratio(start("mrr") + total("mrr_expansion") - total("mrr_contraction") - total("mrr_churned"), start("mrr"), factor=100),
        unit=PERCENT,
        better=UP,
        definition=_("The monthly amount at the start of the period with what was added, less what was reduced and lost in it, as a share of the start."),
        family=CUSTOMERS,
        date_basis=ON_MOVEMENT,
        owner_basis=BY_SUBSCRIPTION,
        left_out=NO_AMOUNT,
        elsewhere=OF_ALL,
        no_value=NOTHING_AT_START,
    ),
    Kpi(
        key="grr",
        name=_("Gross revenue retention"),
        formula=Ratio(start("mrr") - total("mrr_contraction") - total("mrr_churned"), start("mrr"), factor=100),
        unit=PERCENT,
        better=UP,
        definition=_("The monthly amount at the start of the period, less what was reduced and lost in it, as a share of the start."),
        family=CUSTOMERS,
        date_basis=ON_MOVEMENT,
        owner_basis=BY_SUBSCRIPTION,
        left_out=NO_AMOUNT,
        elsewhere=OF_ALL,
        no_value=NOTHING_AT_START,
    ),
    Kpi(
        key="revenue_churn",
        name=_("Revenue churn"),
        formula=Ratio(total("mrr_churned") + total("mrr_contraction"), start("mrr"), factor=100),
        unit=PERCENT,
        better=DOWN,
        definition=_("The monthly amount lost or reduced in the period, as a share of the monthly amount at its start."),
        family=CUSTOMERS,
        date_basis=ON_MOVEMENT,
        owner_basis=BY_SUBSCRIPTION,
        left_out=NO_AMOUNT,
        elsewhere=_("“Revenue churn by cancellation” counts on the day a subscription was cancelled. Some leave reductions out, or take what was added off."),
        no_value=NOTHING_AT_START,
    ),
    Kpi(
        key="revenue_churn_cancelled",
        name=_("Revenue churn by cancellation"),
        formula=Ratio(total("mrr_cancelled"), start("mrr"), factor=100),
        unit=PERCENT,
        better=DOWN,
        definition=_("The monthly amount of the subscriptions cancelled in the period, as a share of the monthly amount at its start."),
        family=CUSTOMERS,
        date_basis=_("The day the subscription was cancelled, although it may still be paid for a while."),
        owner_basis=BY_SUBSCRIPTION,
        left_out=NO_AMOUNT,
        elsewhere=_("“Revenue churn” counts on the day the amount is no longer paid, and reductions too."),
        no_value=NOTHING_AT_START,
    ),
    Kpi(
        key="arpa",
        name=_("Average revenue per account"),
        formula=Ratio(total("mrr"), total("paying_accounts")),
        unit=MONEY,
        better=UP,
        definition=_("The monthly recurring revenue at the end of the period divided by the customers who pay it."),
        family=CUSTOMERS,
        date_basis=_("Running at the end of the last day; a subscription pays from its first day until the day before it ends."),
        owner_basis=_("Whoever has subscriptions of the customer; a scope that holds several of them counts the customer once."),
        left_out=NO_AMOUNT,
        elsewhere=_("Some divide the revenue of the period by the average number of customers."),
        no_value=_("No customer pays again and again."),
    ),
    Kpi(
        key="clv",
        name=_("Customer lifetime value"),
        formula=Ratio(WORTH, WORTH_PER),
        unit=MONEY,
        better=UP,
        definition=_("Average revenue per account × profit margin × the months a customer stays at the period’s churn, at most 60."),
        family=CUSTOMERS,
        date_basis=_("Accounts at the end of the period; deals closed and customers lost in it."),
        owner_basis=_("As its parts: subscriptions, deals and customers are each credited in their own way."),
        left_out=_("Subscriptions and deals without an amount, or without an exchange rate for it, and deals without a direct cost."),
        elsewhere=_("Some leave the margin out, discount later years, or do not cap the months."),
        no_value=_("No customer pays again and again, or no margin is known."),
        note=said_when_capped,
        has_goals=False,
    ),
    Kpi(
        key="clv_to_cac",
        name=_("Lifetime value to acquisition cost"),
        formula=Ratio(WORTH, WORTH_PER * COST_PER),
        unit=RATIO,
        better=UP,
        definition=_("Customer lifetime value divided by customer acquisition cost."),
        family=CUSTOMERS,
        date_basis=_("Accounts at the end of the period; deals closed, customers won and lost, and money spent in it."),
        owner_basis=_("The company as a whole: what is spent on sales and marketing belongs to no rep."),
        left_out=_(
            "Subscriptions and deals without an amount, or without an exchange rate for it, deals without a direct cost, and expenses without an exchange rate."
        ),
        elsewhere=_("Some leave the margin out, or set the cost of an earlier period against it. Three is often called healthy."),
        no_value=_("No customer pays again and again, no margin is known, or nothing was spent."),
        note=said_when_capped,
        has_goals=False,
        scopes=COMPANY,
    ),
    Kpi(
        key="subscriptions_started",
        name=_("Subscriptions started"),
        formula=Sum(total("subscriptions_started")),
        unit=COUNT,
        better=UP,
        definition=_("The number of subscriptions that started in the period."),
        family=CUSTOMERS,
        date_basis=_("The first day that is paid for."),
        owner_basis=BY_SUBSCRIPTION,
        elsewhere=_("A new price that is written as a new subscription counts as one more."),
    ),
    Kpi(
        key="subscriptions_activated",
        name=_("Subscriptions activated"),
        formula=Sum(total("subscriptions_activated")),
        unit=COUNT,
        better=UP,
        definition=_("The number of subscriptions that customers began to use in the period."),
        family=CUSTOMERS,
        date_basis=_("The day the customer began to use it."),
        owner_basis=BY_SUBSCRIPTION,
        left_out=_("Subscriptions without a day of activation."),
        elsewhere=_("Others count the day a subscription was signed or first billed."),
    ),
    Kpi(
        key="subscriptions_cancelled",
        name=_("Subscriptions cancelled"),
        formula=Sum(total("subscriptions_cancelled")),
        unit=COUNT,
        better=DOWN,
        definition=_("The number of subscriptions that customers cancelled in the period."),
        family=CUSTOMERS,
        date_basis=_("The day the customer said it would end; it may be paid for longer."),
        owner_basis=BY_SUBSCRIPTION,
        elsewhere=_("A subscription that only ends, such as one that is replaced by another, is not cancelled."),
    ),
)
