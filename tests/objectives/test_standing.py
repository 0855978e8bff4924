"""Where objectives stand: by numbers, answers and steps told by hand, and by their parts."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.periods import Calendar
from apps.objectives import standing
from apps.objectives.standing import NO_TARGET, Part, Standing, Window

MARCH = (date(2025, 3, 1), date(2025, 4, 1))  # 21 working days


def window(on: str = "2025-03-14") -> Window:
    return Window(Calendar(), *MARCH, date.fromisoformat(on))  # 10 of 21 working days are over on the 14th


def number(actual: object, target: object = 100, *, on: str = "2025-03-14", baseline: object = None, stay: str = "", counts: str = "hand:partners") -> Standing:
    given_value, start = (None if one is None else Decimal(str(one)) for one in (actual, baseline))
    return standing.of_number(window(on), given_value, Decimal(str(target)), baseline=start, stay=stay, counts=counts)


def test_a_number_is_on_its_way_to_the_target() -> None:
    half = number(50)
    assert (half.done, half.due, half.status) == (Decimal("0.5"), Decimal(10) / 21, "ahead")
    assert half.expected == 100 * Decimal(10) / 21
    assert number(30).status == "behind"
    assert number(300).done == 3


def test_a_number_that_starts_somewhere_counts_the_way_from_there() -> None:
    down = number(30, 10, baseline=50)
    assert (down.done, down.actual, down.adds_up) == (Decimal("0.5"), 30, "")
    assert down.expected == 50 - 40 * Decimal(10) / 21
    assert number(None, 10, baseline=50).done == 0
    assert number(60, 10, baseline=50).done == Decimal("-0.25")


def test_nothing_told_is_nothing_reached() -> None:
    assert (number(None).done, number(None).status) == (0, "behind")
    assert number(None, stay="below").status == "no_value"
    assert number(None, stay="below", on="2025-03-31").status == "missed"


@pytest.mark.parametrize(
    ("actual", "stay", "on", "status"),
    [
        (100, "above", "2025-03-14", "ahead"),
        (91, "above", "2025-03-14", "at_risk"),
        (89, "above", "2025-03-14", "behind"),
        (100, "below", "2025-03-14", "ahead"),
        (105, "below", "2025-03-14", "at_risk"),
        (200, "below", "2025-03-14", "behind"),
        (89, "above", "2025-03-03", "behind"),
        (0, "below", "2025-03-14", "ahead"),
        (100, "below", "2025-03-31", "met"),
        (101, "below", "2025-03-31", "missed"),
    ],
)
def test_a_floor_or_a_limit_is_held_or_not(actual: int, stay: str, on: str, status: str) -> None:
    found = number(actual, stay=stay, on=on)
    assert (found.status, found.attainment, found.done) == (status, None, Decimal(found.is_met))


def test_a_yes_or_no_is_open_through_its_last_day() -> None:
    told = {(is_so, on): standing.of_answer(window(on), is_so) for is_so in (True, False) for on in ("2025-03-03", "2025-03-31", "2025-04-01")}
    assert [one.status for one in told.values()] == ["ahead", "ahead", "met", "open", "open", "missed"]
    assert told[False, "2025-03-31"].due == 0 and told[False, "2025-04-01"].due == 1


def test_a_floor_of_nothing_that_is_broken_is_behind_and_then_missed() -> None:
    assert [number(-50, 0, stay="above", on=on).status for on in ("2025-03-14", "2025-03-31")] == ["behind", "missed"]
    assert number(0, 0, stay="above").status == "ahead"


def test_before_its_first_day_nothing_is_reached_and_nothing_expected() -> None:
    limit = standing.not_begun(number(0, stay="below", on="2025-02-20"))
    assert (limit.done, limit.due, limit.is_met, limit.status) == (0, 0, False, "too_early")
    assert standing.not_begun(NO_TARGET) == NO_TARGET


def test_what_is_counted_is_the_same_in_whatever_case_it_is_written() -> None:
    found = standing.rolled_up(window(), [Part(Decimal(1), number(3, 5, counts="hand:Partners")), Part(Decimal(1), number(2, 5, counts="hand:partners"))])
    assert (found.standing.actual, found.standing.target) == (5, 10)


def test_a_checklist_expects_its_steps_one_after_the_other() -> None:
    found = standing.of_steps(window(), 2, 5)
    assert (found.done, found.expected, found.status) == (Decimal("0.4"), 5 * Decimal(10) / 21, "behind")
    assert standing.of_steps(window(), 5, 5).is_met
    assert standing.of_steps(window(), 0, 0) == NO_TARGET


def test_parts_that_count_the_same_are_added_up() -> None:
    found = standing.rolled_up(window(), [Part(Decimal(1), number(30, 60)), Part(Decimal(5), number(10, 20)), Part(Decimal(1), NO_TARGET)])
    assert found.is_sum
    assert (found.standing.actual, found.standing.target, found.standing.attainment) == (40, 80, Decimal("0.5"))
    assert (found.counted, found.met, found.without_target) == (2, 0, 1)


def test_parts_that_count_something_else_have_weights() -> None:
    parts = [Part(Decimal(3), number(50)), Part(Decimal(1), standing.of_answer(window(), True)), Part(Decimal(1), number(1, 2, counts="hand:shops"))]
    found = standing.rolled_up(window(), parts)
    assert not found.is_sum
    assert found.standing.done == (3 * Decimal("0.5") + 1 + Decimal("0.5")) / 5
    assert found.standing.due == (3 * Decimal(10) / 21 + Decimal(10) / 21) / 5
    assert found.met == 1


def test_without_a_part_that_has_a_target_there_is_none() -> None:
    assert standing.rolled_up(window(), [Part(Decimal(1), NO_TARGET)]).standing == NO_TARGET


def test_a_whole_of_answers_is_open_until_they_are_due() -> None:
    parts = [Part(Decimal(1), standing.of_answer(window(), False))] * 2
    assert standing.rolled_up(window(), parts).standing.status == "open"


amounts = st.decimals(0, 10_000, places=2)
targets = st.decimals(1, 10_000, places=2)
shares = st.decimals("0.01", 100, places=2)


@given(st.lists(st.tuples(amounts, targets), min_size=1), st.dates(date(2025, 2, 20), date(2025, 4, 10)))
def test_a_sum_is_what_fractions_make_of_it(told: list[tuple[Decimal, Decimal]], on: date) -> None:
    found = standing.rolled_up(window(on.isoformat()), [Part(Decimal(1), number(*one, on=on.isoformat())) for one in told]).standing
    exact = sum((Fraction(actual) for actual, _target in told), Fraction(0)) / sum(Fraction(target) for _actual, target in told)
    assert found.attainment is not None and abs(Fraction(found.attainment) - exact) < Fraction(1, 10**12)
    assert found.is_met == (exact >= 1)


@given(st.lists(st.tuples(shares, amounts, targets), min_size=2), st.booleans())
def test_a_mean_is_what_fractions_make_of_it_and_lies_between_its_parts(told: list[tuple[Decimal, Decimal, Decimal]], is_so: bool) -> None:
    parts = [Part(weight, number(actual, target)) for weight, actual, target in told] + [Part(Decimal(1), standing.of_answer(window(), is_so))]
    found = standing.rolled_up(window(), parts).standing.done
    weighted = sum((Fraction(weight) * Fraction(actual) / Fraction(target) for weight, actual, target in told), Fraction(is_so))
    exact = weighted / (sum(Fraction(weight) for weight, _actual, _target in told) + 1)
    assert found is not None and abs(Fraction(found) - exact) < Fraction(1, 10**12)
    each = [part.standing.done or Decimal(0) for part in parts]
    assert min(each) - Decimal("1e-12") <= found <= max(each) + Decimal("1e-12")


@given(st.lists(st.tuples(shares, amounts, targets, st.sampled_from(["hand:a", "hand:b"])), min_size=1), st.data())
def test_finishing_a_part_moves_the_whole(told: list[tuple[Decimal, Decimal, Decimal, str]], data: st.DataObject) -> None:
    def done(finished: int | None) -> Decimal:
        parts = [
            Part(weight, number(max(actual, target) if n == finished else actual, target, counts=counts))
            for n, (weight, actual, target, counts) in enumerate(told)
        ]
        return standing.rolled_up(window(), parts).standing.done or Decimal(0)

    n = data.draw(st.integers(0, len(told) - 1))
    _weight, actual, target, _counts = told[n]
    assert done(n) > done(None) if actual < target else done(n) == done(None)


@given(targets, st.one_of(st.none(), amounts), st.lists(st.dates(date(2025, 2, 1), date(2025, 4, 30)), min_size=2))
def test_expected_goes_from_the_start_to_the_target_and_never_back(target: Decimal, baseline: Decimal | None, days: list[date]) -> None:
    start = baseline or Decimal(0)
    expected = [number(None, target, on=on.isoformat(), baseline=baseline).expected or Decimal(0) for on in sorted(days)]
    assert expected == sorted(expected, reverse=start > target)
    assert number(None, target, on="2025-02-28", baseline=baseline).expected == start
    assert number(None, target, on="2025-03-31", baseline=baseline).expected == target
