"""Asks at once for all customers, campaigns and other rows that a column names and nobody knows, and adds those that can be added."""

import re
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.imports.entities import ENTITIES, KEY, referred
from apps.imports.mapping import Column, Condition, Field, FirstOf, Load
from apps.imports.recognition import references
from apps.imports.recognition.known import Known
from apps.imports.recognition.loads import Draft
from apps.imports.recognition.presets.declarations import plain
from apps.imports.recognition.proposal import Answers, Choice, Question

CREATE, LEAVE_OUT, KEEP = "create", "leave out", "keep"
ENDS_IN_ID = re.compile(r"^(.+?)[ _.-]*id$", re.IGNORECASE)


def asked(drafts: Sequence[Draft], names: Sequence[str], known: Known, answers: Answers) -> list[Question]:
    """Ask for each column once; `names` are those of the drafts' files."""
    questions = []
    for draft, name in zip(drafts, names, strict=True):
        for field in draft.load.fields:
            if not _is_other(draft, field):
                continue
            entity = referred(ENTITIES[draft.load.entity].fields[field.name]).name
            texts = {field.aliases.get(text, text) for profile in draft.profiles(field) for text in profile.texts or ()} - {""}
            unknown = texts - known.texts(entity, texts) - references.coming(drafts, entity)
            if unknown:
                key = f"{name}: {field.name}"
                questions.append(_question(draft, field, key, len(unknown), is_all=unknown == texts, answer=answers.get("others", {}).get(key) or None))
    return questions


def _is_other(draft: Draft, field: Field) -> bool:
    """Take references that a row may lack, and that are not asked for one by one."""
    column = ENTITIES[draft.load.entity].fields[field.name]
    return bool(column.is_relation and column.null and isinstance(field.source, Column | FirstOf) and referred(column).name not in references.ASKED)


def _question(draft: Draft, field: Field, key: str, count: int, *, is_all: bool, answer: str | None) -> Question:
    entity = referred(ENTITIES[draft.load.entity].fields[field.name]).name
    can_be_made = set(ENTITIES[entity].required) <= {"name"} and isinstance(field.source, Column) and bool(named(field.columns[0], draft.survey.header))
    words = ngettext(
        "%(count)s text in “%(column)s” is that of no row of %(entity)s.", "%(count)s texts in “%(column)s” are those of no row of %(entity)s.", count
    ) % {"count": count, "entity": entity, "column": ", ".join(field.columns)}
    choices = [Choice(CREATE, _("Add them."))] if can_be_made else []
    choices += [Choice(LEAVE_OUT, _("Leave the column out.")), Choice(KEEP, _("They will be there; rows for which that is not so are rejected."))]
    default = CREATE if can_be_made else LEAVE_OUT if is_all else KEEP
    return Question("others", key, words, tuple(choices), default, count, answer=answer)


def named(column: str, header: tuple[str, ...]) -> str | None:
    """Return the column with the names of what a column refers to: itself, or of a column of ids the one beside it with the names, if there is one."""
    match = ENDS_IN_ID.match(column)
    if not match:
        return column
    wanted = (plain(match[1]), f"{plain(match[1])} name")
    return next((name for name in header if name != column and plain(name) in wanted), None)


def settled(drafts: Sequence[Draft], names: Sequence[str], questions: Sequence[Question]) -> list[Draft]:
    """Do what is answered: add rows before what refers to them, or leave the column out."""
    taken = {question.name: question.taken for question in questions if question.group == "others"}
    made: list[Draft] = []
    result: list[Draft] = []
    for draft, name in zip(drafts, names, strict=True):
        for field in draft.load.fields:
            answer = taken.get(f"{name}: {field.name}") if _is_other(draft, field) else None
            if answer == LEAVE_OUT:
                kept = tuple(each for each in draft.load.fields if each.name != field.name)
                draft = replace(draft, load=replace(draft.load, fields=kept))
            elif answer == CREATE:
                made.append(Draft(draft.survey, _load(draft, field)))
        result.append(draft)
    return [*made, *result]


def _load(draft: Draft, field: Field) -> Load:
    column = field.columns[0]
    entity = referred(ENTITIES[draft.load.entity].fields[field.name]).name
    fields = (Field(KEY, Column(column), aliases=field.aliases), Field("name", Column(named(column, draft.survey.header) or column)))
    return replace(draft.load, entity=entity, fields=fields, skip=(*draft.load.skip, Condition(column, blank=True)), group=(), only="new", unfold=None)
