"""Every component in every state, made by hand: for the page that documents how things look, and for the test that looks at it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.core.calendars.calendar import Calendar
from apps.core.periods import Window
from apps.dashboards.boards.board import Section, Widget
from apps.dashboards.selection import Selection
from apps.dashboards.shown import number
from apps.dashboards.widgets import chart, columns, comparison, deals, funnel, heat, hero, leaderboard, matrix, metric, note, outreach, standings
from apps.dashboards.widgets.change import Change
from apps.dashboards.widgets.funnel import Passage
from apps.dashboards.widgets.hero import Surroundings
from apps.dashboards.widgets.standings import Line
from apps.dashboards.widgets.status import WORDS, Status, in_words
from apps.goals import progress
from apps.goals.progress import Piece
from apps.goals.selectors import GoalFigure
from apps.kpis import catalogue
from apps.kpis.figures import Figure, Part, Point, Range, Spread
from apps.opportunities.selectors import DealList
from apps.reps.scopes import Scope

PLAN = Calendar()
TODAY = date(2026, 11, 20)
TEAM = Scope("team", 0, "North")
NAMES = ("Ada", "Ben", "Cleo", "Dov", "Eda", "Finn")


def _look() -> Selection:
    return Selection(TEAM, PLAN.parse("2026-Q4"), TODAY, TODAY, PLAN, "EUR")


def _figure(kpi: str, value: float | None, scope: Scope = TEAM, reason: str = "") -> Figure:
    amount = None if value is None else Decimal(str(value))
    return Figure(catalogue.KPIS[kpi], scope, _look().window, TODAY, amount, amount, Decimal(40), 0, reason)


def _held(kpi: str, value: float | None, target: float | None, scope: Scope = TEAM) -> GoalFigure:
    one = _figure(kpi, value, scope)
    if target is None:
        return GoalFigure(one, None, ())
    pieces = (Piece(Decimal(str(target)), one.window.start_on, one.window.end_on),)
    is_cumulative, is_up = catalogue.is_cumulative(one.kpi), one.kpi.better == "up"
    return GoalFigure(one, progress.measure(PLAN, pieces, one.value, TODAY, baseline=None, is_cumulative=is_cumulative, better_is_up=is_up), ())


def _points(grain: str, values: Iterable[float | None]) -> list[Point]:
    window, found = PLAN.containing(grain, TODAY), []
    for value in reversed(list(values)):
        found.append(Point(window, None if value is None else Decimal(str(value)), window.last_on > TODAY))
        window = PLAN.previous(window)
    return found[::-1]


@dataclass(frozen=True)
class Family:
    """Components of one kind, in their states."""

    name: str
    sections: tuple[Section, ...]


def statuses() -> list[Status]:
    return [in_words(key) for key in WORDS]


def changes() -> list[Change]:
    since = _("this point of Q3 2026")
    return [
        Change("up", "ahead", "12%", _("up, better"), since),
        Change("down", "behind", "12%", _("down, worse"), since),
        Change("down", "ahead", "0.6", _("down, better"), since),
        Change("flat", "quiet", _("unchanged"), "", since),
    ]


def families() -> list[Family]:
    """Return the widgets by family; each full, empty or refused, as a page may show it."""
    return [Family(name, tuple(_sections(found, n))) for n, (name, found) in enumerate(_families())]


def _sections(found: Iterable[tuple[int, Widget, str]], family: int) -> Iterable[Section]:
    for n, (width, widget, kind) in enumerate(found):
        yield Section(f"sample-{family}-{n}", width, (widget,), kind=kind)


def _families() -> list[tuple[str, list[tuple[int, Widget, str]]]]:
    look = _look()
    around = Surroundings(average=_figure("average_deal_size", 24_800), before=_figure("revenue", 380_000), since=_("this point of Q3 2026"))
    reps = [Scope("rep", n, name) for n, name in enumerate(NAMES, 1)]
    won = dict(zip(reps, (132_000, 98_000, 91_000, 64_000, 31_000, 0), strict=True))
    held = {scope: _held("revenue", value, 110_000, scope) for scope, value in won.items()}
    lines = [Line(scope, one, _figure("pipeline_coverage", 2.4, scope), is_own=scope.id == 3) for scope, one in held.items()]
    months = _points("month", (210, 190, 260, 240, 300, 280, 250, 310, 330, 290, 350, 180))
    passages = [
        Passage(name, Decimal(n), Decimal(n * 1000), Decimal(n // 2), Decimal(n // 5), Decimal(2), Decimal(n // 2), Decimal(n * 6), Decimal(9))
        for name, n in (("Qualified", 60), ("Proposal", 34), ("Negotiation", 12))
    ]
    keys = ("revenue", "deals_won", "win_rate")
    cells = {(key, scope): _held(key, (won[scope] if key == "revenue" else 3 + scope.id), None, scope) for key in keys for scope in reps}
    cells |= {(key, TEAM): _held(key, 416_000 if key == "revenue" else 39, None) for key in keys}
    return [
        (
            _("Figures"),
            [
                (5, hero.hero(_held("revenue", 412_000, 640_000), around, look), "number"),
                (4, metric.figure(_held("win_rate", 38.2, 35), _figure("win_rate", 31), months, _("this point of Q3 2026"), look), "figure"),
                (3, metric.figure(_held("sales_cycle", None, None), None, [], "", look), "figure"),
                (4, metric.goal(_held("revenue", 700_000, 640_000), look), "goal"),
                (4, metric.goal(_held("sales_cycle", 60, 55), look), "goal"),
                (4, metric.goal(_held("revenue", 12_000, None), look), "goal"),
                (
                    12,
                    outreach.outreach(
                        [
                            outreach.effort(_held(key, 40 + n, 90), _figure(key, 30), _("this point of Q3 2026"), look)
                            for n, key in enumerate(("calls", "emails", "meetings", "demos"))
                        ]
                    ),
                    "activities",
                ),
            ],
        ),
        (
            _("Charts"),
            [
                (7, chart.chart(_days(look.window), [], None, look, key="sample-course"), "course"),
                (5, columns.trend("sample-trend", catalogue.KPIS["revenue"], months, months, _("a year earlier"), look, is_line=False, grain="month"), "trend"),
                (
                    6,
                    columns.trend(
                        "sample-line", catalogue.KPIS["win_rate"], _points("month", (30, 32, None, 35, 36, 34)), [], "", look, is_line=True, grain="month"
                    ),
                    "trend",
                ),
                (6, columns.spread("sample-spread", catalogue.KPIS["average_deal_size"], _spread(), look, title=_("Distribution")), "distribution"),
                (6, heat.heat("sample-heat", catalogue.KPIS["calls"], _days(look.window), look), "heat"),
                (6, comparison.among(list(held.values()), catalogue.KPIS["revenue"], _("Rep"), look, own_id=3), "comparison"),
                (
                    6,
                    comparison.parts(
                        [Part(n, name, _figure("pipeline_value", 900 - 200 * n)) for n, name in enumerate(("Qualified", "Proposal"), 1)],
                        catalogue.KPIS["pipeline_value"],
                        _("Stage"),
                        look,
                    ),
                    "parts",
                ),
                (6, columns.trend("sample-none", catalogue.KPIS["revenue"], _points("month", (0, 0, 0)), [], "", look, is_line=False, grain="month"), "trend"),
            ],
        ),
        (
            _("People"),
            [
                (
                    8,
                    standings.Standings("sample-pace", _("Gap to pace"), "", standings.rows(standings.by_gap_to_pace(lines), look), "", has_targets=True),
                    "pace",
                ),
                (4, leaderboard.leaderboard(list(held.values()), look, own_id=3), "leaderboard"),
                (12, matrix.matrix("sample-matrix", [catalogue.KPIS[key] for key in keys], reps, cells, {}, look, head=_("Rep"), own_id=3), "table"),
            ],
        ),
        (
            _("Pipeline"),
            [
                (8, funnel.funnel(passages, look), "funnel"),
                (4, deals.at_risk(DealList((), 0, Decimal(0)), look), "at_risk"),
                (4, funnel.funnel([], look), "funnel"),
            ],
        ),
        (
            _("States"),
            [
                (4, note.Note(_("Words"), _("People’s own words.\n\nAddresses become links: https://example.com")), "text"),
                (4, note.forbidden(_("Forbidden")), "figure"),
                (4, note.failed(_("Failed")), "figure"),
                (4, note.empty(_("Empty"), _("Nothing of this happened in this period.")), "figure"),
                (4, leaderboard.leaderboard([], look, own_id=None), "leaderboard"),
            ],
        ),
    ]


def _days(window: Window) -> list[Point]:
    days = [day for day in PLAN.between("day", window.start_on, window.end_on) if day.start_on <= TODAY]
    return [Point(day, Decimal((n * 7) % 11 * (day.start_on.weekday() < 5)), False) for n, day in enumerate(days)]


def _spread() -> Spread:
    counts = (2, 9, 14, 8, 5, 3, 1, 4)
    ranges = tuple(Range(Decimal(n * 5000), Decimal((n + 1) * 5000) if n < len(counts) - 1 else None, count) for n, count in enumerate(counts))
    return Spread(ranges, sum(counts), Decimal(12_400))


def example() -> object:
    """Return a number as tiles show it."""
    return number(_figure("revenue", 412_345.67), _look())
