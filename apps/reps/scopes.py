"""Whose numbers: the company, a region, a team with the teams below it, or a rep."""

import dataclasses
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from apps.core.models import Organisation
from apps.reps.models import Region, Rep, Team

KINDS = ("company", "region", "team", "rep")
REGROUPED = ("region", "team")  # these have other members on other days
MODELS: dict[str, type[Region] | type[Team] | type[Rep]] = {"region": Region, "team": Team, "rep": Rep}


class UnknownScope(ValueError):
    """A scope that cannot be found; the message says what to write."""


@dataclass(frozen=True)
class Only:
    """The facts of one row alone, such as a product: the field by which a fact names it, and the row's id and name."""

    field: str
    id: int
    name: str = dataclasses.field(default="", compare=False)


@dataclass(frozen=True)
class Scope:
    """A kind and the id of its row (0 for the company); `key` is how people write it.

    `members_on` is None where a team or region has on every day whom it had on that day; with a day it is *regrouped*: those
    who are its members on that day count as if they always had been, and nobody else does. With `only` it is *narrowed*: of
    its facts those of one product, or of one campaign, count.
    """

    kind: str
    id: int
    name: str
    members_on: date | None = None
    only: Only | None = None

    @property
    def key(self) -> str:
        return "company" if self.kind == "company" else f"{self.kind}:{self.name}"


def regrouped(scope: Scope, members_on: date | None) -> Scope:
    """Return a team or region as its members of a day make it, or (None) as it was; the company and reps are the same either way."""
    return scope if scope.kind not in REGROUPED or scope.members_on == members_on else replace(scope, members_on=members_on)


def narrowed(scope: Scope, only: Only | None) -> Scope:
    """Return a scope with the facts of one product or campaign, or (None) with all of its facts."""
    return scope if scope.only == only else replace(scope, only=only)


def company(organisation: Organisation | None = None) -> Scope:
    return Scope("company", 0, (organisation or Organisation.get()).name)


def of(row: Region | Team | Rep) -> Scope:
    """Return the scope of a region, team or rep."""
    kind = next(kind for kind, model in MODELS.items() if isinstance(row, model))
    return Scope(kind, row.pk, row.name)


def get(kind: str, pk: int) -> Scope:
    """Return a scope by kind and id; raise UnknownScope when there is none."""
    if kind == "company":
        return company()
    if kind not in MODELS or not (row := MODELS[kind].objects.filter(pk=pk).first()):
        raise UnknownScope(_("There is no %(kind)s with number %(pk)s.") % {"kind": kind, "pk": pk})
    return of(row)


def parse(text: str) -> Scope:
    """Read `company`, `region:NAME`, `team:NAME` or `rep:NAME`; the name may also be the external key."""
    kind, _colon, name = text.partition(":")
    if text == "company":
        return company()
    if kind not in MODELS or not name:
        raise UnknownScope(_("“%(text)s” is no scope. Write company, region:NAME, team:NAME or rep:NAME.") % {"text": text})
    rows = list(MODELS[kind].objects.filter(name=name)[:2]) or list(MODELS[kind].objects.filter(external_key=name)[:1])
    if not rows:
        raise UnknownScope(_("There is no %(kind)s named “%(name)s”.") % {"kind": kind, "name": name})
    if len(rows) > 1:
        raise UnknownScope(_("Several reps are named “%(name)s”: write rep: and the external key of the one you mean.") % {"name": name})
    return of(rows[0])
