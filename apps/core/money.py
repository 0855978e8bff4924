"""Turns money of other currencies into the organisation's, in the database, whatever path writes facts or rates.

`amount` (and `cost`) of a fact is always the organisation's money: everything that counts reads it, and nothing else. Beside it stand `currency` and
`original_amount`. What was entered is

* `original_amount`, in `currency`, where it is filled: then `amount` follows from it, and what is written to `amount` does not matter;
* `amount`, in the organisation's money, where it is not. Then `currency` is blank.

The organisation's own currency, named or blank, is no other currency: an original amount in it becomes the amount. The rate is the last one
stored on or before the fact's day that is at most a week old (`core_company_money`). Without one `amount` is unknown, never taken as 1 to 1, and the
fact is left out and counted as left out. A rate that comes, changes or goes converts anew the facts of the days it stands for.

Whoever writes a fact waits for rates that are being written, and the other way round, so that neither misses the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.apps import apps
from django.utils.translation import gettext_lazy as _

from apps.core.statements import after

LOCK = 7_465_003  # of Postgres' advisory locks, this product's for rates
KEPT_DAYS = 7  # how many days a rate stands for, where none is newer; as in core_company_money
OWN = "coalesce((SELECT currency FROM core_organisation WHERE id = 1), 'USD')"


def company_money(amount: str, currency: str, day: str) -> str:
    """Return the SQL of an amount in the organisation's money, by the rate of a day."""
    return f"core_company_money({amount}, {currency}, {day})"


class Convert(pgtrigger.Trigger):
    """Keep a fact's money by what was entered; `day` is the SQL of the day whose rate counts."""

    violation_error_message = _("An amount in another currency is written as the original amount: fill that in, or leave the currency empty.")

    def __init__(self, *amounts: str, day: str) -> None:
        self.amounts, self.day = amounts, day
        super().__init__(
            name="convert_money",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            condition=pgtrigger.Condition(" OR ".join(["NEW.currency <> ''", *(f"NEW.original_{name} IS NOT NULL" for name in amounts)])),
        )

    def get_func(self, model: Any) -> str:
        own = " ".join(f"NEW.{name} := coalesce(NEW.original_{name}, NEW.{name}); NEW.original_{name} := NULL;" for name in self.amounts)
        contradicts = " OR ".join(
            f"NEW.original_{name} IS NULL AND NEW.{name} IS NOT NULL AND (OLD.currency IS DISTINCT FROM NEW.currency OR OLD.original_{name} IS NULL)"
            for name in self.amounts
        )
        converted = " ".join(f"NEW.{name} := {company_money(f'NEW.original_{name}', 'NEW.currency', self.day)};" for name in self.amounts)
        return f"""
            IF NEW.currency = '' OR NEW.currency = {OWN} THEN
                NEW.currency := '';
                {own}
                RETURN NEW;
            END IF;
            IF {contradicts} THEN
                RAISE EXCEPTION 'An amount in another currency is written as the original amount.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'convert_money';
            END IF;
            PERFORM pg_advisory_xact_lock_shared({LOCK});
            {converted}
            RETURN NEW;
        """


class RateIsOfAnotherCurrency(pgtrigger.Trigger):
    """Refuse a rate of the organisation's own currency: it is 1, and nothing asks for it."""

    violation_error_message = _("The reporting currency needs no rate. Choose another currency.")

    def __init__(self) -> None:
        super().__init__(name="rate_is_of_another_currency", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update)

    def get_func(self, model: Any) -> str:
        return f"""
            IF NEW.currency = {OWN} THEN
                RAISE EXCEPTION 'The reporting currency needs no rate.' USING ERRCODE = 'check_violation', CONSTRAINT = 'rate_is_of_another_currency';
            END IF;
            RETURN NEW;
        """


class RatesComeAlone(pgtrigger.Trigger):
    """Let rates wait for facts that are being written: their trigger could not see them, nor they the rates."""

    def __init__(self) -> None:
        super().__init__(
            name="rates_come_alone",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            func=f"PERFORM pg_advisory_xact_lock({LOCK}); RETURN NULL;",
        )


@dataclass(frozen=True)
class Facts:
    """A model of facts with money; `day` is the column of the day whose rate counts."""

    model: str
    day: str
    amounts: tuple[str, ...] = ("amount",)

    @property
    def table(self) -> str:
        return str(apps.get_model(self.model)._meta.db_table)

    @property
    def found(self) -> str:
        """Find the facts of the days and currencies in `span`: a SELECT of them with their `day`."""
        return f"""SELECT *, {self.day} AS day FROM {self.table}
            WHERE currency <> '' AND currency = span.currency AND {self.day} BETWEEN span.first AND span.last"""


def register(*tables: Facts) -> None:
    """Let rates convert these facts anew, and keep the organisation's currency as soon as there are any."""
    for facts in tables:
        pgtrigger.register(*restate(facts.table, facts.found, facts.amounts))(apps.get_model("core.Rate"))
        keep_currency(facts.table, is_known(facts.amounts))


def keep_currency(table: str, known: str = "TRUE") -> None:
    """Keep the organisation's currency as soon as a table has money in it: rows that meet the condition `known`."""
    pgtrigger.register(CurrencyStays(table, known))(apps.get_model("core.Organisation"))


def is_known(amounts: Iterable[str]) -> str:
    """Return the condition that a fact has money."""
    return " OR ".join(f"{name} IS NOT NULL OR original_{name} IS NOT NULL" for name in amounts)


def restate(table: str, found: str, amounts: Iterable[str] = ("amount",)) -> list[pgtrigger.Trigger]:
    """Return the triggers on rates that convert anew those of some facts whose money is another now; their own trigger does it.

    `found` selects the facts with the `day` that counts, by `span.currency` from `span.first` to `span.last`.
    """
    statement = f"""UPDATE {table} f SET currency = f.currency
        WHERE f.id IN (SELECT d.id FROM span CROSS JOIN LATERAL ({found} OFFSET 0) d WHERE {is_another(amounts, "d", "d.day")})"""
    rows = {"insert": ("new_rows",), "update": ("old_rows", "new_rows"), "delete": ("old_rows",)}
    return after(f"restate_{table.partition('_')[2]}_{{}}", {event: f"{spans(tables)} {statement}; RETURN NULL;" for event, tables in rows.items()})


def spans(tables: Iterable[str]) -> str:
    """Return the days by currency on which changed rates stand, or stood."""
    every = " UNION ALL ".join(f"SELECT currency, day FROM {table}" for table in tables)
    return f"WITH span AS (SELECT currency, min(day) AS first, max(day) + {KEPT_DAYS} AS last FROM ({every}) r GROUP BY currency)"


def is_another(amounts: Iterable[str], row: str, day: str) -> str:
    """Return the condition that a fact's money is not what its rate makes of it."""
    return " OR ".join(f"{row}.{name} IS DISTINCT FROM {company_money(f'{row}.original_{name}', f'{row}.currency', day)}" for name in amounts)


class CurrencyStays(pgtrigger.Trigger):
    """Refuse another reporting currency once there is money: it would be called by another name, and not be converted."""

    violation_error_message = _("The reporting currency can no longer be changed: there are amounts, targets, prices or rates in it already.")

    def __init__(self, table: str, known: str = "TRUE") -> None:
        self.table, self.known = table, known
        super().__init__(
            name=f"currency_stays_for_{table.partition('_')[2]}",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition("OLD.currency IS DISTINCT FROM NEW.currency"),
        )

    def get_func(self, model: Any) -> str:
        return f"""
            IF EXISTS (SELECT FROM {self.table} WHERE {self.known}) THEN
                RAISE EXCEPTION 'The reporting currency can no longer be changed.' USING ERRCODE = 'check_violation', CONSTRAINT = '{self.name}';
            END IF;
            RETURN NEW;
        """
