"""How a measure and a KPI are declared; what follows from a declaration is elsewhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


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
    a measure that is not split counts once in a scope that holds several of the credited reps.
    """

    key: str
    name: Text
    stream: str
    amount: str = "1"
    when: str = "TRUE"
    unknown: str = "FALSE"
    kind: Kind = Kind.FLOW
    is_split: bool = False


Totals = Mapping[str, Decimal]


@dataclass(frozen=True)
class Inputs:
    """What a formula is given: each measure's sum in this window and the one before, targets by KPI, and the days elapsed."""

    now: Totals
    before: Totals = field(default_factory=dict)
    targets: Totals = field(default_factory=dict)
    days: int = 0


@dataclass(frozen=True)
class Term:
    """A number made of measures' sums; `None` where it cannot be told."""

    compute: Callable[[Inputs], Decimal | None]
    measures: tuple[str, ...]
    words: str
    needs_before: bool = False
    target_of: str = ""

    def __add__(self, other: "Term") -> "Term":
        return combine(self, other, "+", lambda a, b: a + b)

    def __sub__(self, other: "Term") -> "Term":
        return combine(self, other, "−", lambda a, b: a - b)

    def __mul__(self, other: "Term") -> "Term":
        return combine(self, other, "×", lambda a, b: a * b)

    def __truediv__(self, other: "Term") -> "Term":
        return combine(self, other, "÷", lambda a, b: a / b if b else None)


def combine(left: Term, right: Term, sign: str, operate: Callable[[Decimal, Decimal], Decimal | None]) -> Term:
    def compute(inputs: Inputs) -> Decimal | None:
        a, b = left.compute(inputs), right.compute(inputs)
        return None if a is None or b is None else operate(a, b)

    return Term(
        compute,
        tuple(dict.fromkeys(left.measures + right.measures)),
        f"({left.words} {sign} {right.words})",
        left.needs_before or right.needs_before,
        left.target_of or right.target_of,
    )


def total(measure: str) -> Term:
    """The measure's sum over the window (a stock's: at its end)."""
    return Term(lambda inputs: inputs.now.get(measure, Decimal(0)), (measure,), measure)


def before(measure: str) -> Term:
    """The measure's sum over the window before."""
    return Term(lambda inputs: inputs.before.get(measure, Decimal(0)), (measure,), f"{measure} before", needs_before=True)


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


@dataclass(frozen=True)
class Kpi:
    """What people look at: a formula over measures, its unit, and which direction is better."""

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
    no_value: Text = _("There is nothing to divide by.")
    part: str = ""
    minimum_volume: int = 0
    has_goals: bool = True

    @property
    def measures(self) -> tuple[str, ...]:
        terms = [self.formula.numerator, self.formula.denominator]
        return tuple(dict.fromkeys(key for term in terms if term for key in term.measures))

    @property
    def needs_before(self) -> bool:
        return any(term.needs_before for term in (self.formula.numerator, self.formula.denominator) if term)

    @property
    def target_of(self) -> str:
        return next((t.target_of for t in (self.formula.numerator, self.formula.denominator) if t and t.target_of), "")
