"""What was spent to win customers."""

from apps.kpis.streams.arms import NOBODY, Arm, Stream

# Money is spent for the whole company: an expense has no rep and no region.
EXPENSES = Stream(
    key="expenses",
    source="expenses",
    model="campaigns.Expense",
    columns=("amount", "campaign"),
    part="campaign",
    part_of="campaign",
    arms=(Arm("campaigns_expense o", "o.spent_on", NOBODY, columns=("o.amount", "coalesce(o.campaign_id, 0)"), region="0::bigint"),),
)

STREAMS = (EXPENSES,)
