"""The reference of mapping files names every entity, field and key, as the code has them."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from apps.imports.entities import ENTITIES, Entity
from apps.imports.mapping import STYLES
from tests.imports.test_parsing import problems

REFERENCE = Path(settings.BASE_DIR) / "docs" / "reference" / "mapping-files.md"


def row(entity: Entity) -> str:
    fields = ", ".join(f"**{name}**" if name in entity.required else name for name in entity.fields)
    return f"| `{entity.name}` | {' + '.join(entity.same)} | {fields} |"


def test_every_entity_stands_in_the_reference_with_its_fields():
    text = REFERENCE.read_text("utf-8")
    table = text.split("<!-- entities -->")[1].split("<!-- /entities -->")[0].strip().splitlines()
    assert table[2:] == [row(entity) for entity in ENTITIES.values()]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("zzz = 1", "zzz"),
        ("[formats]\nzzz = 1", "formats.zzz"),
        ("[[load]]\nzzz = 1", "load[1].zzz"),
        ("[[load]]\nskip = [{ zzz = 1 }]", "load[1].skip[1].zzz"),
        ('[[load]]\nfields.name = { column = "a", zzz = 1 }', "load[1].fields.name.zzz"),
    ],
)
def test_every_key_that_a_mapping_may_have_stands_in_the_reference(text, place):
    known = re.search(r"Use one of: (.*?)\.", problems(text)[place])
    reference = REFERENCE.read_text("utf-8")
    assert known is not None
    for key in known[1].split(", "):
        assert re.search(rf"[`.\[{{ ]{key}[`\]. ]", reference), key


def test_every_style_of_a_template_stands_in_the_reference():
    assert all(f"{style}" in REFERENCE.read_text("utf-8") for style in STYLES)
