"""Numbers are written briefly, rounded once, and never in a way that hides their size or sign."""

from decimal import Decimal

import pytest
from django.utils import translation

from apps.core import numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1521234.5", "1.52M"),
        ("412345", "412K"),
        ("999999", "1M"),
        ("9999.6", "10K"),
        ("6620.4", "6,620"),
        ("0", "0"),
        ("12.5", "12.5"),
        ("-22400", "−22.4K"),
    ],
)
def test_an_amount_is_written_in_three_digits(value: str, text: str) -> None:
    assert numbers.compact(Decimal(value)) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("63.24", "percent", "63.2%"),
        ("47.3", "days", "47 days"),
        ("1", "days", "1 day"),
        ("3.25", "days", "3.3 days"),
        ("2.64", "ratio", "2.6×"),
        ("1234", "money_per_day", "1,234 a day"),
    ],
)
def test_a_value_is_written_in_its_unit(value: str, unit: str, text: str) -> None:
    assert numbers.short(Decimal(value), unit) == text


def test_money_in_full_has_its_currency_and_cents() -> None:
    assert numbers.whole(Decimal("1521234.5"), "money", "EUR") == "€1,521,234.50"


@pytest.mark.parametrize(
    ("value", "other", "unit", "text"),
    [
        ("60.4", "60", "days", "60.4 days"),
        ("60.004", "60", "days", "60 days"),
        ("60", "60", "days", "60 days"),
        ("47.2", "60", "days", "47 days"),
        ("29.96", "30", "percent", "29.96%"),
        ("3.96", "4", "ratio", "3.96×"),
        ("6699999.5", "6700000", "money", "6,699,999.5"),
        ("41000", "90000", "money", "41K"),
        ("120.4", "120", "minutes", "120.4 min"),
        ("12345", "12300.1", "money_per_day", "12,345 a day"),
    ],
)
def test_a_value_is_told_from_what_stands_beside_it(value: str, other: str, unit: str, text: str) -> None:
    assert numbers.beside(Decimal(value), Decimal(other), unit) == text


def test_numbers_follow_the_language() -> None:
    with translation.override("de"):
        assert numbers.compact(Decimal("1521234.5")) == "1,52\N{NO-BREAK SPACE}Mio."
        assert numbers.compact(Decimal("412345")) == "412.000"


def test_an_attainment_is_never_capped() -> None:
    assert numbers.share(Decimal("1.634")) == "163%"


@pytest.mark.parametrize(("value", "digits"), [("1E+9", "1000000000"), ("100.5000", "100.5"), ("-0.0000001", "0"), ("0", "0")])
def test_digits_for_machines_have_no_exponent_and_no_trailing_zeros(value: str, digits: str) -> None:
    assert numbers.plain(Decimal(value)) == digits


def test_zero_is_written_without_a_sign_whichever_was_written_first() -> None:
    assert [numbers.short(Decimal(zero), "money") for zero in ("-0.00", "0.00")] == ["0", "0"]
    assert [numbers.percent(Decimal(zero)) for zero in ("-0", "0")] == ["0.0%", "0.0%"]


def test_percentages_are_apart_by_points() -> None:
    assert numbers.difference(Decimal("-0.4"), "percent") == "−0.4 points"
    assert numbers.difference(Decimal(7), "count") == numbers.short(Decimal(7), "count")
