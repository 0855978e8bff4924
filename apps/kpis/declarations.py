"""How a measure and a KPI are declared; what follows from a declaration is elsewhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
EVERY_SCOPE = ("company", "region", "team", "rep")


class Kind(StrEnum):
    """How a measure adds up over time."""

    FLOW = "flow"  # happens on days: a period's is the sum of its days'
    STOCK = "stock"  # stands at the end of a day: the running total of dated increments
    SPAN = "span"  # the days of a window that dated rows cover: few rows, so read from them and not stored
    WINDOW = "window"  # counted for each period from the records themselves, for what depends on the period's own ends


class Unit(StrEnum):
    MONEY = "money"
    COUNT = "count"
    PERCENT = "percent"
    DAYS = "days"
    MINUTES = "minutes"
    SCORE = "score"
    RATIO = "ratio"
    MONEY_PER_DAY = "money_per_day"


class Better(StrEnum):
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True)
class Measure:
    """An amount counted from a stream of facts. The texts are SQL over the stream's columns.

    `amount` is what one record adds; `unknown` says when it cannot be told (then the record is excluded and counted).
    `when` picks the stream's records. `is_split` multiplies by the rep's credit;
    a measure that is not split counts once in a scope that holds several of the credited reps. `is_whole` says that amounts are
    whole numbers (`integer` in SQL), which are added up several times as fast.
    """

    key: str
    name: Text
    stream: str
    amount: str = "1"
    when: str = "TRUE"
    unknown: str = "FALSE"
    kind: Kind = Kind.FLOW
    is_split: bool = False
    is_whole: bool = False


Totals = Mapping[str, Decimal]


class Basis(StrEnum):
    """Over which days a term reads its measure."""

    NOW = "now"  # the window (a stock: its end)
    BEFORE = "before"  # the window before, up to the same elapsed day
    START = "start"  # a stock, right before the window's first day
    YEAR = "year"  # a flow, over the 365 days that end with the window


@dataclass(frozen=True)
class Use:
    """One measure that a term reads, and over which days."""

    measure: str
    basis: Basis = Basis.NOW


@dataclass(frozen=True)
class Inputs:
    """What a formula is given: each measure's sum by basis, targets by KPI, and the days elapsed."""

    sums: Mapping[Basis, Totals]
    targets: Totals = field(default_factory=dict)
    days: int = 0

    def of(self, use: Use) -> Decimal:
        return self.sums.get(use.basis, {}).get(use.measure, Decimal(0))


@dataclass(frozen=True)
class Term:
    """A number made of measures' sums; `None` where it cannot be told.

    `sql` is the same over a row with a column for each measure's sum over the window; empty where more than that is needed.
    """

    compute: Callable[[Inputs], Decimal | None]
    uses: tuple[Use, ...]
    words: str
    target_of: str = ""
    sql: str = ""

    def __add__(self, other: "Term") -> "Term":
        return combine(self, other, "+", lambda a, b: a + b)

    def __sub__(self, other: "Term") -> "Term":
        return combine(self, other, "−", lambda a, b: a - b)

    def __mul__(self, other: "Term") -> "Term":
        return combine(self, other, "×", lambda a, b: a * b)

    def __truediv__(self, other: "Term") -> "Term":
        return combine(self, other, "÷", lambda a, b: a / b if b else None)


SQL = {"+": "({} + {})", "−": "({} - {})", "×": "({} * {})", "÷": "({} / nullif({}, 0))"}


def combine(left: Term, right: Term, sign: str, operate: Callable[[Decimal, Decimal], Decimal | None]) -> Term:
    def compute(inputs: Inputs) -> Decimal | None:
        a, b = left.compute(inputs), right.compute(inputs)
        return None if a is None or b is None else operate(a, b)

    uses, words = tuple(dict.fromkeys(left.uses + right.uses)), f"({left.words} {sign} {right.words})"
    return Term(compute, uses, words, left.target_of or right.target_of, SQL[sign].format(left.sql, right.sql) if left.sql and right.sql else "")


def reading(measure: str, basis: Basis, words: str) -> Term:
    use = Use(measure, basis)
    return Term(lambda inputs: inputs.of(use), (use,), words, sql=measure if basis == Basis.NOW else "")


def total(measure: str) -> Term:
    """The measure's sum over the window (a stock's: at its end)."""
    return reading(measure, Basis.NOW, measure)


def before(measure: str) -> Term:
    """The measure's sum over the window before, up to the same elapsed day."""
    return reading(measure, Basis.BEFORE, f"{measure} before")


def start(measure: str) -> Term:
    """A stock at the window's start."""
    return reading(measure, Basis.START, f"{measure} at the start")


def trailing(measure: str) -> Term:
    """A flow's sum over the 365 days that end with the window."""
    return reading(measure, Basis.YEAR, f"{measure} of 365 days")


def number(value: int) -> Term:
    """A number that stands in a formula."""
    return Term(lambda inputs: Decimal(value), (), str(value), sql=str(value))


def days() -> Term:
    """The days of the window that are over."""
    return Term(lambda inputs: Decimal(inputs.days), (), "days")


def target(kpi: str) -> Term:
    """The target of a KPI for the same scope and window; None without one."""
    return Term(lambda inputs: inputs.targets.get(kpi), (), f"target of {kpi}", target_of=kpi)


@dataclass(frozen=True)
class Sum:
    """One term, as it is."""

    numerator: Term
    denominator: None = None
    factor: int = 1


@dataclass(frozen=True)
class Ratio:
    """Divide one sum by another; nothing to divide by is no answer, not zero."""

    numerator: Term
    denominator: Term
    factor: int = 1


# Scopes widen from the rep to the company: a KPI that makes sense for some makes sense for all wider ones.
NOT_FOR_OTHERS = {
    "company": _("It is counted for the company as a whole only."),
    "region": _("It is counted for the company and its regions only."),
    "team": _("It is counted for the company, regions and teams, not for single reps."),
    "rep": _("It is counted for everybody."),
}


@dataclass(frozen=True, eq=False)
class Kpi:
    """What people look at: a formula over measures, its unit, and which direction is better. There is one of each, so one is equal to itself alone.

    `scopes` are the kinds of scopes that it makes sense for; for any other it has no value.
    `has_median`: it is an average over records, what each adds to the numerator; where it is opened, the median stands beside it.
    `elsewhere` says where else the number is defined differently; `note` is said beside a figure it holds for (such as "capped").
    """

    key: str
    name: Text
    formula: Sum | Ratio
    unit: Unit
    better: Better
    definition: Text
    family: Text
    date_basis: Text = ""
    owner_basis: Text = ""
    left_out: Text = ""
    elsewhere: Text = ""
    note: Callable[[Inputs], Text] | None = None
    no_value: Text = _("There is nothing to divide by.")
    part: str = ""
    minimum_volume: int = 0
    has_median: bool = False
    has_goals: bool = True
    scopes: tuple[str, ...] = EVERY_SCOPE

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        return tuple(term for term in (self.formula.numerator, self.formula.denominator) if term)

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        return tuple(dict.fromkeys(use for term in self.terms for use in term.uses))

    @cached_property
    def measures(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(use.measure for use in self.uses))

    @cached_property
    def bases(self) -> frozenset[Basis]:
        return frozenset(use.basis for use in self.uses)

    @cached_property
    def target_of(self) -> str:
        return next((term.target_of for term in self.terms if term.target_of), "")

    @property
    def not_for_others(self) -> Text:
        """Why there is no value for a scope that it makes no sense for."""
        return NOT_FOR_OTHERS[self.scopes[-1]]
