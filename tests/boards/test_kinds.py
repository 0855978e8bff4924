"""What a widget can be: every kind can be drawn and sketched, every board to begin with stands."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from apps.boards.kinds import KINDS, WIDTHS
from apps.boards.models import Widget
from apps.boards.services import MOST, MOST_OF_RECORDS
from apps.boards.starts import STARTS
from apps.dashboards.own.drawing import DRAWERS
from apps.dashboards.own.forms import WORDS
from apps.dashboards.own.sketches import sketches
from apps.kpis import catalogue
from tests import make
from tests.people import People


def test_every_kind_can_be_drawn_and_nothing_else() -> None:
    assert set(KINDS) == set(DRAWERS)


@pytest.mark.parametrize("key", KINDS)
def test_every_kind_has_a_sketch_a_width_and_what_it_starts_with(key: str) -> None:
    kind = KINDS[key]
    assert len(render_to_string("boards/_sketch.html", {"key": key})) > 120
    assert kind.width in WIDTHS and set(WORDS) == set(WIDTHS)
    assert bool(kind.usual) == bool(kind.takes & {"kpi", "kpis"})
    assert all(kind.accepts(catalogue.KPIS[one]) for one in kind.usual)


@pytest.mark.parametrize("key", STARTS)
def test_every_board_to_begin_with_can_be_made_and_has_room_for_more(people: People, key: str) -> None:
    rows = make.board(people.carol, *STARTS[key].widgets()).widgets.all()
    assert len(rows) < MOST and sum(row.declared.reads_records for row in rows) < MOST_OF_RECORDS
    assert all(row.known_kpis == row.kpis for row in rows)


def test_the_guide_names_every_kind() -> None:
    guide = (Path(settings.BASE_DIR) / "docs" / "how-to" / "arrange-a-board.md").read_text()
    assert all(f"| {kind.name} | {kind.about} |" in guide for kind in KINDS.values())


def test_each_is_drawn_small_as_wide_as_it_is() -> None:
    found = {one.key: one for one in sketches()}
    manager = found["manager"].boxes
    assert len(manager) == len(STARTS["manager"].widgets())
    assert all(box.x + box.width <= 120 for one in found.values() for box in one.boxes)
    assert (manager[0].y, manager[1].y) == (0, 0) and manager[1].x > manager[0].x and manager[2].y > 0
    assert found["empty"].boxes == ()


@pytest.mark.parametrize(
    ("kind", "settings", "words"),
    [
        ("figure", {"kpis": []}, "Choose a KPI"),
        ("figure", {"kpis": ["revenue", "win_rate"]}, "Choose one KPI"),
        ("table", {"kpis": [*list(catalogue.KPIS)[:9]]}, "at most 8"),
        ("figure", {"kpis": ["no_such"]}, "no KPI “no_such”"),
        ("parts", {"kpis": ["revenue"]}, "cannot be shown as"),
        ("course", {"kpis": ["win_rate"]}, "cannot be shown as"),
        ("heat", {"kpis": ["revenue"]}, "cannot be shown as"),
        ("figure", {"kpis": ["revenue"], "scope": "team:x"}, "Whose numbers"),
        ("figure", {"kpis": ["revenue"], "width": 2}, "not a valid choice"),
        ("no_such", {}, "no such kind"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_what_to_do(people: People, kind: str, settings: dict[str, object], words: str) -> None:
    row = Widget(board=make.board(people.carol), kind=kind, **settings)
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert any(words in message for message in refused.value.messages), refused.value.messages


def test_settings_that_a_kind_has_no_use_for_are_dropped(people: People) -> None:
    row = Widget(board=make.board(people.carol), kind="text", kpis=["revenue"], scope="company", period="month", among="teams", text="Hello")
    row.full_clean()
    assert (row.kpis, row.scope, row.period, row.among, row.text) == ([], "", "", "", "Hello")


def test_a_kpi_that_a_later_version_drops_is_no_longer_known(people: People) -> None:
    row = Widget(board=make.board(people.carol), kind="table", kpis=["revenue", "gone", "win_rate"])
    assert row.known_kpis == ["revenue", "win_rate"]
