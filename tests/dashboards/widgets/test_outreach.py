"""Activities without any record say where they come from."""

from apps.dashboards.widgets.outreach import effort, outreach
from tests.dashboards.shapes import held, selection


def test_nothing_recorded_and_no_goal_is_an_empty_widget() -> None:
    assert outreach([effort(held(0, kpi="calls"), None, "", selection())]).is_empty


def test_a_goal_without_any_call_is_still_shown() -> None:
    one = outreach([effort(held(0, 20, kpi="calls"), None, "", selection())])
    assert not one.is_empty
    assert one.efforts[0].bullet is not None
