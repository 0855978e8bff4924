"""Asks what no column of a file says: what makes a row recognisable, which currency, and what is required but not there."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from apps.core import clock, currencies
from apps.imports import values
from apps.imports.entities import ENTITIES, KEY
from apps.imports.formats import Formats
from apps.imports.keys import MappingError, Problem, one_of
from apps.imports.mapping import Column, Constant, Field, Template
from apps.imports.recognition import loads, notation
from apps.imports.recognition.known import Known
from apps.imports.recognition.loads import Draft
from apps.imports.recognition.proposal import ALL, Answers, Choice, Question, given
from apps.imports.recognition.references import CREATE, MATCH, coming
from apps.imports.recognition.survey import Profile, Survey

MANY = "many columns"
MOST_NAMES = 50  # that a message lists


def completed(draft: Draft, name: str, signs: tuple[str, ...], known: Known, answers: Answers) -> tuple[Draft, list[Question]]:
    """Fill in what is answered about one load, and ask for the rest."""
    questions: list[Question] = []
    draft = _with_key(draft, name, answers, questions)
    draft = _with_currency(draft, name, signs, known, answers, questions)
    draft = _with_required(draft, name, answers, questions)
    return _with_choices(draft, answers, questions), questions


def _with_key(draft: Draft, name: str, answers: Answers, questions: list[Question]) -> Draft:
    if loads.is_recognisable(draft) or KEY not in ENTITIES[draft.load.entity].fields:
        return draft
    unique = [profile.name for profile in draft.survey.columns if _is_unique(profile, draft.survey.rows)]
    named = draft.field("name")
    first = named.columns[0] if named and named.columns else ""
    choices = [Choice(column, _("The column “%(name)s”: every row has another value.") % {"name": column}) for column in unique]
    beside = [column for field in draft.load.fields if field.name in ("customer", "created_on") for column in field.columns]
    if first and beside:
        choices.append(Choice(MANY, _("%(columns)s together: rows in which all are the same are one.") % {"columns": ", ".join([first, *beside])}))
    words = _("No column says which row is which, so that a second import would know it again. What does?")
    answer = answers.get("keys", {}).get(name) or None
    question = Question("keys", name, words, tuple(choices), first if first in unique else None, draft.survey.rows, answer=answer)
    questions.append(question)
    if question.taken is None or (question.taken not in unique and question.taken != MANY):
        return draft
    source = Template(" / ".join(f"{{{column}}}" for column in (first, *beside))) if question.taken == MANY else Column(question.taken)
    return draft.with_field(Field(KEY, source))


def _is_unique(profile: Profile, rows: int) -> bool:
    """Tell whether a column names its rows: another text in each, which is neither a day nor an amount."""
    return bool(profile.texts) and len(profile.texts or ()) == rows == profile.filled and not profile.dated


def currency_of_saved(draft: Draft, name: str, signs: tuple[str, ...], known: Known, answers: Answers) -> tuple[Draft, list[Question]]:
    """Ask for the currency of amounts that have signs, where the mapping that knows the file knows of none; signs that are not its own are refused, row by row."""
    field, own = draft.field("currency"), draft.load.formats.currency
    if field and not isinstance(field.source, Constant):
        return _taking(draft, tuple(dict.fromkeys((*own, *signs)))), []  # a column says it
    if field or own:
        told = field.source.text if field and isinstance(field.source, Constant) else ""
        return _taking(draft, tuple(dict.fromkeys((*own, *(sign for sign in signs if told in notation.codes([sign])))))), []
    questions: list[Question] = []
    return _with_currency(_taking(draft, signs), name, signs, known, answers, questions), questions


def _taking(draft: Draft, signs: tuple[str, ...]) -> Draft:
    return replace(draft, load=replace(draft.load, formats=replace(draft.load.formats, currency=signs)))


def _with_currency(draft: Draft, name: str, signs: tuple[str, ...], known: Known, answers: Answers, questions: list[Question]) -> Draft:
    if "currency" not in ENTITIES[draft.load.entity].fields or draft.field("currency") or not signs:
        return draft
    codes = notation.codes(signs)
    own = known.currency
    if len(signs) == 1 and own in codes:
        return draft
    choices = [Choice(code, code if code != own else _("%(code)s, the company's own") % {"code": code}) for code in dict.fromkeys((*codes, own))]
    told = {"signs": ", ".join(signs)}
    one, several = (
        _("Amounts have the sign %(signs)s. In which currency are they?"),
        _("Amounts have the signs %(signs)s. In which currency is the file? Others are refused."),
    )
    words = (one if len(signs) == 1 else several) % told
    answer = given(answers, "currencies", name)
    question = Question("currencies", name, words, tuple(choices), None, draft.survey.rows, is_free=True, answer=answer)
    questions.append(question)
    if question.taken is None:
        return draft
    if len(signs) > 1:  # amounts with another's sign are refused, row by row
        draft = _taking(draft, tuple(sign for sign in signs if question.taken in notation.codes([sign])))
    return draft if question.taken == own else draft.with_field(Field("currency", Constant(question.taken)))


def _with_required(draft: Draft, name: str, answers: Answers, questions: list[Question]) -> Draft:
    """Ask for one value for all rows where no column feeds a field that every row needs."""
    entity = ENTITIES[draft.load.entity]
    for field in entity.required:
        if draft.field(field):
            continue
        column = entity.fields[field]
        words = _("No column says the %(field)s (%(name)s). Which value have all rows?") % {"field": column.verbose_name, "name": field}
        choices = tuple(Choice(str(stored), str(label)) for stored, label in column.flatchoices)
        key = f"{name}: {field}"
        answer = answers.get("constants", {}).get(key) or None
        question = Question("constants", key, words, choices, None, draft.survey.rows, is_free=not choices, answer=answer)
        questions.append(question)
        if question.taken:
            draft = draft.with_field(Field(field, Constant(question.taken)))
    return draft


def _with_choices(draft: Draft, answers: Answers, questions: list[Question]) -> Draft:
    """Ask what texts mean where a field may have certain values only, such as the kind of an activity."""
    entity = ENTITIES[draft.load.entity]
    for field in draft.load.fields:
        column = entity.fields[field.name]
        if not column.choices or not field.columns:
            continue
        allowed = {str(word).casefold(): str(stored) for stored, label in column.flatchoices for word in (label, stored)}
        texts = [(text, count) for profile in draft.profiles(field) for text, count in (profile.texts or {}).items() if text.casefold() not in allowed]
        aliases = dict(field.aliases)
        for text, count in texts:
            choices = tuple(Choice(str(stored), str(label)) for stored, label in column.flatchoices)
            words = _("What is “%(text)s” (%(column)s)?") % {"text": text, "column": ", ".join(field.columns)}
            question = Question(f"{field.name}", text, words, choices, None, count, answer=given(answers, field.name, text))
            questions.append(question)
            aliases[text] = question.taken or ""
        draft = draft.with_field(replace(field, aliases=aliases)) if texts else draft
    return draft


def hired_on(surveys: Sequence[Survey], unknown: Sequence[Question], answers: Answers) -> list[Question]:
    """Ask since when people who are to be added have been here: by default since the first day in the files."""
    if not any(question.group == "owners" and question.taken == CREATE for question in unknown):
        return []
    days = [profile.first_on for each in surveys for profile in each.columns if profile.first_on]
    words = _("Since when have people who are added been here (YYYY-MM-DD)?")
    return [Question("constants", "hired_on", words, (), min(days, default=None), is_free=True, answer=answers.get("constants", {}).get("hired_on") or None)]


def check(questions: Sequence[Question], answers: Answers, drafts: Sequence[Draft], known: Known) -> None:
    """Refuse answers that are none of a question's choices, and those that no question has."""
    problems = list(_wrong(questions, drafts, known))
    asked = {question.key for question in questions} | {f"{question.group}.{ALL}" for question in questions}
    groups = {question.group for question in questions}
    for group, table in answers.items():
        for name in table:
            if group in groups and f"{group}.{name}" not in asked and table[name]:
                problems.append(Problem(f"{group}.{name}", _("Nothing is asked there."), one_of(sorted(asked))))
    if problems:
        raise MappingError(problems)


def _wrong(questions: Sequence[Question], drafts: Sequence[Draft], known: Known) -> Iterator[Problem]:
    for question in questions:
        allowed = [choice.value for choice in question.choices]
        answer = question.answer
        if answer is None or answer in allowed:
            continue
        if question.group == "currencies" and answer in currencies.codes():
            continue
        if answer.startswith(MATCH) and question.is_free:
            name, entity = answer.removeprefix(MATCH), {"owners": "reps"}.get(question.group, question.group)
            if known.texts(entity, [name]) or name in coming(drafts, entity):
                continue
            yield Problem(question.key, _("There is no “%(name)s”.") % {"name": name}, one_of(known.names(entity)[:MOST_NAMES]))
        elif not (question.is_free and question.group == "constants" and _is_day(question, answer)):
            options = [*allowed, *([MATCH + "…"] if question.group in ("owners", "stages", "products") else [])]
            yield Problem(
                question.key,
                _("“%(value)s” is no answer to it.") % {"value": answer},
                one_of(options) if options else _("Write a day up to today, such as 2024-03-31."),
            )


def _is_day(question: Question, answer: str) -> bool:
    """Hold a day to how days are written; other constants are held to their field when the mapping is made."""
    if question.name != "hired_on":
        return True
    try:
        return values.day(answer, Formats()) <= clock.today()
    except values.Refused:
        return False
