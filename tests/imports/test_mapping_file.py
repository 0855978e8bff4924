"""A mapping that is written as TOML is read back as the same mapping, whatever texts are in it."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.imports import mapping_file, parsing
from apps.imports.formats import Formats
from apps.imports.mapping import Column, Condition, Constant, Field, FirstOf, Load, Mapping, Sum, Template, TimesBy, Unfold

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)
PLAIN = TEXTS.filter(lambda text: not set(text) & set("{}|\x00"))
FILES = TEXTS.filter(lambda text: not set(text) & set("/\x00") and text not in (".", ".."))
PATTERNS = st.sampled_from(["^Total", r"\d+\.\d", '"quoted"'])
CONDITIONS = st.builds(
    Condition, TEXTS, st.frozensets(TEXTS, min_size=1, max_size=3), st.booleans(), st.none() | st.builds(re.compile, PATTERNS), st.frozensets(TEXTS, max_size=2)
)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4)
ALIASES = st.dictionaries(TEXTS, TEXTS, max_size=3)
WORDS = (
    st.builds(Column, TEXTS) | st.builds(FirstOf, st.lists(TEXTS, min_size=1, max_size=3).map(tuple)) | st.builds(Template, PLAIN.map("{{{}|lower}}".format))
)
FORMATS = st.builds(
    Formats,
    dates=st.sampled_from([(), ("iso",), ("%d.%m.%Y", "excel")]),
    decimal=st.sampled_from([".", ","]),
    thousands=st.sampled_from(["", "’", " ", "'"]),
    currency=st.lists(TEXTS, max_size=2).map(tuple),
    blank=st.frozensets(TEXTS, max_size=2).map(lambda texts: texts | {""}),
    encoding=st.sampled_from([None, "cp1252"]),
    delimiter=st.sampled_from([None, ";", "\t"]),
) | st.just(Formats())


@st.composite
def loads(draw: st.DrawFn) -> Load:
    when, text = st.none() | CONDITIONS, st.none() | PLAIN
    by = st.sampled_from([None, "external_key", "name"])
    factors = st.none() | st.builds(TimesBy, TEXTS, st.dictionaries(TEXTS, NUMBERS, min_size=1, max_size=3))
    fields = [
        draw(st.builds(Field, st.just("external_key"), WORDS, aliases=ALIASES, when=when)),
        draw(st.builds(Field, st.just("name"), WORDS, aliases=ALIASES, default=text)),
        draw(st.builds(Field, st.just("owner"), WORDS, by=by, aliases=ALIASES)),
        draw(st.builds(Field, st.just("stage"), WORDS | st.builds(Constant, PLAIN), by=by)),
        draw(st.builds(Field, st.just("amount"), st.builds(Sum, TEXTS) | st.builds(Column, TEXTS), times=st.none() | NUMBERS, times_by=factors)),
        draw(st.builds(Field, st.just("closed_on"), WORDS, last_of=st.sampled_from([None, "month"]), when=when)),
    ]
    unfold = Unfold({"M01": "1"}, "made up", "of cells", draw(st.none() | st.builds(re.compile, PATTERNS)))
    return Load(
        file=draw(FILES),
        entity="opportunities",
        fields=tuple(fields),
        formats=draw(FORMATS),
        sheet=draw(st.none() | TEXTS),
        skip=tuple(draw(st.lists(CONDITIONS, max_size=2))),
        group=tuple(draw(st.lists(TEXTS, min_size=1, max_size=2))),
        is_optional=draw(st.booleans()),
        only=draw(st.sampled_from([None, "new", "updates"])),
        unfold=draw(st.sampled_from([None, unfold])),
    )


@settings(max_examples=40, deadline=None)
@given(st.builds(Mapping, TEXTS, st.lists(loads(), min_size=1, max_size=3).map(tuple)))
def test_what_is_written_is_read_back_as_the_same(mapping):
    assert parsing.parse(mapping_file.write(mapping)) == mapping


@pytest.mark.parametrize("name", parsing.shipped())
def test_every_shipped_mapping_is_written_and_read_back(name):
    mapping = parsing.read(name)
    assert parsing.parse(mapping_file.write(mapping)) == mapping


def test_what_is_written_reads_as_one_would_write_it():
    mapping = parsing.read("maven")
    text = mapping_file.write(replace(mapping, loads=mapping.loads[-1:]))
    assert 'amount = "close_value"' in text
    assert 'product = { column = "product", by = "key", aliases = "opportunities_name" }' in text
    assert '[aliases.opportunities_name]\nGTXPro = "GTX Pro"' in text
    assert mapping_file._number(Decimal("0.01")) == "0.01"
