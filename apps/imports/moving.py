"""Loads a portion of a file and sees by how much it moves the company's headline figures."""

from collections.abc import Sequence
from datetime import date

from apps.imports import effects, loading
from apps.imports.effects import Sums
from apps.imports.foresight import Foresight
from apps.imports.loading import Loaded, Watcher
from apps.imports.matching import Change
from apps.imports.portions import Portion
from apps.imports.records import Desk


def load(portion: Portion, desk: Desk, seen: Foresight | None, on: date, *watchers: Watcher) -> tuple[Loaded, Sums]:
    """Write a portion, and return by how much the sums of the headline figures move with it, as of the end of day `on`.

    Of deals it is what the portion's own do. Stages and rates move everybody's: of them it is what the company's sums are before and after.
    """
    if desk.entity.name in effects.MOVED_BY_OTHERS:
        before = effects.sums(on)
        loaded = loading.load(portion, desk, *watchers, foreseen=seen)
        return loaded, effects.added(effects.sums(on), before, times=-1)
    if desk.entity.name not in effects.MOVING:
        return loading.load(portion, desk, *watchers, foreseen=seen), {}
    own = Own(on)
    loaded = loading.load(portion, desk, *watchers, own, foreseen=seen)
    return loaded, own.moved


class Own:
    """Adds up a portion's own deals, before it is written and after."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.sums: Sums = {}
        self.moved: Sums = {}

    def before(self, changes: Sequence[Change]) -> None:
        there = [change.row.pk for change in changes if not change.is_new]
        self.sums = effects.sums(self.on, there) if there else {}

    def written(self, before: Sequence[Change], written: Sequence[Change]) -> None:
        ids = {change.row.pk for change in (*before, *written) if change.row.pk is not None}
        after = effects.sums(self.on, sorted(ids)) if ids else {}
        self.moved = effects.added(effects.added(self.moved, after), self.sums, times=-1)
