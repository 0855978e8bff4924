"""Parts have names, an order, and one for what belongs to none."""

import pytest

from apps.kpis.divisions import DIVISIONS
from tests import make

pytestmark = pytest.mark.django_db


def test_all_open_stages_are_parts_whether_anything_is_in_them_or_not() -> None:
    make.stages()
    assert [name for _id, name in DIVISIONS["stage"].named([0])] == ["Qualified", "Proposal", "Negotiation"]


def test_of_campaigns_only_those_with_something_are_parts_and_what_belongs_to_none_comes_last() -> None:
    trade_fair, _newsletter, ads = make.campaign("Trade fair"), make.campaign("Newsletter"), make.campaign("Ads")
    assert DIVISIONS["campaign"].named({trade_fair.pk, ads.pk, 0}) == [(ads.pk, "Ads"), (trade_fair.pk, "Trade fair"), (0, "Without a campaign")]
    assert DIVISIONS["campaign"].named({ads.pk}) == [(ads.pk, "Ads")]
