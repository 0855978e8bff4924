"""What the database refuses is answered with the field and a remedy, never with a broken page."""

import re
from typing import Any

import pytest

from apps.api import violations
from apps.api.router import ROWS
from apps.core.violations import rules
from apps.opportunities.models import Credit
from tests import make
from tests.api.world import faults, url
from tests.people import People

JSON = {"content_type": "application/json"}


def refused(people: People, method: str, prefix: str, fields: dict[str, Any], row: Any = None) -> dict[str, list[str]]:
    answer = getattr(people.client("carol"), method)(url(prefix, row), fields, **JSON)
    assert answer.status_code == 400, answer.content
    return faults(answer)


def names(model: Any) -> set[str]:
    """The rules of a model that the database holds."""
    raised = {name for trigger in getattr(model._meta, "triggers", []) for name in re.findall(r"CONSTRAINT = '(\w+)'", trigger.get_func(model))}
    return {constraint.name for constraint in model._meta.constraints} | raised


@pytest.mark.parametrize("model", [*(view.queryset.model for view in ROWS.values()), Credit], ids=lambda model: model.__name__)
def test_every_rule_of_a_row_names_a_field_and_has_words(model: Any) -> None:
    assert names(model) <= set(violations.FIELDS)
    assert names(model) <= set(rules())


def test_every_named_rule_exists_and_its_field_is_one_of_the_row() -> None:
    serializers = [view.serializer_class for view in ROWS.values()]
    models = {name: serializer for serializer in serializers for name in names(serializer.Meta.model)}
    assert set(violations.FIELDS) == set(models) | names(Credit)
    for name, serializer in models.items():
        assert violations.FIELDS[name] in serializer.Meta.fields


def test_a_rep_who_leaves_before_being_hired(people: People) -> None:
    assert "left_on" in refused(people, "patch", "reps", {"left_on": "2010-01-01"}, people.alice)


def test_a_rep_in_two_teams_at_once(people: People) -> None:
    said = refused(people, "post", "memberships", {"rep": people.alice.pk, "team": people.south.pk, "start_on": "2025-01-01"})
    assert "already" in said["start_on"][0]


def test_teams_in_a_circle(people: People) -> None:
    below = make.team(parent=people.north)
    assert "below" in refused(people, "patch", "teams", {"parent": below.pk}, people.north)["parent"][0]
    assert "parent" in refused(people, "patch", "teams", {"parent": people.north.pk}, people.north)


def test_a_won_deal_without_its_day_and_an_open_one_with(people: People) -> None:
    deal = make.deal(rep=people.alice)
    assert "closing day" in refused(people, "patch", "opportunities", {"stage": make.stage("Won").pk}, deal)["closed_on"][0]
    assert "closed_on" in refused(people, "patch", "opportunities", {"closed_on": "2025-03-14"}, deal)


def test_a_deal_closed_before_it_was_created(people: People) -> None:
    deal = make.deal(rep=people.alice, won="2025-03-03", created="2025-03-01")
    assert "closed_on" in refused(people, "patch", "opportunities", {"closed_on": "2025-02-01"}, deal)


def test_a_quote_accepted_before_it_is_sent_and_a_revision_that_is_there(people: People) -> None:
    quote = make.quote(make.deal(rep=people.alice), sent="2025-03-05")
    assert "on or after the day it is sent" in refused(people, "patch", "quotes", {"accepted_on": "2025-03-04"}, quote)["accepted_on"][0]
    again = {"opportunity": quote.opportunity_id, "number": quote.number, "revision": 1, "rep": people.alice.pk}
    assert "next revision" in refused(people, "post", "quotes", again)["revision"][0]
    assert "still to come" in refused(people, "post", "quotes", {**again, "revision": 2, "sent_on": "2025-03-15"})["sent_on"][0]


def test_an_email_that_was_opened_but_never_arrived(people: People) -> None:
    email = {"kind": "email", "rep": people.alice.pk, "completed_on": "2025-03-03", "is_opened": True}
    assert "delivered, too" in refused(people, "post", "activities", email)["is_delivered"][0]
    assert "Only an e-mail" in refused(people, "post", "activities", {**email, "kind": "call", "is_delivered": True})["is_delivered"][0]


def test_a_profile_read_twice_on_a_day_and_a_score_above_its_maximum(people: People) -> None:
    reading = make.reading(rep=people.alice)
    same = {"rep": people.alice.pk, "network": "linkedin", "read_on": str(reading.read_on), "followers": 5}
    assert "this day already" in str(refused(people, "post", "social-readings", same))
    assert "profile_strength" in refused(people, "patch", "social-readings", {"profile_strength": 101}, reading)
    assessment = make.assessment(rep=people.alice)
    assert "highest possible" in refused(people, "patch", "assessments", {"score": "100.5"}, assessment)["score"][0]
    assert "more than 0" in refused(people, "patch", "assessments", {"maximum": "0", "score": "0"}, assessment)["maximum"][0]


def test_an_activity_that_is_neither_planned_nor_done(people: People) -> None:
    assert "due_on" in refused(people, "post", "activities", {"kind": "call", "rep": people.alice.pk})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scope": "team"}, "scope"),
        ({"last_on": "2024-01-01"}, "last_on"),
        ({"kpi": "happiness"}, "kpi"),
        ({"start_on": "2024-12-01"}, "start_on"),
        ({"start_on": "0001-01-01"}, "start_on"),
        ({"last_on": "9999-12-31"}, "last_on"),
    ],
)
def test_a_goal_that_breaks_a_rule(change: dict[str, str], field: str, people: People) -> None:
    make.goal(start="2024-12-01")
    assert field in refused(people, "patch", "goals", change, make.goal())


def test_a_stage_that_would_end_the_deals_in_it(people: People) -> None:
    make.deal(rep=people.alice)
    assert "move them there first" in refused(people, "patch", "stages", {"kind": "won"}, make.stage())["kind"][0]


def test_a_lead_converted_before_it_came(people: People) -> None:
    assert "converted_on" in refused(people, "patch", "leads", {"converted_on": "2020-01-01"}, make.lead(rep=people.alice))


def test_a_key_that_another_row_has(people: People) -> None:
    make.lead(rep=people.alice, external_key="L-1")
    assert "external_key" in refused(people, "patch", "leads", {"external_key": "L-1"}, make.lead(rep=people.alice))


def test_a_row_that_others_need_says_which(people: People) -> None:
    make.deal(rep=people.alice)
    said = refused(people, "delete", "stages", {}, make.stage())
    assert re.search(r"\d+ other rows? need", said[""][0])


@pytest.mark.parametrize("amount", ["1e400", "NaN", "Infinity", "99999999999999999999", "12.345", "a lot", [], {}])
def test_an_amount_that_is_none(amount: Any, people: People) -> None:
    assert "amount" in refused(people, "patch", "opportunities", {"amount": amount}, make.deal(rep=people.alice))


@pytest.mark.parametrize("pk", [0, -1, 10**30, "x", None, True, [1], {"id": 1}, 1.5, "\x00"])
def test_an_id_that_is_none(pk: Any, people: People) -> None:
    assert "owner" in refused(people, "patch", "opportunities", {"owner": pk}, make.deal(rep=people.alice))


def test_a_text_with_a_character_that_cannot_be_stored(people: People) -> None:
    assert "name" in refused(people, "post", "regions", {"name": "a\x00b"})


def test_what_was_refused_leaves_nothing_behind(people: People) -> None:
    deal = make.deal(rep=people.alice, amount=100)
    refused(people, "patch", "opportunities", {"amount": "200", "closed_on": "2025-03-14"}, deal)
    deal.refresh_from_db()
    assert deal.amount == 100
