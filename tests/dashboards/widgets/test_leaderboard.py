"""Ranks are fair: ties share one, and nobody sees more than they may."""

from apps.dashboards.widgets.leaderboard import leaderboard, ranks
from apps.goals.selectors import GoalFigure
from apps.reps.scopes import Scope
from tests.dashboards.shapes import held, selection


def rep(pk: int, name: str) -> Scope:
    return Scope("rep", pk, name)


def field(*values: tuple[float, float | None]) -> list[GoalFigure]:
    return [held(value, target, scope=rep(pk, f"Rep {pk}")) for pk, (value, target) in enumerate(values, 1)]


def test_ties_share_a_rank_and_the_next_one_is_skipped() -> None:
    found = ranks(field((50, 100), (100, 200), (90, 100), (10, 100)), by_attainment=True)
    assert [(rank, one.figure.scope.id) for rank, one in found] == [(1, 3), (2, 1), (2, 2), (4, 4)]


def test_attainment_counts_and_not_the_amount() -> None:
    found = leaderboard(field((500, 1000), (60, 100)), selection(), own_id=None)
    assert [place.name for place in found.places] == ["Rep 2", "Rep 1"]
    assert found.places[0].value == "60%"


def test_who_has_no_target_is_listed_last_without_a_rank() -> None:
    found = leaderboard(field((900, None), (60, 100)), selection(), own_id=None)
    assert [(place.rank, place.value) for place in found.places] == [(1, "60%"), (None, "no target")]


def test_where_targets_have_no_attainment_the_figures_count() -> None:
    """A target of what shall come down has none without a figure to begin from."""
    found = leaderboard([held(value, 60, kpi="sales_cycle", scope=rep(pk, f"Rep {pk}")) for pk, value in ((1, 70), (2, 50))], selection(), own_id=None)
    assert [(place.rank, place.name) for place in found.places] == [(1, "Rep 2"), (2, "Rep 1")]


def test_where_nobody_has_a_target_the_amounts_count() -> None:
    found = leaderboard(field((10, None), (60, None)), selection(), own_id=None)
    assert [place.name for place in found.places] == ["Rep 2", "Rep 1"]
    assert "nobody has a target" in found.basis


def test_who_won_nothing_leads_nobody() -> None:
    found = leaderboard(field((0, None), (60, None), (0, None)), selection(), own_id=None)
    assert [(place.rank, place.value) for place in found.places] == [(1, "60"), (None, "0"), (None, "0")]


def test_the_own_row_is_shown_however_far_down_it_is() -> None:
    found = leaderboard(field(*((100 - n, 100) for n in range(12))), selection(), own_id=12, shown=5)
    assert len(found.places) == 5
    assert found.own is not None and (found.own.rank, found.own.is_own) == (12, True)
    assert found.more == 6


def test_peers_show_neither_a_figure_nor_a_link() -> None:
    found = leaderboard(field((50, 100), (90, 100)), selection(), own_id=1, told=[rep(1, "Rep 1")])
    peer, own = found.places
    assert (peer.rank, peer.name, peer.value, peer.full, peer.url) == (1, "Rep 2", "", "", "")
    assert own.value == "50%"
