"""Says what is wrong between a load and the entity it feeds: fields unknown, missing, or used as what they are not."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from apps.core.periods import Calendar
from apps.imports import conversion
from apps.imports.entities import KEY, Entity, referred
from apps.imports.formats import Formats
from apps.imports.keys import Problem, suggestion
from apps.imports.mapping import Constant, Field, Load, Sum
from apps.imports.values import Refused


def unsuitable(load: Load, entity: Entity) -> Iterator[Problem]:
    """Yield every mistake, with keys below the load's own."""
    for field in load.fields:
        if field.name in entity.fields:
            yield from _field(field, entity, load)
        else:
            wrong = _("%(entity)s have no such field.") % {"entity": entity.name}
            yield Problem(f"fields.{field.name}", wrong, suggestion(field.name, entity.fields))
    mapped = {field.name for field in load.fields}
    missing = [] if load.only == "updates" else [name for name in entity.required if name not in mapped]
    if missing:
        yield Problem(
            "fields", _("Not there: %(fields)s.") % {"fields": ", ".join(missing)}, _("No row of %(entity)s is made without.") % {"entity": entity.name}
        )
    yield from _identity(entity, mapped, missing)


def _identity(entity: Entity, mapped: set[str], missing: list[str]) -> Iterator[Problem]:
    """The same import twice must change nothing, so a row must be recognisable."""
    needed = [name for name in entity.same if not entity.fields[name].null and not entity.fields[name].has_default()]
    if KEY in mapped or (entity.same and (mapped.issuperset(needed) or set(needed) & set(missing))):
        return
    options = ([KEY] if entity.has_key else []) + ([" + ".join(needed)] if needed else [])
    wrong = _("Nothing says which row is which, so a second import would add all rows again.")
    yield Problem("fields", wrong, _("Feed %(options)s.") % {"options": _(" or ").join(options)})


def _field(field: Field, entity: Entity, load: Load) -> Iterator[Problem]:
    column, key = entity.fields[field.name], f"fields.{field.name}"
    if field.by:
        known = referred(column).known_by if column.is_relation else ()
        if field.by not in known:
            allowed = ", ".join("key" if name == KEY else name for name in known)
            yield Problem(f"{key}.by", _("It cannot be found that way."), _("Use one of: %(known)s.") % {"known": allowed} if allowed else _("Leave it out."))
    if (isinstance(field.source, Sum) or field.times is not None or field.times_by) and not conversion.is_number(column):
        yield Problem(key, _("It is not a number."), _("Sums, `times` and `times_by` are for numbers only."))
    if isinstance(field.source, Sum) and not load.group:
        yield Problem(key, _("There is no group to sum over."), _('Write group = ["…"] with the columns that make lines one row.'))
    if (field.first_of or field.last_of) and not conversion.is_day(column):
        yield Problem(key, _("It is not a day."), _("`first_of` and `last_of` are for days only."))
    if not column.is_relation:
        yield from _texts(field, entity, load.formats.plain)


def _texts(field: Field, entity: Entity, formats: Formats) -> Iterator[Problem]:
    """Read constants and defaults now, rather than refuse every row for them later."""
    column = entity.fields[field.name]
    written = {"value": field.source.text if isinstance(field.source, Constant) else None, "default": field.default}
    for key, text in written.items():
        if not text or text in formats.blank:
            continue
        try:
            conversion.value(field, column, text, formats=formats, calendar=Calendar())
        except Refused as refused:
            yield Problem(f"fields.{field.name}.{key}", refused.reason, refused.remedy)
