"""Days and numbers are read as they were written, or asked; never as something else."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.imports import values
from apps.imports.layouts import Layout
from apps.imports.recognition import notation, shapes, stage_words
from apps.imports.recognition.notation import Notation
from apps.imports.recognition.survey import Profile, Survey

FORMS = ["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%d/%m/%y", "%m/%d/%y", "%Y-%m-%d", "%d %b %Y", "%b %d, %Y", "%d-%b-%y", "%d.%m.%Y %H:%M",
         "%m/%d/%Y %I:%M %p", "%d/%m/%Y, %H:%M"]  # fmt: skip
DAYS = st.lists(st.dates(date(2001, 1, 1), date(2060, 12, 31)), min_size=1, max_size=6)
NOTATIONS = [(".", ","), (",", "."), (".", "’"), (",", " "), (".", " "), (".", ""), (",", "")]
SIGNS = ["{}", "{} €", "$ {}", "({})", "-{}", "USD {}", "{} kr", "€{}"]


def found(texts: list[str], *, are_days: bool = False, answer: dict[str, str | None] | None = None) -> Notation:
    profile = Profile("x")
    for text in texts:
        profile.add(text)
    survey = Survey(Path("a.csv"), None, Layout("utf-8", ","), (profile,), len(texts), True, ())
    return notation.of(survey, "a.csv", days=[profile] if are_days else [], numbers=[] if are_days else [profile], answer=answer or {})


@settings(max_examples=60, deadline=None)
@given(DAYS, st.sampled_from(FORMS))
def test_days_are_read_as_they_were_written_or_asked(days, form):
    texts = [day.strftime(form) for day in days]
    told = found(texts, are_days=True)
    if told.questions:
        assert {date(2000 + day.year % 100, day.month, day.day).strftime("%d%m") for day in days if day.day > 12} == set()
        order = notation.DAY_FIRST if form.find("%d") < form.find("%m") else notation.MONTH_FIRST
        told = found(texts, are_days=True, answer={"dates": order})
    assert [values.day(text, told.formats) for text in texts] == days


@settings(max_examples=60, deadline=None)
@given(st.lists(st.decimals(0, 10**9, places=2), min_size=1, max_size=5), st.sampled_from(NOTATIONS), st.sampled_from(SIGNS))
def test_numbers_are_read_as_they_were_written_or_asked(numbers, signs, around):
    decimal, thousands = signs
    texts = [around.format(f"{number:,.2f}".translate(str.maketrans({",": thousands, ".": decimal}))) for number in numbers]
    told = found(texts)
    is_less = around in ("({})", "-{}")
    assert not told.questions
    assert [values.amount(text, told.formats) for text in texts] == [-number if is_less else number for number in numbers]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=5), st.sampled_from([",", "."]))
def test_whole_numbers_with_one_sign_between_thousands_are_asked_unless_another_tells(numbers, thousands):
    texts = [f"{number:,}".replace(",", thousands) for number in numbers]
    told = found(texts)
    if told.questions:
        assert any(thousands in text for text in texts)
        told = found(texts, answer={"numbers": notation.COMMA if thousands == "." else notation.POINT})
    assert [values.amount(text, told.formats) for text in texts] == [Decimal(number) for number in numbers]


@pytest.mark.parametrize("text", ["12.03", "1.2.3", "192.168.0.1", "31/31/2024", "2024-13-01", "A 5", "5/6", "12-34-56-78", "May", "45631"])
def test_what_is_no_day_is_none(text):
    assert shapes.day(text) is None


@pytest.mark.parametrize("text", ["1,23,4", "1.2.3", "12a4", "€", "1,2,3", "5/6", "--5", "1.234,567,8", "five"])
def test_what_is_no_number_is_none(text):
    assert shapes.number(text) is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Closed Won", "won"), ("closedwon", "won"), ("closedlost", "lost"), ("Lost", "lost"), ("Won / lost", None), ("Proposal/Price Quote", "open"),
     ("Gewonnen", "won"), ("Signed", None), ("Id. Decision Makers", "open"), ("Disqualified", "lost"), ("", None)],
)  # fmt: skip
def test_a_stages_name_says_what_it_is_or_is_not_guessed(name, kind):
    assert stage_words.kind(name) == kind
