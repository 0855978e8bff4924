"""What an operator can set is written down, all of it and nothing else."""

import re

from script.house.environment import ROOT

GUIDE = (ROOT / "docs" / "how-to" / "run-in-production.md").read_text()


def test_every_setting_of_the_environment_is_in_the_guide() -> None:
    asked = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "kpiboard" / "settings.py").read_text()))

    assert asked
    assert {name for name in asked if f"`{name}`" not in GUIDE} == set()


def test_every_variable_of_the_example_is_in_the_guide() -> None:
    named = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)

    assert named
    assert [name for name in named if f"`{name}`" not in GUIDE] == []


def test_the_guide_names_no_setting_that_nothing_reads() -> None:
    known = (ROOT / "kpiboard" / "settings.py").read_text() + (ROOT / "docker-compose.yml").read_text()
    house = "".join(file.read_text() for file in (ROOT / "script" / "house").rglob("*.py"))
    named = set(re.findall(r"^\| `([A-Z_]+)`", GUIDE, re.MULTILINE)) | set(re.findall(r"`(KPIBOARD_[A-Z_]+)`", GUIDE))

    assert named
    assert {name for name in named if name not in known + house} == set()
