"""References of rows that the database writes itself by the thousand, kept true once per statement: a foreign key would ask anew for each row.

As with a foreign key, what is referred to has to be there and is held until the transaction ends, and it cannot be deleted, emptied or numbered anew while
anything refers to it. Other than a foreign key they see what their transaction sees: who writes by SQL does so in READ COMMITTED, as the product does.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pgtrigger

from apps.core.statements import after


@dataclass(frozen=True)
class Reference:
    """A column that holds the number of a row of another table, `of`."""

    table: str
    column: str
    of: str

    @property
    def is_there(self) -> str:
        """The SQL that holds what `new_rows` refer to, and refuses them where it is not there; it counts in `held`."""
        return f"""
            PERFORM FROM {self.of} WHERE id IN (SELECT {self.column} FROM new_rows) ORDER BY id FOR KEY SHARE;
            GET DIAGNOSTICS held = ROW_COUNT;
            IF held < (SELECT count(DISTINCT {self.column}) FROM new_rows) THEN
                {self._broken("that is not there")}, COLUMN = '{self.column}', DETAIL = 'Key ({self.column}) is not present in table {self.of}.';
            END IF;
        """

    def stays(self, rows: str) -> str:
        """Return the SQL that refuses to let go of rows of the other table while something refers to them."""
        return f"""
            IF EXISTS (SELECT FROM {rows} o CROSS JOIN LATERAL (SELECT FROM {self.table} WHERE {self.column} = o.id LIMIT 1) t) THEN
                {self._broken("that is to go")};
            END IF;
        """

    @property
    def is_not_emptied(self) -> str:
        """The SQL that refuses to empty the other table while this one has rows."""
        return f"""
            IF EXISTS (SELECT FROM {self.table}) THEN
                {self._broken("that is to go")};
            END IF;
        """

    def _broken(self, how: str) -> str:
        return f"""RAISE EXCEPTION '{self.table}.{self.column} refers to a row of {self.of} {how}.' USING ERRCODE = 'foreign_key_violation', TABLE = '{self.table}'"""


def kept(name: str, references: Iterable[Reference]) -> list[pgtrigger.Trigger]:
    """Return the triggers of the table that refers; `name` has a place for the event."""
    body = "".join(reference.is_there for reference in references) + "RETURN NULL;"
    return after(name, {"insert": body, "update": body}, declare=[("held", "bigint")])


def stay(name: str, references: Iterable[Reference]) -> list[pgtrigger.Trigger]:
    """Return the triggers of a table that is referred to."""
    found = list(references)
    gone = "(SELECT * FROM old_rows o WHERE NOT EXISTS (SELECT FROM new_rows n WHERE n.id = o.id))"
    one_by_one = {event: "".join(each.stays(rows) for each in found) + "RETURN NULL;" for event, rows in (("delete", "old_rows"), ("update", gone))}
    emptied = "".join(each.is_not_emptied for each in found) + "RETURN NULL;"
    when_emptied = pgtrigger.Trigger(name=name.format("truncate"), level=pgtrigger.Statement, when=pgtrigger.After, operation=pgtrigger.Truncate, func=emptied)
    return [*after(name, one_by_one), when_emptied]
