"""Currencies by their ISO 4217 codes: the fields that say in which money a fact was entered, and how much."""

from functools import cache
from typing import Any

from babel.numbers import list_currencies
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

CODE = "^[A-Z]{3}$"
THREE_LETTERS = _("A currency is written as its three capital letters, such as EUR.")


@cache
def codes() -> frozenset[str]:
    """Return the code of every currency that is, or was, somewhere."""
    return frozenset(list_currencies())


def validate(code: str) -> None:
    """Refuse what is no currency's code."""
    if code not in codes():
        raise ValidationError(_("“%(code)s” is no currency. Write its ISO 4217 code, such as EUR."), params={"code": code})


class CurrencyField(models.CharField):  # type: ignore[type-arg]
    """The ISO 4217 code of a currency, in capital letters."""

    default_validators = [validate]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_length": 3, **options})

    def to_python(self, value: Any) -> Any:
        return value.strip().upper() if isinstance(value, str) else super().to_python(value)


def entered_in() -> CurrencyField:
    """The currency in which a fact's money was entered; blank is the organisation's own."""
    return CurrencyField(_("currency"), blank=True, default="", db_default="", help_text=_("Empty: the reporting currency."))


def as_entered(label: Any) -> models.DecimalField:  # type: ignore[type-arg]
    """Money as it was entered, in the fact's currency; empty where that is the organisation's own."""
    return models.DecimalField(label, max_digits=18, decimal_places=2, null=True, blank=True, help_text=_("As it was agreed, in that currency."))


def is_a_code(model: str) -> models.CheckConstraint:
    """Let the database hold nothing but codes, or blank."""
    rule = Q(currency="") | Q(currency__regex=CODE)
    return models.CheckConstraint(condition=rule, name=f"{model}_currency_is_a_code", violation_error_message=THREE_LETTERS)


def indexes(model: str, day: str) -> list[models.Index]:
    """Find the facts in other currencies by the day whose rate counts, and those that have none; facts in the organisation's own cost nothing."""
    return [
        models.Index(fields=["currency", day], name=f"{model}_currency_day", condition=~Q(currency="")),
        models.Index(fields=["currency", day], name=f"{model}_without_rate", condition=~Q(currency="") & Q(amount=None)),
    ]
