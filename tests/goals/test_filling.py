"""Ways to fill a plan: what is split adds up again exactly, whoever is there and whatever the weights."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.goals import filling
from apps.goals.filling import Member

cents = st.decimals(min_value=0, max_value=10**9, places=2)
weights = st.lists(st.decimals(min_value=0, max_value=1000, places=3), min_size=1, max_size=40)
units = st.sampled_from([Decimal("0.01"), Decimal(1), Decimal(1000)])
CENT, ONE = Decimal("0.01"), Decimal(1)
amounts = st.lists(st.one_of(st.none(), cents), min_size=1, max_size=12).map(tuple)
presences = st.sampled_from([Decimal(0), Decimal("0.25"), Decimal("0.5"), Decimal(1)])


def D(*texts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(text) for text in texts)


def added(parts: filling.Amounts) -> Decimal:
    return sum((part for part in parts if part is not None), Decimal(0))


def test_an_odd_cent_goes_to_the_first_of_equals() -> None:
    assert filling.split(Decimal(100), D("1", "1", "1"), unit=CENT) == D("33.34", "33.33", "33.33")
    assert filling.split(Decimal("0.05"), D("1", "1", "1"), unit=CENT) == D("0.02", "0.02", "0.01")
    assert filling.split(Decimal(10), D("1", "2"), unit=ONE) == D("3", "7")


def test_who_has_no_weight_gets_nothing_unless_nobody_has_any() -> None:
    assert filling.split(Decimal(10), D("0", "1"), unit=ONE) == D("0", "10")
    assert filling.split(Decimal(10), D("0", "0"), unit=ONE) == D("5", "5")


@pytest.mark.parametrize("wrong", [(), D("-1", "2")])
def test_what_cannot_be_parted_is_refused(wrong: tuple[Decimal, ...]) -> None:
    with pytest.raises(ValueError):
        filling.split(Decimal(1), wrong, unit=CENT)


def test_what_is_less_than_a_unit_goes_to_the_largest_part() -> None:
    assert filling.split(Decimal("10100.50"), D("1", "3", "1"), unit=Decimal(1000)) == D("2000", "6100.50", "2000")


@given(cents, weights, units)
def test_parts_add_up_to_the_whole_and_lie_within_a_unit_of_their_share(total: Decimal, by: list[Decimal], unit: Decimal) -> None:
    parts = filling.split(total, by, unit=unit)
    assert sum(parts) == total
    assert sum(part % unit != 0 for part in parts) <= 1
    shares = by if sum(by) else [Decimal(1)] * len(by)
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - total * share / sum(shares)) <= 2 * unit
        assert share or not part


@given(cents, weights)
def test_more_weight_never_gets_less(total: Decimal, by: list[Decimal]) -> None:
    parts = filling.split(total, by, unit=CENT)
    ranked = sorted(zip(by, parts, strict=True))
    assert all(less[1] <= more[1] + Decimal("0.01") for less, more in zip(ranked, ranked[1:], strict=False))


@given(amounts, st.integers(-100, 300), units)
def test_a_raised_plan_adds_up_to_the_raised_sum(plan: filling.Amounts, percent: int, unit: Decimal) -> None:
    made = filling.raised(plan, Decimal(percent), unit=unit, least=CENT)
    assert [one is None for one in made] == [one is None for one in plan]
    assert added(made) == filling.rounded(added(plan) * (100 + percent) / 100, CENT)


@given(st.data())
def test_what_is_handed_down_adds_up_in_every_column_and_only_to_who_is_there(data: st.DataObject) -> None:
    plan = data.draw(amounts)
    member = st.builds(Member, st.lists(presences, min_size=len(plan), max_size=len(plan)).map(tuple), st.decimals(min_value=0, max_value=100, places=1))
    members = data.draw(st.lists(member, max_size=8))
    parts = filling.handed_down(plan, members, unit=CENT)
    for n, amount in enumerate(plan):
        there = [place for place, one in enumerate(members) if one.presence[n] > 0]
        assert all(part[n] is None for place, part in enumerate(parts) if place not in there or amount is None)
        if there and amount is not None:
            assert sum(parts[place][n] or 0 for place in there) == amount
    if parts:
        assert filling.together(parts) == tuple(
            amount if amount is not None and any(one.presence[n] > 0 for one in members) else None for n, amount in enumerate(plan)
        )


def test_a_month_is_handed_down_by_how_long_somebody_is_there_and_by_weight() -> None:
    members = [Member(D("1", "1")), Member(D("0.5", "1")), Member(D("0", "1"), Decimal(2))]
    assert filling.handed_down(D("300", "400"), members, unit=ONE) == [D("200", "100"), D("100", "100"), (None, Decimal(200))]


def test_who_starts_in_the_middle_of_a_month_has_half_of_it() -> None:
    assert filling.for_part(Decimal(101), D("0", "0.5", "1"), unit=CENT) == (None, Decimal("50.50"), Decimal("101.00"))


def test_a_ramp_lowers_the_first_months_and_leaves_the_others() -> None:
    plan = (None, Decimal(100), Decimal(100), Decimal(100), Decimal(100))
    assert filling.ramped(plan, ((), (0,), (1,), (2,), (3,)), D("25", "50", "75"), unit=ONE) == (None, *D("25", "50", "75", "100"))
    assert filling.ramped(D("100"), ((),), D("25"), unit=ONE) == D("100")


def test_a_ramp_of_a_quarter_is_the_mean_of_its_months() -> None:
    assert filling.ramped(D("300", "300"), ((0, 1, 2), (3, 4, 5)), D("25", "50", "75"), unit=ONE) == D("150", "300")
    assert filling.ramped(D("300"), ((0,),), D("25", "50"), unit=ONE) == D("75")


@pytest.mark.parametrize("text", ["nan", "sNaN 5", "inf", "1e999999", "-1", "", "a"])
def test_what_is_no_ramp_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        filling.percentages(text)
