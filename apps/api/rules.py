"""The database's rules in words: by the constraint's name, the field to correct, what is wrong and what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PERCENT = _("A probability is between 0 and 100 (percent).")
NOT_BEFORE_CREATED = _("This day is before the lead was created. Correct it, or created_on.")

RULES: dict[str, tuple[str, str | Promise]] = {
    # reps
    "team_is_not_its_own_parent": ("parent", _("A team cannot be part of itself. Name another team, or none.")),
    "teams_make_a_tree": ("parent", _("A team cannot be part of a team below it. Name a team above it, or none.")),
    "rep_leaves_after_being_hired": ("left_on", _("This is before the rep was hired. Correct it, or hired_on.")),
    "membership_ends_after_it_starts": ("end_on", _("The first day that no longer counts comes after start_on. Correct one of the two.")),
    "rep_is_in_one_team_at_a_time": ("start_on", _("The rep is in a team on some of these days already. End that membership first (end_on), or choose other days.")),
    # campaigns, customers, leads
    "campaign_ends_after_it_starts": ("ended_on", _("A campaign ends on or after the day it starts. Correct ended_on, or started_on.")),
    "customer_is_lost_after_being_won": ("lost_on", _("A customer is lost on or after the day they were won. Correct lost_on, or acquired_on.")),
    "lead_is_qualified_after_it_came": ("qualified_on", NOT_BEFORE_CREATED),
    "lead_is_opened_after_it_came": ("opportunity_on", NOT_BEFORE_CREATED),
    "lead_is_converted_after_it_came": ("converted_on", NOT_BEFORE_CREATED),
    # opportunities
    "stage_has_a_known_kind": ("kind", _("Write open, won or lost.")),
    "stage_probability_is_a_percentage": ("probability", PERCENT),
    "deal_probability_is_a_percentage": ("probability", PERCENT),
    "deal_closes_after_it_opens": ("closed_on", _("A deal closes on or after the day it was created. Correct closed_on, or created_on.")),
    "closing_day_follows_stage": (
        "closed_on",
        _("A deal that is won or lost has a closing day, an open one has none. Write closed_on, or null for a deal in an open stage."),
    ),
    "state_ends_after_it_starts": ("effective_on", _("This contradicts the deal’s earlier states. Choose a later day.")),
    "deal_is_in_one_state_at_a_time": ("effective_on", _("This contradicts the deal’s earlier states. Choose a later day.")),
    "one_credit_per_rep_and_deal": ("credits", _("A rep is named twice. Write one share for each rep.")),
    "credit_is_a_share": ("credits", _("A share is more than 0 and at most 100 (percent).")),
    "credits_add_up": ("credits", _("The shares of a deal add up to 100. Correct them, or write [] to leave the deal to its owner.")),
    # activities
    "activity_is_planned_or_done": ("due_on", _("Write when it is due (due_on), or when it was done (completed_on).")),
    "activity_has_a_known_kind": ("kind", _("Write call, email, meeting, demo or onboarding.")),
    # goals
    "goal_names_whose_it_is": ("scope", _("Name exactly the region, team or rep that the scope says, and none for the company.")),
    "goal_ends_after_it_starts": ("last_on", _("The last day is on or after the first. Correct last_on, or start_on.")),
    "one_goal_per_kpi_scope_and_window": ("start_on", _("There is a goal for this KPI, scope and window already. Change that one.")),
}
