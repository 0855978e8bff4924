"""Recognises files by a mapping that is there already: one that is shipped, or was saved when such files came before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from apps.imports.formats import Formats
from apps.imports.mapping import Load, Mapping
from apps.imports.recognition import loads, tables
from apps.imports.recognition.loads import Draft
from apps.imports.recognition.presets.declarations import Preset
from apps.imports.recognition.survey import Survey
from apps.imports.recognition.tables import Found, Table

FEWEST = 3  # columns by which a file is known; fewer may be there by chance


@dataclass(frozen=True)
class Fitting:
    """A mapping that fits files, with its loads for them."""

    title: str
    tables: list[Table]
    drafts: list[Draft]


def fitting(surveys: Sequence[Survey], mappings: Iterable[Mapping]) -> Fitting | None:
    """Find the mapping that uses most columns of the files; None where none has all of its files, and none knows all of these, as when some are brought again."""
    found = [fit for mapping in mappings if (fit := _fitted(surveys, mapping))]
    return max(found, key=lambda fit: sum(len(table.fields) for table in fit.tables), default=None)


def _fitted(surveys: Sequence[Survey], mapping: Mapping) -> Fitting | None:
    drafts: list[Draft] = []
    is_whole = True
    for load in mapping.loads:
        if load.only == "new" and any(rule.others_than for rule in load.skip):
            continue  # it added those who were unknown then; who is now is asked
        fits = [each for each in surveys if _fits(each, load)]
        is_whole = is_whole and (bool(fits) or load.is_optional)
        named = [each for each in fits if each.path.match(load.file)]
        chosen = named or _tightest(fits)
        drafts += [Draft(each, replace(load, file=loads.pattern(each.path.name), sheet=each.sheet)) for each in chosen]
    used = {column for draft in drafts for column in draft.load.columns}
    fed = [draft.survey for draft in drafts]
    if not is_whole and any(each not in fed for each in surveys):
        return None
    if len(used) < FEWEST or any(tables.recognised(each).preset for each in surveys if each not in fed):
        return None  # too little to know it by, or it knows nothing of a file that is something
    return Fitting(mapping.title, [_table(each, [draft for draft in drafts if draft.survey is each], mapping) for each in surveys], drafts)


def _tightest(fits: Sequence[Survey]) -> list[Survey]:
    """Return those of some files that hold least besides: several parts of one export are alike."""
    fewest = min((len(each.columns) for each in fits), default=0)
    return [each for each in fits if len(each.columns) == fewest]


def _fits(each: Survey, load: Load) -> bool:
    there = all(each.header.count(column) == 1 for column in load.columns)
    return there and (load.unfold is None or bool(load.unfold.of(each.header)))


def _table(each: Survey, own: Sequence[Draft], mapping: Mapping) -> Table:
    if not own:
        return Table(each, None, 0.0, _("The mapping has no such file."), {})
    why = _("It has every column of the mapping “%(title)s”.") % {"title": mapping.title}
    fields = {field.name: Found(column, 1.0, why) for draft in own for field in draft.load.fields for column in field.columns}
    return Table(each, Preset(mapping.title, "", own[-1].load.entity, (), {}), 1.0, why, fields)


def merged(told: Formats, found: Formats) -> Formats:
    """Take what the files themselves say; what a mapping says of blanks and currencies stays (another sign is another currency), and its dates where the files have none of their own."""
    return replace(
        found,
        dates=found.dates or told.dates,
        blank=told.blank,
        currency=told.currency,
        encoding=found.encoding,
    )
