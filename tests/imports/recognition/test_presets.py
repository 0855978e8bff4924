"""Every preset names fields that there are, and is told from all others by its own columns."""

import pytest

from apps.imports.entities import ENTITIES
from apps.imports.recognition import recognising
from apps.imports.recognition.known import Stated
from apps.imports.recognition.presets import PRESETS
from apps.imports.recognition.presets.declarations import CLOSE, OUTCOME, Preset
from tests.imports.recognition.files import table, written

NAMES = [f"{preset.system or 'plain'}: {preset.table}" for preset in PRESETS]


@pytest.mark.parametrize("preset", PRESETS, ids=NAMES)
def test_its_fields_are_those_of_its_entity(preset: Preset):
    assert set(preset.fields) - {CLOSE, OUTCOME} <= set(ENTITIES[preset.entity].fields)
    assert "external_key" in preset.fields


@pytest.mark.parametrize("preset", PRESETS, ids=NAMES)
def test_it_is_recognised_by_its_columns_in_any_case(tmp_path, preset: Preset):
    names = dict.fromkeys([*(each[0] for each in preset.tell), *(each[0] for each in preset.fields.values()), *preset.ended])
    header = [name.upper() if preset.system else name for name in names]
    path = written(tmp_path, "a.csv", table(header, [["x"] * len(header)]))
    (file,) = recognising.recognise([path], Stated()).files
    assert (file.system, file.entity) == (preset.system, preset.entity)


def test_what_a_task_is_has_to_be_said_where_its_type_does_not(tmp_path):
    header = ["Id", "Subject", "ActivityDate", "OwnerId", "TaskSubtype"]
    path = written(tmp_path, "Task.csv", table(header, [["1", "A", "2024-01-01", "Ann", "Call"], ["2", "B", "2024-01-01", "Ann", "LinkedIn"]]))
    proposal = recognising.recognise([path], Stated(rows={"reps": ("Ann",)}))
    assert [(question.key, question.taken) for question in proposal.questions] == [("kind.LinkedIn", None)]
    answered = recognising.recognise([path], Stated(rows={"reps": ("Ann",)}), answers={"kind": {"LinkedIn": "meeting"}})
    assert answered.mapping and dict(answered.mapping.loads[0].fields[-1].aliases) == {"LinkedIn": "meeting"}
