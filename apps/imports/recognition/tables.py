"""Decides which table a file is, and which of its columns feeds which field, with how sure that is and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from apps.imports import conversion
from apps.imports.entities import ENTITIES, Entity
from apps.imports.recognition.presets import PRESETS
from apps.imports.recognition.presets.declarations import CLOSE, OUTCOME, Preset, plain
from apps.imports.recognition.survey import Profile, Survey

NEAR = 0.86  # how alike two names must be to be taken for one
TYPE = "attributes.type"  # where Salesforce's tools write what a record is
SURE, USUAL = 0.98, 0.8


@dataclass(frozen=True)
class Found:
    """The column that feeds a field, how sure that is from 0 to 1, and why."""

    column: str
    confidence: float
    why: str


@dataclass(frozen=True)
class Table:
    """A file and what it is taken for; `preset` is None where it is not known."""

    survey: Survey
    preset: Preset | None
    confidence: float
    why: str
    fields: dict[str, Found]

    @property
    def entity(self) -> Entity:
        assert self.preset is not None
        return ENTITIES[self.preset.entity]


def recognised(survey: Survey, entity: str | None = None) -> Table:
    """Take a file for the table it is most like; `entity` says what it feeds where somebody knows. "" is nothing."""
    usable = [preset for preset in PRESETS if entity in (None, preset.entity)]
    header = {plain(name) for name in survey.header}
    of_type = _of_type(survey, usable)
    ranked = sorted(usable, key=lambda preset: _rank(preset, header, of_type), reverse=True)
    best = next(iter(ranked), None)
    if best is None or (entity is None and best is not of_type and _told(best, header) < 1):
        return _stated(survey, entity) if entity else Table(survey, None, 0.0, _("Its columns are those of no table that is known."), {})
    told = 1.0 if best is of_type else _told(best, header)
    fields = dict(_fields(survey, best))
    confidence = round(told * (SURE if best.system else USUAL), 2)
    return Table(survey, best, confidence, _why(survey, best, of_type), fields)


def _stated(survey: Survey, entity: str) -> Table:
    """Take a file for what somebody says it is: columns feed the fields that are called like them."""
    names = {name: (name.replace("_", " "), str(column.verbose_name)) for name, column in ENTITIES[entity].fields.items()}
    preset = Preset("", entity, entity, (), names)
    return Table(survey, preset, 1.0, _("It was said so."), dict(_fields(survey, preset)))


def _of_type(survey: Survey, usable: Sequence[Preset]) -> Preset | None:
    if TYPE not in survey.header:
        return None
    told = survey.column(TYPE).samples
    return next((preset for preset in usable if len(told) == 1 and preset.system == "Salesforce" and preset.table == told[0]), None)


def _rank(preset: Preset, header: set[str], of_type: Preset | None) -> tuple[bool, float, bool, int]:
    there = sum(any(plain(name) in header for name in names) for names in preset.fields.values())
    return preset is of_type, _told(preset, header), bool(preset.system), there


def _told(preset: Preset, header: set[str]) -> float:
    """Return the share of the columns by which a table is known that are there."""
    return sum(any(plain(name) in header for name in names) for names in preset.tell) / (len(preset.tell) or 1)


def _why(survey: Survey, preset: Preset, of_type: Preset | None) -> str:
    if preset is of_type:
        return _("Its records say that they are of the type %(table)s.") % {"table": preset.table}
    header = {plain(name): name for name in survey.header}
    there = [header[plain(name)] for names in preset.tell for name in names if plain(name) in header]
    return _("It has the columns %(columns)s.") % {"columns": ", ".join(dict.fromkeys(there))}


def _fields(survey: Survey, preset: Preset) -> Iterator[tuple[str, Found]]:
    """Yield for each field its column: exactly called, or nearly; a column feeds the first of the fields that want it, keys and names excepted."""
    taken: set[str] = set()
    unique = [name for name in survey.header if name and survey.header.count(name) == 1]
    for field, names in preset.fields.items():
        free = [name for name in unique if name not in taken or field == "name"]
        found = _exact(names, free) or _near(names, free)
        if found:
            if field != "external_key":
                taken.add(found.column)
            yield field, judged(found, survey.column(found.column), field, preset)


def _exact(names: Sequence[str], header: Sequence[str]) -> Found | None:
    by_name = {plain(name): name for name in reversed(header)}
    for name in names:
        if plain(name) in by_name:
            return Found(by_name[plain(name)], SURE, _("It is called as this field usually is."))
    return None


def _near(names: Sequence[str], header: Sequence[str]) -> Found | None:
    alike = [(SequenceMatcher(None, plain(name), plain(each)).ratio(), each, name) for name in names for each in header if len(name) > 4]
    ratio, column, name = max(alike, default=(0.0, "", ""))
    return Found(column, round(ratio * USUAL, 2), _("Its name is like “%(name)s”.") % {"name": name}) if ratio >= NEAR else None


def judged(found: Found, profile: Profile, field: str, preset: Preset) -> Found:
    """Be less sure where the column's cells are not what the field holds."""
    if not profile.filled:
        return replace(found, why=found.why + " " + _("It is blank in every row."))
    name = {CLOSE: "closed_on", OUTCOME: "stage"}.get(field, field)
    column = ENTITIES[preset.entity].fields[name]
    fits = profile.judged
    if conversion.is_day(column):
        fits = profile.dated + (profile.numeric if is_serial(profile) else 0)
    elif conversion.is_number(column):
        fits = profile.numeric
    share = min(1.0, fits / profile.judged)
    if share == 1:
        return found
    more = _("Of its cells, %(share)s are not what the field holds.") % {"share": f"{1 - share:.1%}"}
    return replace(found, confidence=round(found.confidence * share, 2), why=f"{found.why} {more}")


def is_serial(profile: Profile) -> bool:
    """Tell whether a column holds Excel's day numbers, of the years 1954 to 2119."""
    return bool(profile.samples) and all(text.split(".")[0].isdigit() and 20_000 <= float(text) <= 80_000 for text in profile.samples if _is_number(text))


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit() and text.isascii()
