"""Holds figures of closed periods against what was reported: the same formulas over the sums that were kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from apps.core import numbers
from apps.core.periods import Window
from apps.core.replica import connection
from apps.kpis import catalogue, explaining, looks, selectors
from apps.kpis.declarations import Basis, Inputs, Kpi
from apps.kpis.explaining import Asked, Changes
from apps.kpis.figures import Figure, Restatement
from apps.kpis.models import Close
from apps.kpis.streams import STREAMS
from apps.kpis.targets import Targets
from apps.reps.scopes import Scope

GRAINS = tuple(Close.Grain.values)
PLACES = Decimal("1e-10")
HEADLINES = ("revenue", "deals_won", "win_rate", "pipeline_value")  # what is told first of a period
Key = TypeVar("Key")

ASKED = "unnest(%(kinds)s::text[], %(ids)s::bigint[]) s(kind, scope)"
CLOSED = "c.reopened_at IS NULL AND c.closed_on <= %(on)s AND c.grain = %(grain)s AND c.start_on = %(start)s AND c.end_on = %(end)s"
TARGET = "target"  # stands in the place of a basis
READ = f"""SELECT c.id, c.closed_on, c.has_targets, l.measures, r.look, r.kind, r.scope, r.amounts
    FROM kpis_close c JOIN kpis_reportedlayout l ON l.close_id = c.id
    LEFT JOIN (kpis_reported r JOIN {ASKED} ON s.kind = r.kind AND s.scope = r.scope) ON r.close_id = c.id AND r.stream = l.stream
    WHERE {CLOSED}
    UNION ALL SELECT c.id, c.closed_on, c.has_targets, ARRAY[t.kpi], '{TARGET}', t.kind, t.scope, ARRAY[t.target]
    FROM kpis_close c JOIN kpis_reportedtarget t ON t.close_id = c.id JOIN {ASKED} ON s.kind = t.kind AND s.scope = t.scope WHERE {CLOSED}"""


@dataclass(frozen=True)
class Reported:
    """What was kept of one closed period for some scopes: each measure's sum by scope and basis, and targets by scope and KPI.

    `targets` is None where none were kept: then today's are read.
    """

    close: int
    closed_on: date
    measures: frozenset[str]
    sums: Mapping[tuple[str, int], Mapping[Basis, Mapping[str, Decimal]]] = field(default_factory=dict)
    targets: Mapping[tuple[str, int], Mapping[str, Decimal]] | None = None

    def inputs(self, scope: Scope, today: Mapping[str, Decimal], days: int) -> Inputs:
        """Return what a formula was given when the period was closed; `today` are today's targets."""
        whose = (scope.kind, scope.id)
        return Inputs(self.sums.get(whose, {}), today if self.targets is None else self.targets.get(whose, {}), days)


def of_period(scopes: Iterable[Scope], window: Window, *, on: date) -> Reported | None:
    """Return what was reported of a period, if it was closed by day `on`; one query, and none for what cannot be closed."""
    if window.grain not in GRAINS or window.end_on > on:
        return None
    scopes = list(scopes)
    params: dict[str, Any] = {
        "kinds": [s.kind for s in scopes],
        "ids": [s.id for s in scopes],
        "grain": window.grain,
        "start": window.start_on,
        "end": window.end_on,
        "on": on,
    }
    with connection.cursor() as cursor:
        cursor.execute(READ, params)
        rows = cursor.fetchall()
    if not rows:
        return None
    close, closed_on, has_targets, *_first = rows[0]
    return _reported(close, closed_on, has_targets, (row[3:] for row in rows))


def _reported(close: int, closed_on: date, has_targets: bool, rows: Iterable[tuple[Any, ...]]) -> Reported:
    measures: set[str] = set()
    sums: dict[tuple[str, int], dict[Basis, dict[str, Decimal]]] = {}
    targets: dict[tuple[str, int], dict[str, Decimal]] = {}
    for kept, look, kind, scope, amounts in rows:
        if look == TARGET:
            targets.setdefault((kind, scope), {}).update(zip(kept, amounts, strict=True))
            continue
        measures.update(kept)
        if look is not None:
            sums.setdefault((kind, scope), {}).setdefault(Basis(look), {}).update(zip(kept, amounts, strict=False))
    return Reported(close, closed_on, frozenset(measures), sums, targets if has_targets else None)


def restatable(one: Kpi) -> bool:
    """Whether a later difference is a restatement: not where a period ripens by its nature, as deals created in it are won."""
    return not any(STREAMS[catalogue.MEASURES[key].stream].is_so_far for key in one.measures)


def attached(found: Mapping[Key, Figure], reported: Reported | None, *, targets: Targets | None = None) -> dict[Key, Figure]:
    """Return figures of one window, each with its restatement where something was reported of it (see `of_period`)."""
    figures = dict(found)
    if reported is None:
        return figures
    return {key: replace(figure, restatement=restatement(figure, reported, targets or {})) for key, figure in figures.items()}


def restatement(figure: Figure, reported: Reported, targets: Targets) -> Restatement | None:
    """Compute a figure from what was kept; None where its measures were not counted yet, or it ripens, or its scope is regrouped or narrowed: it was reported as it was, whole."""
    one = figure.kpi
    is_reported = figure.scope.members_on is None and figure.scope.only is None
    if not is_reported or not restatable(one) or not reported.measures.issuperset(one.measures):
        return None
    wanted = {key: target for (key, scope), target in targets.items() if scope == figure.scope}
    inputs = reported.inputs(figure.scope, wanted, figure.window.days)
    then = selectors.figure(one, figure.scope, figure.window, figure.on, inputs, 0).value
    difference = figure.value - then if figure.value is not None and then is not None else None
    is_restated = figure.value != then if difference is None else abs(difference) >= PLACES
    because = because_of_target(one, inputs.targets, wanted) if is_restated else ""
    return Restatement(reported.close, reported.closed_on, then, difference, is_restated, because)


def because_of_target(one: Kpi, before: Mapping[str, Decimal], after: Mapping[str, Decimal]) -> str:
    """Say what became of the target that a formula reads since its period was closed; nothing where it is the same, or none is read."""
    then, now = before.get(one.target_of), after.get(one.target_of)
    if then == now:
        return ""
    words = {"kpi": catalogue.KPIS[one.target_of].name, "then": _amount(then), "now": _amount(now)}
    if then is None:
        return _("“%(kpi)s” had no target when the period was closed; it is %(now)s now.") % words
    if now is None:
        return _("The target of “%(kpi)s” was %(then)s when the period was closed; there is none now.") % words
    return _("The target of “%(kpi)s” was %(then)s when the period was closed, and is %(now)s now.") % words


def _amount(target: Decimal | None) -> str:
    return "" if target is None else numbers.decimal(target, 0 if target == target.to_integral_value() else 2)


def explain(kpi: str, close: Close, scope: Scope, *, on: date) -> list[Changes]:
    """Return, for each measure of a KPI, the records that changed since a period was closed; what did not change is left out."""
    one, window = catalogue.KPIS[kpi], window_of(close)
    found = looks.windows_of([one], window, on)
    every = [explaining.changes(Asked(close, catalogue.MEASURES[use.measure], use.basis, found[use.basis][0], scope, on)) for use in one.uses]
    return [changes for changes in every if changes.count]


def window_of(close: Close) -> Window:
    """Return a closed period under the name it had then, which the calendar of now may give to other days (see `Calendar.knows`)."""
    return Window(close.key, close.grain, close.start_on, close.end_on)
