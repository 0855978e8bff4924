"""What the database refuses of activities, readings and assessments, whatever path writes them."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.activities.models import Activity, Assessment, SocialReading
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"kind": "call", "is_delivered": True}, "only_an_email_is_delivered"),
        ({"kind": "email", "is_opened": True}, "an_opened_email_was_delivered"),
        ({"kind": "email", "is_delivered": True, "is_opened": True}, ""),
        ({"kind": "email", "is_delivered": True}, ""),
    ],
)
def test_what_was_opened_was_delivered_and_only_emails_are(fields: dict[str, Any], rule: str) -> None:
    assert refused(lambda: make.activity(rep=make.rep(), **fields)) == rule


def test_a_profile_is_read_once_a_day_and_two_networks_are_two_profiles() -> None:
    rep = make.rep()
    make.reading(rep=rep)
    assert refused(lambda: make.reading(rep=rep)) == "profile_is_read_once_a_day"
    assert refused(lambda: make.reading(rep=rep, network="x")) == ""
    assert refused(lambda: make.reading(rep=rep, read="2025-03-13")) == ""
    assert refused(lambda: make.reading(rep=rep, read="2025-03-12", profile_strength=101)) == "profile_strength_is_at_most_100"
    assert refused(lambda: SocialReading.objects.update(network="elsewhere")) == "reading_has_a_known_network"


@pytest.mark.parametrize(
    ("score", "maximum", "rule"),
    [(40, 40, ""), (0, 40, ""), (41, 40, "assessment_score_is_within_its_maximum"), (-1, 40, "assessment_score_is_within_its_maximum")],
)
def test_a_score_lies_within_its_maximum(score: int, maximum: int, rule: str) -> None:
    assert refused(lambda: make.assessment(rep=make.rep(), score=score, maximum=maximum)) == rule


def test_an_assessment_can_be_scored() -> None:
    make.assessment(rep=make.rep(), score=0)
    assert refused(lambda: Assessment.objects.update(maximum=0)) == "assessment_can_be_scored"


def test_a_campaign_with_emails_stays() -> None:
    campaign = make.campaign()
    make.activity(rep=make.rep(), kind="email", campaign=campaign)
    assert Activity.objects.filter(campaign=campaign).count() == 1
    with pytest.raises(IntegrityError):
        campaign.delete()


def refused(write: Any) -> str:
    """Return the name of the rule that refuses a write; nothing when it is taken."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        return str(error.__cause__.diag.constraint_name)  # type: ignore[union-attr]
    return ""
