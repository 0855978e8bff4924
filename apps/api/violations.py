"""What the database refuses, as an answer: the field, what is wrong, and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import ngettext
from rest_framework.exceptions import ValidationError

from apps.core import violations

# The field to correct, by the rule that is broken; the rule itself carries the words.
FIELDS = {
    "region_working_weekdays_are_weekdays": "working_weekdays",
    "region_has_a_day_off_once": "day",
    "team_is_not_its_own_parent": "parent",
    "teams_make_a_tree": "parent",
    "rep_leaves_after_being_hired": "left_on",
    "membership_ends_after_it_starts": "end_on",
    "rep_is_in_one_team_at_a_time": "start_on",
    "managing_ends_after_it_starts": "end_on",
    "managing_does_not_overlap": "start_on",
    "expense_has_an_amount": "amount",
    "campaign_expense_names_its_campaign": "campaign",
    "expense_has_a_known_kind": "kind",
    "expense_currency_is_a_code": "currency",
    "benchmark_is_more_than_nothing": "target",
    "benchmark_ends_after_it_starts": "last_on",
    "one_benchmark_per_kpi_grain_and_team": "kpi",
    "campaign_ends_after_it_starts": "ended_on",
    "customer_is_lost_after_being_won": "lost_on",
    "customer_is_lost_after_cancelling": "lost_on",
    "customer_cancels_after_being_won": "cancelled_on",
    "one_rate_per_currency_and_day": "day",
    "rate_is_more_than_nothing": "rate",
    "rate_currency_is_a_code": "currency",
    "locked_targets_stay": "start_on",
    "parts_fit_their_whole": "parent",
    "objective_names_whose_it_is": "scope",
    "personal_objective_is_a_reps": "scope",
    "objective_ends_after_it_starts": "last_on",
    "objective_lies_within_reach": "start_on",
    "objective_has_weight": "weight",
    "objective_names_the_kpi_that_measures_it": "kpi",
    "objective_has_the_target_it_needs": "target",
    "objective_target_is_not_negative": "target",
    "objective_goes_somewhere": "baseline",
    "rate_is_of_another_currency": "currency",
    "convert_money": "original_amount",
    "order_currency_is_a_code": "currency",
    "subscription_currency_is_a_code": "currency",
    "quote_currency_is_a_code": "currency",
    "deal_currency_is_a_code": "currency",
    "subscription_original_amount_is_not_negative": "original_amount",
    "subscription_amount_is_not_negative": "amount",
    "subscription_interval_is_a_month_or_more": "interval_months",
    "subscription_is_activated_after_it_starts": "activated_on",
    "subscription_ends_after_it_starts": "ended_on",
    "subscription_is_cancelled_while_it_runs": "cancelled_on",
    "lead_is_qualified_after_it_came": "qualified_on",
    "lead_is_opened_after_it_came": "opportunity_on",
    "lead_is_converted_after_it_came": "converted_on",
    "stage_has_a_known_kind": "kind",
    "stage_probability_is_a_percentage": "probability",
    "stage_of_deals_stays_open_or_closed": "kind",
    "deal_probability_is_a_percentage": "probability",
    "deal_closes_after_it_opens": "closed_on",
    "closing_day_follows_stage": "closed_on",
    "one_credit_per_rep_and_deal": "credits",
    "credit_is_a_share": "credits",
    "credits_add_up": "credits",
    "one_row_per_revision_of_a_quote": "revision",
    "quote_is_accepted_after_it_is_sent": "accepted_on",
    "activity_is_planned_or_done": "due_on",
    "activity_has_a_known_kind": "kind",
    "activity_has_a_direction": "direction",
    "only_an_email_is_delivered": "is_delivered",
    "an_opened_email_was_delivered": "is_delivered",
    "profile_is_read_once_a_day": "read_on",
    "profile_strength_is_at_most_100": "profile_strength",
    "reading_has_a_known_network": "network",
    "post_has_a_known_network": "network",
    "assessment_can_be_scored": "maximum",
    "assessment_score_is_within_its_maximum": "score",
    "goal_names_whose_it_is": "scope",
    "goal_ends_after_it_starts": "last_on",
    "goal_target_is_not_negative": "target",
    "goal_starts_within_reach": "start_on",
    "goal_ends_within_reach": "last_on",
    "one_goal_per_kpi_scope_and_window": "start_on",
}


@contextmanager
def answered() -> Iterator[None]:
    """Write in one transaction; raise ValidationError for whatever the database refuses, also what it checks last."""
    try:
        with transaction.atomic():
            yield
            check_now()
    except (ProtectedError, RestrictedError) as error:
        raise ValidationError({"detail": [_in_use(error)]}) from error
    except (IntegrityError, DataError) as error:
        field, words = fault(error)
        raise ValidationError({field or "detail": [words]}) from error


def check_now() -> None:
    """Let the database check what it checks last."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def fault(error: IntegrityError | DataError) -> tuple[str, str]:
    """Return the field at fault, empty where it is none in particular, and what is wrong and what to do."""
    diagnosis = getattr(error.__cause__, "diag", None)
    rule, detail = getattr(diagnosis, "constraint_name", None) or "", getattr(diagnosis, "message_detail", None) or ""
    taken = violations.KEY.search(detail)
    columns = taken["columns"].split(", ") if taken and rule not in FIELDS else [getattr(diagnosis, "column_name", None) or ""]
    field = FIELDS.get(rule) or (columns[0] if len(columns) == 1 else "")
    return field.removesuffix("_id"), violations.explain(error)


def _in_use(error: ProtectedError | RestrictedError) -> str:
    """Say what still needs the row."""
    rows = list(error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects)
    kinds = sorted({str(row._meta.verbose_name_plural) for row in rows})
    words = ngettext(
        "%(count)d other row needs it (%(kinds)s). Delete that first, or let it name another.",
        "%(count)d other rows need it (%(kinds)s). Delete those first, or let them name another.",
        len(rows),
    )
    return words % {"count": len(rows), "kinds": ", ".join(kinds)}
