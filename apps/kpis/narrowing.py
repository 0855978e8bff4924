"""Which figures can be narrowed to the records of one product or campaign, and how: from the records, for no stored sum knows either."""

from dataclasses import dataclass
from functools import cache

from django.apps import apps

from apps.kpis import catalogue
from apps.kpis.declarations import Kpi
from apps.kpis.streams import STREAMS

FIELDS = ("product", "campaign")


@dataclass(frozen=True)
class Only:
    """The records of one product or campaign, by its number."""

    field: str
    id: int


@cache
def fields_of(kpi: Kpi) -> tuple[str, ...]:
    """Return what a KPI can be narrowed to: what the records of all of its measures have. A target is nobody's product's."""
    if kpi.target_of or not kpi.measures:
        return ()
    models = {STREAMS[catalogue.MEASURES[key].stream].model for key in kpi.measures}
    return tuple(field for field in FIELDS if all(field in {one.name for one in apps.get_model(model)._meta.get_fields()} for model in models))


def condition(model: str, only: Only | None) -> str:
    """Return the condition on a measure's records, as SQL."""
    if only is None:
        return "TRUE"
    if only.field not in FIELDS:
        raise ValueError(f"there is no narrowing by {only.field}")
    return f"record IN (SELECT id FROM {apps.get_model(model)._meta.db_table} WHERE {only.field}_id = %(only)s)"
