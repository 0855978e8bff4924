"""Puts counted sums in place of the stored ones. What is the same already is not written again: a recount that finds nothing leaves the tables as they are."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A table of sums: its name, and what tells the rows of one stream apart."""

    name: str
    key: tuple[str, ...]


OWN = Table("kpis_measureday", ("day", "rep", "region", "part"))
SHARED = Table("kpis_sharedday", ("day", "reps", "region", "part"))
SNAPSHOTS = Table("kpis_snapshot", ("kind", "scope", "grain", "start_on", "part"))


def replaced(table: Table, select: str, kept: str) -> str:
    """Return a statement that makes what a SELECT of the key and `amounts` gives the whole of a stream's rows for which `kept` holds."""
    key = ", ".join(table.key)
    either = ", ".join(f"coalesce(f.{column}, s.{column}) AS {column}" for column in table.key)
    same = " AND ".join(f"f.{column} = s.{column}" for column in table.key)
    gone = " AND ".join(f"s.{column} = d.{column}" for column in table.key)
    return f"""WITH different AS MATERIALIZED (
            SELECT {either}, f.amounts FROM ({select}) f
            FULL JOIN (SELECT {key}, amounts FROM {table.name} WHERE stream = %(stream)s AND {kept}) s ON {same}
            WHERE f.amounts IS DISTINCT FROM s.amounts
        ), gone AS (
            DELETE FROM {table.name} s USING different d WHERE d.amounts IS NULL AND s.stream = %(stream)s AND {gone}
        )
        INSERT INTO {table.name} (stream, {key}, amounts) SELECT %(stream)s, {key}, amounts FROM different WHERE amounts IS NOT NULL
        ON CONFLICT (stream, {key}) DO UPDATE SET amounts = excluded.amounts"""
