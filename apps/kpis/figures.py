"""What the selectors hand out: frozen values, whole numbers and words already decided, nothing left to count."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from apps.core.periods import Window
from apps.reps.scopes import Scope

if TYPE_CHECKING:
    from apps.kpis.declarations import Kpi


@dataclass(frozen=True)
class Restatement:
    """What a closed period's figure was when it was closed, and how it differs today; None where there is no value.

    `because` says what else than records made a difference: a target that is another today.
    """

    close: int
    closed_on: date
    reported: Decimal | None
    difference: Decimal | None
    is_restated: bool
    because: str = ""


@dataclass(frozen=True)
class Figure:
    """One KPI of one scope over one window, as of the end of day `on`.

    `value` is in the KPI's unit (percent: 63.2 means 63.2 %); None is "no value", and `reason` says why.
    `excluded` counts the records that belong here but could not be counted (no amount, no date); `note` says what to know of the value;
    `restatement` is set for a period that is closed, where it was asked for.
    """

    kpi: "Kpi"
    scope: Scope
    window: Window
    on: date
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    excluded: int
    reason: str = ""
    note: str = ""
    restatement: Restatement | None = None


@dataclass(frozen=True)
class Point:
    """One step of a series; `is_running` when its window is not over at the end of day `on`."""

    window: Window
    value: Decimal | None
    is_running: bool


@dataclass(frozen=True)
class Place:
    """One row of a ranking: ties share a rank; rank None for who has no value or too little volume."""

    rank: int | None
    figure: Figure


@dataclass(frozen=True)
class Part:
    """One KPI in one part (a stage, a campaign): its figure and the part's id and name; id 0 for what belongs to none."""

    id: int
    name: str
    figure: Figure


@dataclass(frozen=True)
class Record:
    """One fact behind a figure: what it is, where it stands, what it adds to the sum."""

    model: str
    id: int
    label: str
    day: date | None
    rep: str
    customer: str
    amount: Decimal
    is_excluded: bool = False
    external_key: str = ""
    currency: str = ""  # in which it was agreed, where that is not the company's, and how much
    original_amount: Decimal | None = None


@dataclass(frozen=True)
class Mark:
    """Where a record stands among those of a measure, the largest amount first and what was left out last; the rows after it are the next page."""

    excluded: int
    amount: Decimal
    day: date
    record: int


@dataclass(frozen=True)
class Records:
    """The facts behind one measure of a figure; `total` is the sum of all their amounts, not only of this page's.

    `last` marks the last row that was shown so far, None where none was; `has_more` says whether rows come after it.
    """

    measure: str
    name: str
    total: Decimal
    count: int
    excluded: int
    rows: tuple[Record, ...]
    last: Mark | None = None
    has_more: bool = False


@dataclass(frozen=True)
class Range:
    """So many records from `low` up to, but without, `high`; None: or more."""

    low: Decimal
    high: Decimal | None
    count: int


@dataclass(frozen=True)
class Spread:
    """How the records of an average lie: in ranges of one width, how many there are, and the one in the middle."""

    ranges: tuple[Range, ...]
    count: int
    median: Decimal


@dataclass(frozen=True)
class Freshness:
    """How old the numbers are: when they last changed, how many changes wait, and the version that an ETag is made of."""

    counted_at: "object"
    counted_to_on: date | None
    waiting: int
    version: int
