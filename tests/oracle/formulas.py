"""Every KPI's formula, written a second time over what the oracle counts; None where there is nothing to divide by."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from apps.core.periods import Calendar, Window
from apps.reps.scopes import Scope
from tests import oracle
from tests.oracle.world import DAY, World

Value = Decimal | None
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Look:
    """What is looked at: a scope over a window, as of the end of day `on`; targets by KPI."""

    world: World
    calendar: Calendar
    scope: Scope
    window: Window
    on: date
    targets: dict[str, Decimal] = field(default_factory=dict)

    @property
    def over_on(self) -> date:
        """The day after the last one that is over."""
        return max(min(self.window.end_on, self.on + DAY), self.window.start_on)

    @property
    def days(self) -> int:
        return (self.over_on - self.window.start_on).days

    def now(self, measure: str) -> Decimal:
        return oracle.amount(self.world, measure, self.scope, self.window.start_on, self.window.end_on, self.on)

    def before(self, measure: str) -> Decimal:
        """The window before, as many days of it as are over of this one."""
        earlier, until = self.calendar.same_elapsed(self.window, self.on)
        return oracle.amount(self.world, measure, self.scope, earlier.start_on, earlier.end_on, until)

    def at_start(self, stock: str) -> Decimal:
        """What stood the evening before the window."""
        return oracle.amount(self.world, stock, self.scope, date.min, self.window.start_on, self.on)

    def in_a_year(self, flow: str) -> Decimal:
        """The 365 days up to the last one that is over."""
        return oracle.amount(self.world, flow, self.scope, self.over_on - YEAR, self.over_on, self.on)


Formula = Callable[[Look], Value]


def over(above: Value, below: Value) -> Value:
    return None if above is None or not below else above / below


def percent(above: Value, below: Value) -> Value:
    share = over(above, below)
    return None if share is None else 100 * share


def counted(measure: str) -> Formula:
    return lambda look: look.now(measure)


def each(above: str, below: str) -> Formula:
    return lambda look: over(look.now(above), look.now(below))


def part(above: str, below: str) -> Formula:
    return lambda look: percent(look.now(above), look.now(below))


def growth(measure: str) -> Formula:
    return lambda look: percent(look.now(measure) - look.before(measure), look.before(measure))


def of_start(stock: str, remaining: Callable[[Look], Decimal]) -> Formula:
    return lambda look: percent(remaining(look), look.at_start(stock))


def share_won(won: str, lost: str) -> Formula:
    return lambda look: percent(look.now(won), look.now(won) + look.now(lost))


def against_target(look: Look) -> Value:
    return percent(look.now("won_amount"), look.targets.get("revenue"))


def coverage(look: Look) -> Value:
    """Nothing covers a target that is reached."""
    missing = look.targets["revenue"] - look.now("won_amount") if "revenue" in look.targets else Decimal(0)
    return over(look.now("expected_amount"), missing) if missing > 0 else None


def per_rep(look: Look) -> Value:
    """By how many reps were there on an average day."""
    return over(look.now("won_amount"), over(look.now("rep_days"), Decimal(look.days)))


def velocity(look: Look) -> Value:
    """Deals won, times their average size, by how many days one took."""
    size, cycle = over(look.now("won_amount"), look.now("won_priced")), over(look.now("cycle_days"), look.now("cycle_deals"))
    return None if size is None else over(look.now("won_count") * size, cycle)


def acquisition_cost(look: Look) -> Value:
    return over(look.now("sales_marketing_cost"), look.now("customers_acquired"))


def months_stayed(look: Look) -> Value:
    """One by the share of customers that leaves in a month of 365 ÷ 12 days; five years at most."""
    there, gone = look.at_start("active_customers"), look.now("customers_gone")
    if not there or not look.days:
        return None
    return min(Decimal(60), there * look.days * 12 / 365 / gone) if gone else Decimal(60)


def lifetime_value(look: Look) -> Value:
    """What a customer pays a month, of which the margin is ours, for as long as one stays."""
    paid = over(look.now("mrr"), look.now("paying_accounts"))
    margin = over(look.now("won_costed_amount") - look.now("won_cost"), look.now("won_costed_amount"))
    months = months_stayed(look)
    return None if paid is None or margin is None or months is None else paid * margin * months


FORMULAS: dict[str, Formula] = {
    # Revenue and growth
    "revenue": counted("won_amount"),
    "deals_won": counted("won_count"),
    "sales_growth": growth("won_amount"),
    "average_deal_size": each("won_amount", "won_priced"),
    "average_purchase_value": each("order_amount", "orders"),
    "profit_margin": lambda look: percent(look.now("won_costed_amount") - look.now("won_cost"), look.now("won_costed_amount")),
    "sales_per_rep": per_rep,
    "target_attainment": against_target,
    # Pipeline
    "opportunities_created": counted("opportunities_created"),
    "pipeline_value": counted("open_amount"),
    "weighted_pipeline": counted("weighted_amount"),
    "pipeline_coverage": coverage,
    "win_rate": share_won("won_count", "lost_count"),
    "win_rate_value": share_won("won_amount", "lost_amount"),
    "win_rate_created": part("created_won", "opportunities_created"),
    "lost_opportunities": counted("lost_count"),
    "lost_to_created": part("lost_count", "opportunities_created"),
    "sales_cycle": each("cycle_days", "cycle_deals"),
    "stage_conversion": part("stage_advances", "stage_entries"),
    "time_in_stage": each("stage_days", "stage_exits"),
    "sales_velocity": velocity,
    "slippage": part("slipped_amount", "due_amount"),
    "quotes_sent": counted("quotes_sent"),
    "quote_to_close": part("won_quoted", "quotes_sent"),
    # Leads
    "leads_created": counted("leads_created"),
    "lead_growth": growth("leads_created"),
    "lead_conversion_rate": part("leads_converted", "leads_created"),
    "mql_conversion_rate": part("leads_converted", "leads_qualified"),
    "lead_to_opportunity": part("leads_to_opportunity", "leads_created"),
    "lead_quality": part("contact_fields", "leads_created"),
    "time_to_convert": each("lead_days_to_convert", "leads_converted"),
    "lead_response_time": each("lead_response_minutes", "leads_responded"),
    "cost_per_lead": each("campaign_cost", "campaign_leads"),
    # Customers
    "new_customers": counted("customers_acquired"),
    "cac": acquisition_cost,
    "lost_customers": counted("customers_lost"),
    "retention_rate": of_start("active_customers", lambda look: look.now("active_customers") - look.now("customers_acquired")),
    "churn_rate": of_start("active_customers", lambda look: look.now("customers_gone")),
    "churn_rate_cancelled": of_start("uncancelled_customers", lambda look: look.now("customers_cancelled")),
    "early_churn": lambda look: percent(look.now("customers_lost_first_year"), look.in_a_year("customers_acquired")),
    # Recurring revenue
    "mrr": counted("mrr"),
    "arr": lambda look: 12 * look.now("mrr"),
    "nrr": of_start("mrr", lambda look: look.at_start("mrr") + look.now("mrr_expansion") - look.now("mrr_contraction") - look.now("mrr_churned")),
    "grr": of_start("mrr", lambda look: look.at_start("mrr") - look.now("mrr_contraction") - look.now("mrr_churned")),
    "revenue_churn": of_start("mrr", lambda look: look.now("mrr_churned") + look.now("mrr_contraction")),
    "revenue_churn_cancelled": of_start("mrr", lambda look: look.now("mrr_cancelled")),
    "arpa": each("mrr", "paying_accounts"),
    "clv": lifetime_value,
    "clv_to_cac": lambda look: over(lifetime_value(look), acquisition_cost(look)),
    "subscriptions_started": counted("subscriptions_started"),
    "subscriptions_activated": counted("subscriptions_activated"),
    "subscriptions_cancelled": counted("subscriptions_cancelled"),
    # Activities, and how reps are seen
    **{kind: counted(kind) for kind in ("calls", "emails", "meetings", "demos", "onboardings")},
    "personalized_outreach": counted("personalized_emails"),
    "personalization_rate": part("personalized_emails", "emails"),
    "email_open_rate": part("emails_opened", "emails_delivered"),
    "followers": counted("followers"),
    "follower_growth": of_start("followers", lambda look: look.now("followers") - look.at_start("followers")),
    "connection_acceptance": part("connections_accepted", "connection_requests"),
    "inbound_inquiries": counted("inbound_inquiries"),
    "profile_views": counted("profile_views"),
    "profile_view_growth": growth("profile_views"),
    "profile_strength": each("profile_strength", "rated_profiles"),
    "shares_per_post": each("shares", "posts"),
    "comments_per_post": each("comments", "posts"),
    "likes_per_post": each("likes", "posts"),
    "product_expertise": part("assessment_points", "assessments"),
}
