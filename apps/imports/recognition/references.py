"""Finds the owners, stages and products of files that nobody knows yet, asks what to do with each, and does what is answered."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, replace
from difflib import get_close_matches

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.imports.entities import ENTITIES, KEY, referred
from apps.imports.mapping import Column, Condition, Constant, Field, FirstOf, Load
from apps.imports.recognition import stage_words
from apps.imports.recognition.known import Known
from apps.imports.recognition.loads import Draft
from apps.imports.recognition.proposal import Answers, Choice, Question, given

ASKED = {"reps": "owners", "stages": "stages", "products": "products"}
CREATE, SKIP, BLANK, MATCH = "create", "skip", "blank", "match: "
KINDS = ("open", "won", "lost")
HIRED = "hired_on"
MAIL_BESIDE = re.compile(r"[(<]\s*([^()<>\s]+@[^()<>\s]+)\s*[)>]\s*$")  # as HubSpot writes people: Ada Adler (ada@example.com)
LIKE_AN_ID = re.compile(r"[A-Za-z0-9]*\d[A-Za-z0-9]{7,}|\d{4,}")


@dataclass(frozen=True)
class Use:
    """A field of a load that refers to an entity whose rows are asked for."""

    draft: Draft
    field: Field
    entity: str

    @property
    def is_required(self) -> bool:
        return self.field.name in ENTITIES[self.draft.load.entity].required

    def texts(self) -> Counter[str]:
        """Count the texts of the field's columns as they stand in the file, but those that mean nothing."""
        found: Counter[str] = Counter()
        for profile in self.draft.profiles(self.field):
            found.update(profile.texts or {})
        return Counter({text: count for text, count in found.items() if self.meaning(text)})

    def meaning(self, text: str) -> str:
        return self.field.aliases.get(text, text)


def uses(drafts: Sequence[Draft], entity: str) -> list[Use]:
    found = []
    for draft in drafts:
        for field in draft.load.fields:
            column: models.Field = ENTITIES[draft.load.entity].fields[field.name]
            if column.is_relation and isinstance(field.source, Column | FirstOf) and referred(column).name == entity:
                found.append(Use(draft, field, entity))
    return found


def coming(drafts: Sequence[Draft], entity: str) -> frozenset[str]:
    """Return the texts by which rows can be referred to that the files themselves bring."""
    own = [draft for draft in drafts if draft.load.entity == entity and draft.load.only != "updates"]
    found: set[str] = set()
    for draft in own:
        for field in draft.load.fields:
            if field.name in ENTITIES[entity].known_by:
                found |= {field.aliases.get(text, text) for profile in draft.profiles(field) for text in profile.texts or ()}
                found |= {field.source.text} if isinstance(field.source, Constant) else set()
    return frozenset(found)


def asked(drafts: Sequence[Draft], known: Known, answers: Answers) -> list[Question]:
    """Ask once for each text that nobody knows, the most frequent first."""
    questions = []
    for entity in ASKED:
        of_entity = uses(drafts, entity)
        counts: Counter[str] = Counter()
        for use in of_entity:
            counts.update(use.texts())
        meant = {text: use.meaning(text) for use in of_entity for text in use.texts()}
        brought = coming(drafts, entity)
        mails = {text: found[1] for text in meant if entity == "reps" and (found := MAIL_BESIDE.search(meant[text]))}
        there = known.texts(entity, [*meant.values(), *mails.values()]) | brought
        added: dict[str, str] = {}
        names = (*known.names(entity), *sorted(brought))
        spelled = {_squeezed(name): name for name in names}
        is_optional = not any(use.is_required for use in of_entity)
        kinds = {text: kind for use in of_entity for text, kind in use.draft.survey.outcomes.items()}
        for text, count in counts.most_common():
            if meant[text] not in there:
                same = mails[text] if mails.get(text) in there else spelled.get(_squeezed(meant[text])) or added.get(_squeezed(text))
                default = MATCH + same if same else _default(entity, text, kinds)
                question = _question(entity, text, count, names, answers, same=same, default=default, is_optional=is_optional)
                if (question.taken or "").startswith(CREATE):
                    added.setdefault(_squeezed(text), meant[text])
                questions.append(question)
    return questions


def _squeezed(text: str) -> str:
    """Write a name as one that differs in spaces and capitals alone would be written."""
    return " ".join(text.split()).casefold()


def _default(entity: str, text: str, kinds: Table[str, str]) -> str | None:
    """Say what is done with a text without an answer, where that cannot be far from right."""
    if entity == "stages":
        kind = kinds.get(text) or stage_words.kind(text)
        return f"{CREATE}: {kind}" if kind else None
    return None if entity == "reps" and LIKE_AN_ID.fullmatch(text) else CREATE


def _question(
    entity: str, text: str, count: int, names: Sequence[str], answers: Answers, *, same: str | None, default: str | None, is_optional: bool
) -> Question:
    """Ask what a text stands for; `same` is what it most probably is, which is taken without an answer."""
    group = ASKED[entity]
    near = [same] if same else get_close_matches(text, names, n=3, cutoff=0.75)
    choices = [Choice(MATCH + name, _("It is %(name)s.") % {"name": name}) for name in near]
    if entity == "stages":
        words = {"open": _("Add it as an open stage."), "won": _("Add it as a stage of deals won."), "lost": _("Add it as a stage of deals lost.")}
        choices += [Choice(f"{CREATE}: {kind}", words[kind]) for kind in KINDS]
    else:
        choices.append(Choice(CREATE, _("Add it.")))
    choices.append(Choice(SKIP, _("Leave its rows out.")))
    if is_optional:
        choices.append(Choice(BLANK, _("Leave the field blank.")))
    told = ngettext("“%(text)s” is not known; it stands in %(count)s row.", "“%(text)s” is not known; it stands in %(count)s rows.", count)
    answer = given(answers, group, text)
    words_of = told % {"text": text, "count": count}
    if entity == "reps" and LIKE_AN_ID.fullmatch(text):
        words_of += " " + _("It looks like an id: give the file with the people too, and it will be known.")
    return Question(group, text, words_of, tuple(choices), default if same or not near else None, count, is_free=bool(names), answer=answer)


def settled(drafts: Sequence[Draft], questions: Sequence[Question], known: Known, hired_on: str | None) -> list[Draft]:
    """Do what is answered: translate, leave out, and make the rows that are to be added, before what refers to them."""
    result = list(drafts)
    made: list[Draft] = []
    for entity, group in ASKED.items():
        taken = {question.name: question.taken or "" for question in questions if question.group == group}
        if not taken:
            continue
        of_entity = uses(drafts, entity)
        for use in of_entity:
            at = next(place for place, draft in enumerate(drafts) if draft is use.draft)
            result[at] = _translated(result[at], use, taken)
            made += _made(use, of_entity, taken, known, hired_on)
    return [*made, *result]


def _translated(draft: Draft, use: Use, taken: dict[str, str]) -> Draft:
    matched = {text: answer.removeprefix(MATCH) for text, answer in taken.items() if answer.startswith(MATCH)}
    blank = {text: "" for text, answer in taken.items() if answer == BLANK}
    left_out = frozenset(text for text, answer in taken.items() if answer == SKIP)
    field = draft.field(use.field.name) or use.field
    draft = draft.with_field(replace(field, aliases={**field.aliases, **matched, **blank})) if matched or blank else draft
    rules = tuple(Condition(column, left_out) for column in use.field.columns) if left_out else ()
    return replace(draft, load=replace(draft.load, skip=(*draft.load.skip, *rules)))


def _made(use: Use, of_entity: Sequence[Use], taken: dict[str, str], known: Known, hired_on: str | None) -> Iterator[Draft]:
    """Yield a load for each column that has texts of which rows are to be made, the same for all parts of one export."""
    created = {text: answer for text, answer in taken.items() if answer.split(":")[0] == CREATE and use.meaning(text)}
    positions = _positions(created, known) if use.entity == "stages" else {}
    parts = [other.draft for other in of_entity if other.draft.load.file == use.draft.load.file]
    for column in use.field.columns:
        there = {text for part in parts if column in part.survey.header for text in part.survey.column(column).texts or ()}
        if there & created.keys():
            yield Draft(use.draft.survey, _load(use, column, created, positions, hired_on))


def _positions(created: dict[str, str], known: Known) -> dict[str, int]:
    """Put stages that are to be added after those that are there: the open ones, those of deals won, those of deals lost."""
    order = sorted(created, key=lambda text: KINDS.index(kind_of(created[text])))
    return {text: place for place, text in enumerate(order, known.last_position() + 1)}


def kind_of(answer: str) -> str:
    return answer.partition(": ")[2] or "open"


def _load(use: Use, column: str, own: dict[str, str], positions: dict[str, int], hired_on: str | None) -> Load:
    entity = use.entity
    only_these = Condition(column, others_than=frozenset(own))
    fields = [Field("name", Column(column), aliases={text: use.meaning(text) for text in own if use.meaning(text) != text})]
    if entity == "reps":
        fields.append(Field(HIRED, Constant(hired_on or "")))
    if entity == "products":
        fields.append(Field(KEY, Column(column)))
    if entity == "stages":
        fields.append(Field("kind", Column(column), aliases={text: kind_of(answer) for text, answer in own.items()}))
        fields.append(Field("position", Column(column), aliases={text: str(positions[text]) for text in own}))
    base = use.draft.load
    return replace(base, entity=entity, fields=tuple(fields), skip=(only_these,), group=(), only="new", unfold=None)


def kinds(questions: Sequence[Question], known: Known) -> dict[str, str]:
    """Return for each stage's text whether it is open, won or lost, those that are to be added or matched among them."""
    found = known.kinds()
    for question in questions:
        if question.group == "stages" and question.taken:
            answer, _sign, kind = question.taken.partition(": ")
            found[question.name] = kind if answer == CREATE else found.get(kind, "open")
    return found
