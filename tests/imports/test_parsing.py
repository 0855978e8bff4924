"""A mapping file is read whole or refused whole, with every mistake, its key and what is allowed there."""

import pytest

from apps.imports import parsing
from apps.imports.keys import MappingError
from apps.imports.mapping import Column, Constant, Sum, Template

GOOD = """
title = "Deals"
[formats]
decimal = ","
[aliases.products]
"GTXPro" = "GTX Pro"
[[load]]
file = "deals.csv"
entity = "opportunities"
group = ["No"]
skip = [{ column = "Stage", is = ["Test"] }, { column = "No", matches = "^Total" }]
[load.formats]
currency = "€"
[load.fields]
external_key = "No"
name = { template = "{Product} ({No})", aliases = "products" }
owner = { column = "Rep", by = "name" }
stage = { value = "Won" }
amount = { sum = "Value", default = 0 }
"""


def problems(text: str) -> dict[str, str]:
    with pytest.raises(MappingError) as error:
        parsing.parse(text)
    told: dict[str, str] = {}
    for problem in error.value.problems:
        told[problem.key] = f"{told.get(problem.key, '')} {problem.wrong} {problem.allowed}"
    return told


def load(entity: str, fields: str, more: str = "") -> str:
    return f'title = "T"\n[[load]]\nfile = "a.csv"\nentity = "{entity}"\n{more}\n[load.fields]\n{fields}\n'


def test_a_mapping_says_where_each_field_comes_from():
    mapping = parsing.parse(GOOD)
    (only,) = mapping.loads
    sources = {field.name: field.source for field in only.fields}
    assert sources["external_key"] == Column("No")
    assert sources["name"] == Template("{Product} ({No})")
    assert sources["stage"] == Constant("Won")
    assert sources["amount"] == Sum("Value")
    assert only.columns == ("No", "Product", "Rep", "Value", "Stage")


def test_a_load_takes_the_formats_above_and_its_own():
    (only,) = parsing.parse(GOOD).loads
    assert (only.formats.decimal, only.formats.thousands, only.formats.currency) == (",", ".", ("€",))


@pytest.mark.parametrize("name", parsing.shipped())
def test_every_shipped_mapping_is_good_by_name_with_or_without_its_ending(name):
    assert parsing.read(name) == parsing.read(f"{name}.toml")


def test_a_mapping_that_is_not_there_names_those_that_are_shipped():
    with pytest.raises(MappingError, match="adventureworks, adventureworks_wide, maven, plan"):
        parsing.read("nowhere.toml")


def test_broken_toml_tells_its_line():
    assert "line 2" in problems("title = 'a'\n= 3")["TOML"]


def test_every_mistake_is_told_at_once_with_its_key():
    text = load("opportunites", "name = 3", more='files = "x"').replace('title = "T"', "")
    found = problems(text)
    assert set(found) == {"title", "load[1].entity", "load[1].fields.name", "load[1].files"}
    assert "Did you mean “opportunities”?" in found["load[1].entity"]
    assert "Did you mean “file”?" in found["load[1].files"]


@pytest.mark.parametrize(
    ("formats", "key", "told"),
    [
        ('dates = ["%d/%m/%Y", "%m/%d/%Y"]', "formats.dates", "different days"),
        ('dates = "yyyy"', "formats.dates", "no date format"),
        ('decimal = ";"', "formats.decimal", "Use one of"),
        ('decimal = "."\nthousands = "."', "formats.thousands", "decimal sign too"),
        ('encoding = "utf-99"', "formats.encoding", "unknown"),
        ('delimiter = "-"', "formats.delimiter", "Use one of"),
        ("blank = [3]", "formats.blank", "list of texts"),
    ],
)
def test_a_wrong_format_is_told(formats, key, told):
    assert told in problems(f"[formats]\n{formats}\n" + load("regions", 'name = "n"').replace('title = "T"', ""))[key]


@pytest.mark.parametrize(
    ("entity", "fields", "key", "told"),
    [
        ("regions", 'nmae = "n"\nname = "n"', "load[1].fields.nmae", "Did you mean “name”?"),
        ("opportunities", 'external_key = "k"\nname = "n"', "load[1].fields", "owner, stage"),
        ("opportunities", 'name = "n"\nowner = "o"\nstage = "s"', "load[1].fields", "Feed external_key"),
        ("memberships", 'rep = "r"\nteam = "t"', "load[1].fields", "start_on"),
        ("regions", "name = {}", "load[1].fields.name", "0 sources"),
        ("regions", 'name = { column = "n", value = "x" }', "load[1].fields.name", "2 sources"),
        ("regions", 'name = { sum = "n" }', "load[1].fields.name", "not a number"),
        ("regions", 'name = { column = "n", by = "key" }', "load[1].fields.name.by", "Leave it out"),
        ("regions", 'name = { column = "n", aliases = "x" }', "load[1].fields.name.aliases", "no [aliases.x]"),
        ("regions", 'name = { column = "n", last_of = "month" }', "load[1].fields.name", "not a day"),
        ("regions", 'name = { template = "n" }', "load[1].fields.name.template", "names no column"),
        ("regions", 'name = { template = "{n|loud}" }', "load[1].fields.name.template", "dotted, lower, upper"),
        ("reps", 'name = "n"\nhired_on = { value = "2016-13-01" }', "load[1].fields.hired_on.value", "not a date"),
        ("users", 'name = "n"\nemail = "e"\nrole = { column = "r", default = "boss" }', "load[1].fields.role.default", "admin, manager, rep, viewer"),
        ("memberships", 'team = "t"\nstart_on = "s"\nrep = { column = "r", by = "email" }', "load[1].fields.rep.by", "key, name"),
        ("orders", 'external_key = "k"\nrep = "r"\nordered_on = "d"\namount = { sum = "a" }', "load[1].fields.amount", "no group"),
        ("orders", 'external_key = "k"\nrep = "r"\nordered_on = "d"\namount = { column = "a", times = "x" }', "load[1].fields.amount.times", "not a number"),
    ],
)
def test_a_wrong_field_is_told(entity, fields, key, told):
    assert told in problems(load(entity, fields))[key]


@pytest.mark.parametrize(
    ("more", "key", "told"),
    [
        ('skip = [{ column = "a" }]', "load[1].skip[1].is", "Say which rows"),
        ('skip = [{ column = "a", matches = "(" }]', "load[1].skip[1].matches", "no regular expression"),
        ('only = "inserts"', "load[1].only", "updates"),
        ("optional = 1", "load[1].optional", "true or false"),
    ],
)
def test_a_wrong_key_of_a_load_is_told(more, key, told):
    assert told in problems(load("regions", 'name = "n"', more))[key]


def test_a_path_for_a_file_is_refused():
    assert "names a folder" in problems(load("regions", 'name = "n"').replace('"a.csv"', '"../a.csv"'))["load[1].file"]


def test_a_mapping_that_loads_nothing_is_refused():
    assert "Nothing is loaded" in problems('title = "T"')["load"]


@pytest.mark.parametrize(
    ("unfold", "key", "told"),
    [
        ('into = "m"\nvalue = "v"', "columns", "No column is unfolded."),
        ('into = "m"\nvalue = "m"\ncolumns = { a = "1" }', "into", "a name of its own"),
        ('into = "a"\nvalue = "v"\ncolumns = { a = "1" }', "into", "a name of its own"),
        ('value = "v"\ncolumns = { a = "1" }', "into", "It is missing."),
        ('into = "m"\nvalue = "v"\nmatching = "("', "matching", "no regular expression"),
        ('into = "m"\nvalue = "v"\ncolumns = { a = 1 }', "columns.a", "It is not a text."),
        ('into = "m"\nvalue = "v"\ncolumns = { a = "1" }\nalso = "x"', "also", "There is no such key here."),
    ],
)
def test_a_wrong_unfolding_is_told(unfold, key, told):
    assert told in problems(load("regions", 'name = "n"', more=f"[load.unfold]\n{unfold}"))[f"load[1].unfold.{key}"]
