"""Cells are read as people write them, and refused with a remedy where they could mean something else."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.imports import values
from apps.imports.formats import Formats
from apps.imports.values import Refused

PLAIN = Formats()
GERMAN = Formats(dates=("%d.%m.%Y",), decimal=",", thousands=".", currency=("€",))
FRENCH = Formats(decimal=",", thousands=" ")
DOLLARS = Formats(currency=("$",))


@pytest.mark.parametrize(
    ("text", "formats", "amount"),
    [
        ("1234.50", PLAIN, "1234.50"),
        ("$1,234.56", DOLLARS, "1234.56"),
        ("-$1,234.56", DOLLARS, "-1234.56"),
        ("($12.00)", DOLLARS, "-12.00"),
        ("1.234,50 €", GERMAN, "1234.50"),
        ("1 234 567,5", FRENCH, "1234567.5"),
        ("1\u202f234,5", FRENCH, "1234.5"),
        (",5", GERMAN, "0.5"),
        ("0", PLAIN, "0"),
        ("$342.09K", DOLLARS, "342090"),
        ("($1.5M)", DOLLARS, "-1500000"),
        ("2b", PLAIN, "2000000000"),
        ("1,200-", PLAIN, "-1200"),
        ("(1,200)", PLAIN, "-1200"),
        ("\u22125", PLAIN, "-5"),
        ("1.234,50 €", GERMAN, "1234.50"),
        ("(1.200) €", GERMAN, "-1200"),
        ("$(1,200.00)", DOLLARS, "-1200"),
        ("(-12,5)", GERMAN, "-12.5"),
        ("3,4 Mio", GERMAN, "3400000"),
        ("3,4 Mio. €", GERMAN, "3400000"),
        ("2 Tsd", GERMAN, "2000"),
        ("$3.5mn", DOLLARS, "3500000"),
        ("2 bn", PLAIN, "2000000000"),
    ],
)
def test_an_amount_is_read_in_its_own_notation(text, formats, amount):
    assert values.amount(text, formats) == Decimal(amount)


@pytest.mark.parametrize("text", ["1,5", "0,087", "012,345", "12,34.5", "1.234.567", "abc", "1e5", "$5", "--5", ".", "1 234", "K", "5KK", "-5-", "5 %", "5M€"])
def test_an_amount_in_another_notation_is_refused_with_an_example(text):
    with pytest.raises(Refused) as refused:
        values.amount(text, PLAIN)
    assert "1,234.50" in refused.value.remedy


@pytest.mark.parametrize("text", ["£2,000.00", "JPY 5000", "2,000 kr.", "(€12)", "R$5"])
def test_an_amount_of_another_currency_is_refused_as_such(text):
    with pytest.raises(Refused, match="not one of the file’s currency") as refused:
        values.amount(text, DOLLARS)
    assert "1,234.50" in refused.value.remedy


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12), st.sampled_from([PLAIN, GERMAN, FRENCH]))
def test_every_amount_comes_back_as_it_was_written(amount, formats):
    written = f"{amount:,.2f}".translate(str.maketrans({",": formats.thousands, ".": formats.decimal}))
    assert values.amount(written, formats) == amount
    assert values.amount(values.text(amount, formats), formats) == amount


@pytest.mark.parametrize(
    ("text", "formats", "day"),
    [
        ("2017-03-01", PLAIN, date(2017, 3, 1)),
        ("2017-03-01 23:30", PLAIN, date(2017, 3, 1)),
        ("01.03.2017", GERMAN, date(2017, 3, 1)),
        ("2017-03-01", GERMAN, date(2017, 3, 1)),
        ("42795", Formats(dates=("excel",)), date(2017, 3, 1)),
        (Decimal("45631"), Formats(dates=("excel",), decimal=","), date(2024, 12, 5)),
        ("45631.75", Formats(dates=("excel",)), date(2024, 12, 5)),
        ("2024-03-01 10:11:12.12345+00:00", PLAIN, date(2024, 3, 1)),
        ("02/03/24", Formats(dates=("%m/%d/%y",)), date(2024, 2, 3)),
    ],
)
def test_a_day_is_read_in_the_formats_of_its_file(text, formats, day):
    assert values.day(text, formats) == day


@pytest.mark.parametrize("text", ["nan", "inf", "1_000", "-5", "9999999", "1e3"])
def test_what_is_no_day_number_of_excel_is_refused(text):
    with pytest.raises(Refused, match="not a date"):
        values.day(text, Formats(dates=("excel",)))


@pytest.mark.parametrize("text", ["2017-02-30", "01.03.2017", "yesterday", "0000-01-01"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(Refused, match="not a date"):
        values.day(text, PLAIN)


@pytest.mark.parametrize("cell", ["9999-12-31", "0201-03-01", "3017-01-01", date(2200, 1, 1), datetime(1899, 12, 31)])
def test_a_year_that_nobody_means_is_refused(cell):
    for read in (values.day, values.instant):
        with pytest.raises(Refused, match="between 1900 and 2199"):
            read(cell, PLAIN)


def test_an_instant_falls_on_the_organisations_day():
    tokyo = Formats(zone=ZoneInfo("Asia/Tokyo"))
    assert values.day("2017-08-04T16:09:33.000+0000", tokyo) == date(2017, 8, 5)
    assert values.instant("2017-08-05 01:09", tokyo) == datetime(2017, 8, 4, 16, 9, tzinfo=UTC)


@pytest.mark.parametrize(("text", "truth"), [("TRUE", True), ("x", True), ("0", False), ("No", False)])
def test_yes_and_no_are_read_in_any_case(text, truth):
    assert values.truth(text, PLAIN) is truth


@pytest.mark.parametrize("text", ["1$5", "$", "-$-5", "€5"])
def test_a_currency_sign_stands_at_an_end_and_is_the_one_that_was_named(text):
    with pytest.raises(Refused):
        values.amount(text, DOLLARS)


def test_what_is_neither_yes_nor_no_is_refused():
    with pytest.raises(Refused, match="neither yes nor no"):
        values.truth("perhaps", PLAIN)


def test_a_number_is_rounded_to_what_is_stored_and_refused_when_too_big():
    assert values.rounded(Decimal("0.30000000000000004"), 18, 2) == Decimal("0.30")
    assert values.rounded(Decimal("1.005"), 18, 2) == Decimal("1.01")
    for huge in ("1e16", "9999999999999999.995", "1e400"):
        with pytest.raises(Refused, match="too big"):
            values.rounded(Decimal(huge), 18, 2)


def test_a_blank_is_what_the_mapping_says():
    nulls = Formats(blank=frozenset({"", "NULL"}))
    assert values.is_blank(" NULL ", nulls)
    assert not values.is_blank("NULL", PLAIN)
    assert not values.is_blank(Decimal(0), nulls)
