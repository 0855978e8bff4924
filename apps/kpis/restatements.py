"""Holds figures of closed periods against what was reported: the same formulas over the sums that were kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from apps.core.periods import Window
from apps.core.replica import connection
from apps.kpis import catalogue, explaining, looks, selectors
from apps.kpis.declarations import Basis, Inputs, Kpi
from apps.kpis.explaining import Asked, Changes
from apps.kpis.figures import Figure, Restatement
from apps.kpis.models import Close
from apps.kpis.streams import STREAMS
from apps.reps.scopes import Scope

GRAINS = tuple(Close.Grain.values)
PLACES = Decimal("1e-10")
Key = TypeVar("Key")

READ = """SELECT c.id, c.closed_on, l.stream, l.measures, r.look, r.kind, r.scope, r.amounts
    FROM kpis_close c JOIN kpis_reportedlayout l ON l.close_id = c.id
    LEFT JOIN (kpis_reported r JOIN unnest(%(kinds)s::text[], %(ids)s::bigint[]) s(kind, scope) ON s.kind = r.kind AND s.scope = r.scope)
        ON r.close_id = c.id AND r.stream = l.stream
    WHERE c.reopened_at IS NULL AND c.closed_on <= %(on)s AND c.grain = %(grain)s AND c.start_on = %(start)s AND c.end_on = %(end)s"""


@dataclass(frozen=True)
class Reported:
    """What was kept of one closed period for some scopes: each measure's sum by scope and basis."""

    close: int
    closed_on: date
    measures: frozenset[str]
    sums: Mapping[tuple[str, int], Mapping[Basis, Mapping[str, Decimal]]] = field(default_factory=dict)

    def inputs(self, scope: Scope, targets: Mapping[str, Decimal], days: int) -> Inputs:
        return Inputs(self.sums.get((scope.kind, scope.id), {}), targets, days)


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
    measures: set[str] = set()
    sums: dict[tuple[str, int], dict[Basis, dict[str, Decimal]]] = {}
    for _close, _closed_on, _stream, kept, look, kind, scope, amounts in rows:
        measures.update(kept)
        if look is not None:
            sums.setdefault((kind, scope), {}).setdefault(Basis(look), {}).update(zip(kept, amounts, strict=False))
    return Reported(rows[0][0], rows[0][1], frozenset(measures), sums)


def restatable(one: Kpi) -> bool:
    """Whether a later difference is a restatement: not where a period ripens by its nature, as deals created in it are won."""
    return not any(STREAMS[catalogue.MEASURES[key].stream].is_so_far for key in one.measures)


def attached(found: Mapping[Key, Figure], reported: Reported | None, *, targets: selectors.Targets | None = None) -> dict[Key, Figure]:
    """Return figures of one window, each with its restatement where something was reported of it (see `of_period`)."""
    figures = dict(found)
    if reported is None:
        return figures
    return {key: replace(figure, restatement=restatement(figure, reported, targets or {})) for key, figure in figures.items()}


def restatement(figure: Figure, reported: Reported, targets: selectors.Targets) -> Restatement | None:
    """Compute a figure from what was kept; None where its measures were not counted yet, or it ripens, or its scope is regrouped: it was reported as it was."""
    one = figure.kpi
    if figure.scope.members_on is not None or not restatable(one) or not reported.measures.issuperset(one.measures):
        return None
    wanted = {key: target for (key, scope), target in targets.items() if scope == figure.scope}
    inputs = reported.inputs(figure.scope, wanted, figure.window.days)
    then = selectors.figure(one, figure.scope, figure.window, figure.on, inputs, 0).value
    difference = figure.value - then if figure.value is not None and then is not None else None
    is_restated = figure.value != then if difference is None else abs(difference) >= PLACES
    return Restatement(reported.close, reported.closed_on, then, difference, is_restated)


def explain(kpi: str, close: Close, scope: Scope, *, on: date) -> list[Changes]:
    """Return, for each measure of a KPI, the records that changed since a period was closed; what did not change is left out."""
    one, window = catalogue.KPIS[kpi], window_of(close)
    found = looks.windows_of([one], window, on)
    every = [explaining.changes(Asked(close, catalogue.MEASURES[use.measure], use.basis, found[use.basis][0], scope, on)) for use in one.uses]
    return [changes for changes in every if changes.count]


def window_of(close: Close) -> Window:
    """Return a closed period under the name it had then, which the calendar of now may give to other days (see `Calendar.knows`)."""
    return Window(close.key, close.grain, close.start_on, close.end_on)
