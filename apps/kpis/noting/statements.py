"""What a write to a table notes, in SQL over `new_rows` and `old_rows`.

A cell is a day and rep of a source. A trigger notes too many rather than too few: a cell recounted in vain costs little.
"""

from collections.abc import Callable
from dataclasses import dataclass

from apps.kpis.streams import Stream

NOTE = "INSERT INTO kpis_dirtycell (source, day, rep)"
STANDING = "INSERT INTO kpis_dirtystanding DEFAULT VALUES;"
Template = Callable[[str], str]  # from a table of rows to the statement that notes them


@dataclass(frozen=True)
class Watch:
    """What a write to one table notes."""

    model: str
    inserted: str
    updated: str
    deleted: str


def watched(model: str, template: Template, *, also: str = "") -> Watch:
    """Note new rows on insert, old ones on delete, both on update."""
    return Watch(model, template("new_rows"), template("old_rows") + template("new_rows") + also, template("old_rows"))


def cells(*streams: Stream) -> Template:
    """Note the days and reps that rows (`o`) themselves name, as the streams' arms say."""

    def template(rows: str) -> str:
        arms = ((stream.source, arm) for stream in streams for arm in stream.arms)
        selects = (f"SELECT '{source}', {arm.day}, {arm.rep} FROM {rows} o WHERE {arm.where} AND {arm.day} IS NOT NULL" for source, arm in arms)
        return f"{NOTE} {' UNION '.join(dict.fromkeys(selects))};"

    return template
