"""Recognises files: from which system they are, what feeds what, and what has to be asked. Writes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from django.utils.translation import gettext as _

from apps.imports import conversion, mapping_file, parsing
from apps.imports.entities import ENTITIES
from apps.imports.keys import MappingError, Problem, suggestion
from apps.imports.mapping import Column, Condition, Field, FirstOf, Load, Mapping
from apps.imports.recognition import asking, loads, notation, others, references, saved, survey, tables
from apps.imports.recognition.known import Known
from apps.imports.recognition.loads import Draft
from apps.imports.recognition.proposal import Answers, ColumnProposal, FileProposal, Proposal, Question, given
from apps.imports.recognition.survey import Survey
from apps.imports.recognition.tables import Found, Table

ORDER = list(ENTITIES)


@dataclass(frozen=True)
class Asked:
    """A load with everything found out about its file, and what is asked about it."""

    draft: Draft
    questions: tuple[Question, ...]


def recognise(paths: Iterable[Path], known: Known, *, mappings: Iterable[Mapping] = (), answers: Answers | None = None) -> Proposal:
    """Recognise files, by mappings that are saved or else by what systems export. Raises MappingError where a file cannot be read."""
    return propose(surveyed(paths), known, mappings=mappings, answers=answers)


def surveyed(paths: Iterable[Path]) -> list[Survey]:
    """Read every file once; raise MappingError with what is wrong in any."""
    found: list[Survey] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            found += survey.of(path)
        except MappingError as error:
            problems += error.problems
        except OSError as error:
            problems.append(Problem(path.name, _("It cannot be read: %(error)s.") % {"error": error}, _("Let the user who runs this read it.")))
    if problems:
        raise MappingError(problems)
    return found


def propose(surveys: Sequence[Survey], known: Known, *, mappings: Iterable[Mapping] = (), answers: Answers | None = None) -> Proposal:
    """Propose how to import files that were surveyed. The same surveys and answers give the same proposal."""
    given: Answers = answers or {}
    is_corrected = bool(given.get("entities") or given.get("columns"))  # then what was saved is not what these files are
    fitting = None if is_corrected else saved.fitting(surveys, mappings)
    found = fitting.tables if fitting else [corrected(tables.recognised(each, entity_of(each, given)), given) for each in surveys]
    drafts = fitting.drafts if fitting else [loads.of(table) for table in found if table.preset]
    asked = [_asked(draft, known, given, is_saved=fitting is not None) for draft in drafts]
    drafts = [one.draft for one in asked]
    questions = [question for one in asked for question in one.questions]
    unknown = references.asked(drafts, known, given)
    names = [label(draft.survey) for draft in drafts]
    beside = [] if fitting else others.asked(drafts, names, known, given)
    hired = asking.hired_on(surveys, unknown, given)
    questions = list({question.key: question for question in [*questions, *unknown, *beside, *hired]}.values())
    asking.check(questions, given, drafts, known)
    is_open = any(question.taken is None for question in questions) or not drafts
    system = fitting.title if fitting else _system(found)
    files = tuple(_file(table, {column for draft in drafts if draft.survey is table.survey for column in draft.load.columns}) for table in found)
    if is_open:
        return Proposal(system, files, tuple(questions), None)
    day = hired[0].taken if hired else None
    settled = references.settled(drafts, unknown, known, day)
    settled = others.settled(settled, [label(draft.survey) for draft in settled], beside)
    kinds = references.kinds(unknown, known)
    ready = [_closing(draft, kinds) for draft in settled]
    if not fitting:
        ready.sort(key=lambda draft: ORDER.index(draft.load.entity))
    return Proposal(system, files, tuple(questions), _mapping(system, loads.distinct(ready)))


def label(each: Survey) -> str:
    return f"{each.path.name} / {each.sheet}" if each.sheet else each.path.name


def entity_of(each: Survey, answers: Answers) -> str | None:
    """Return what somebody says a file feeds."""
    said = answers.get("entities", {}).get(label(each))
    if said is not None and said and said not in ENTITIES:
        raise MappingError([Problem(f"entities.{label(each)}", _("“%(value)s” is unknown.") % {"value": said}, suggestion(said, ENTITIES))])
    return said


def corrected(table: Table, answers: Answers) -> Table:
    """Let columns feed what somebody says: `columns."file: column" = "field"`, blank for nothing."""
    fields = dict(table.fields)
    for key, field in answers.get("columns", {}).items():
        name, _sign, column = key.rpartition(": ")
        if name != label(table.survey) or table.preset is None:
            continue
        if column not in table.survey.header:
            raise MappingError([Problem(f"columns.{key}", _("There is no such column."), suggestion(column, table.survey.header))])
        if field and field not in table.entity.fields and field not in table.preset.fields:
            raise MappingError([Problem(f"columns.{key}", _("There is no such field."), suggestion(field, table.entity.fields))])
        fields = {each: found for each, found in fields.items() if found.column != column or each == field}
        if field:
            fields[field] = Found(column, 1.0, _("It was said so."))
    return replace(table, fields=fields)


def _system(found: Sequence[Table]) -> str:
    systems = {table.preset.system for table in found if table.preset and table.preset.system}
    return ", ".join(sorted(systems)) or _("Files")


def _asked(draft: Draft, known: Known, answers: Answers, *, is_saved: bool) -> Asked:
    """Find out how a file writes its values, and ask what its columns do not say."""
    name, entity = label(draft.survey), ENTITIES[draft.load.entity]
    columns = {field.name: entity.fields[field.name] for field in draft.load.fields}
    by_column = [(field, columns[field.name]) for field in draft.load.fields if isinstance(field.source, Column | FirstOf) or field.columns]
    made_up = draft.load.made_up
    real = [(field, column) for field, column in by_column if not set(field.columns) & set(made_up)]
    days = [profile for field, column in real if conversion.is_day(column) for profile in draft.profiles(field)]
    days += [draft.survey.column(draft.closes_by)] if draft.closes_by else []
    numbers = [profile for field, column in real if conversion.is_number(column) for profile in draft.profiles(field)]
    before = notation.answered(draft.load.formats) if is_saved else {}
    answer = {group: given(answers, group, name) or before.get(group) for group in ("dates", "numbers", "encodings")}
    written = notation.of(draft.survey, name, days=days, numbers=numbers, answer=answer)
    questions = list(written.questions)
    formats = saved.merged(draft.load.formats, written.formats) if is_saved else written.formats
    draft = replace(draft, load=replace(draft.load, formats=formats))
    if is_saved:
        draft, more = asking.currency_of_saved(draft, name, written.signs, known, answers)
        return Asked(draft, (*questions, *more))
    draft, more = asking.completed(draft, name, written.signs, known, answers)
    return Asked(draft, (*questions, *more))


def _closing(draft: Draft, kinds: dict[str, str]) -> Draft:
    """Let deals that are won or lost have closed on the day on which those that are open are expected to."""
    stage, closed = draft.field("stage"), draft.field("closed_on")
    if stage is None or not stage.columns or draft.load.entity != "opportunities":
        return draft
    ended = frozenset(text for text, kind in kinds.items() if kind != "open")
    if closed and closed.when and closed.when.column == stage.columns[0] and closed.when.texts:  # of a mapping that was saved: stages have come since
        return draft.with_field(replace(closed, when=replace(closed.when, texts=closed.when.texts | ended)))
    if closed or draft.closes_by is None or not ended:
        return draft
    return draft.with_field(Field("closed_on", Column(draft.closes_by), when=Condition(stage.columns[0], ended)))


def _mapping(title: str, each: Sequence[Load]) -> Mapping:
    """Make a mapping, held to the same rules as one that is written by hand."""
    return parsing.parse(mapping_file.write(Mapping(title, tuple(each))))


def _file(table: Table, used: set[str]) -> FileProposal:
    """Propose what each column of a file feeds; `used` are all that a load reads, some of them only beside others."""
    fed: dict[str, list[tuple[str | None, Found]]] = {}
    for field, found in table.fields.items():
        fed.setdefault(found.column, []).append((field, found))
    columns = []
    for profile in table.survey.columns:
        is_double = table.survey.header.count(profile.name) > 1
        is_beside = profile.name in used and profile.name not in fed
        why = _("Several columns are called so; call each otherwise in the file.") if is_double else _("Nothing is fed by it.")
        why = _("It is read together with other columns.") if is_beside else why
        (first, found), *more = fed.get(profile.name) or [(None, Found(profile.name, 0.0, why))]
        also = tuple(field for field, _found in more if field is not None)
        columns.append(ColumnProposal(profile.name, tuple(profile.samples), first, found.confidence, found.why, also, is_double, is_beside))
    preset, each = table.preset, table.survey
    return FileProposal(
        file=each.path.name,
        sheet=each.sheet,
        system=preset.system if preset else "",
        entity=preset.entity if preset else None,
        confidence=table.confidence,
        why=table.why,
        rows=each.rows,
        written=each.written,
        left_out=each.left_out,
        columns=tuple(columns),
    )
