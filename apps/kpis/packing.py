"""The place of a stored row (day, rep, region, part) in one number: rows that are sorted by one number are added up in half the time."""

from dataclasses import dataclass

from django.db import connection

from apps.kpis.divisions import DIVISIONS
from apps.kpis.layouts import Layout

BITS, OF_DAY = 63, 22  # of a number of the database, and of the days of ten thousand years
ROOM = 1  # more bits than the highest id needs: others are written while this is asked
FIRST = "DATE '0001-01-01'"
NAMES = ("rep", "region", "part")


@dataclass(frozen=True)
class Packing:
    """How many bits the ids of rep, region and part take. What does not fit has no number: no day, so that it cannot be stored."""

    bits: tuple[int, int, int]

    def packed(self, day: str, *ids: str) -> str:
        """Return the number of a place, as SQL."""
        number = " | ".join([f"(({day} - {FIRST})::bigint << {sum(self.bits)})", *(f"({id} << {shift})" for id, shift in zip(ids, self._shifts, strict=True))])
        beyond = " | ".join(f"({id} >> {bits})" for id, bits in zip(ids, self.bits, strict=True))
        return f"CASE WHEN ({beyond}) = 0 THEN {number} END"

    def unpacked(self, number: str) -> str:
        """Return `day, rep, region, part` of a number, as SQL."""
        day = f"{FIRST} + ({number} >> {sum(self.bits)})::integer AS day"
        ids = (f"({number} >> {shift}) & {(1 << bits) - 1} AS {name}" for name, bits, shift in zip(NAMES, self.bits, self._shifts, strict=True))
        return ", ".join([day, *ids])

    @property
    def _shifts(self) -> list[int]:
        return [sum(self.bits[n + 1 :]) for n in range(len(self.bits))]


def of(layout: Layout) -> Packing | None:
    """Return how the places of a stream's rows are packed; None where their ids are too large for one number."""
    stream = layout.stream
    parts = "core_period" if stream.is_windowed else DIVISIONS[stream.part_of].model._meta.db_table if stream.part_of else ""
    tables = ("reps_rep", "reps_region", parts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT coalesce(max(id), 0) FROM {table})" if table else "0" for table in tables))
        rep, region, part = (highest.bit_length() + ROOM for highest in cursor.fetchone())
    return Packing((rep, region, part)) if OF_DAY + rep + region + part <= BITS else None
