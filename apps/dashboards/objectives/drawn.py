"""Objectives as their pages draw them: where each stands in words and as a bullet, and where its parts stand together."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core import dates, numbers
from apps.core.periods import Calendar
from apps.dashboards.goals import words
from apps.dashboards.selection import Selection
from apps.dashboards.widgets import bullet
from apps.dashboards.widgets.bullet import ROOM, Bullet
from apps.dashboards.widgets.status import Status, in_words
from apps.goals.selectors import GoalFigure
from apps.kpis import catalogue
from apps.objectives.models import Measured, Objective
from apps.objectives.selectors import Node
from apps.objectives.standing import RollUp, Standing

BY = {"above": gettext_lazy("%(value)s, at least %(target)s"), "below": gettext_lazy("%(value)s, at most %(target)s")}


@dataclass(frozen=True)
class Reader:
    """Who looks: as of which day, in which calendar and money, and which objectives they may see, by number."""

    today: date
    calendar: Calendar
    currency: str
    visible: Collection[int]


@dataclass(frozen=True)
class Drawn:
    """One objective with the parts of it that the reader may see; `others` counts those they may not.

    `weighs` says how much it counts among the parts of its whole, where they are not added up; `parts_words` where its parts stand
    together and `gap` by how much they ask for less or more than it does; `result`, once it is over, by how much it was reached or missed.
    """

    pk: int
    name: str
    whose: str
    days: str
    url: str
    figure_url: str
    is_personal: bool
    note: str
    status: Status
    words: str
    bullet: Bullet | None
    result: str
    weighs: str
    parts_words: str
    gap: str
    parts: tuple["Drawn", ...]
    others: int


def drawn(node: Node, reader: Reader, weighs: str = "") -> Drawn:
    """Draw a tree from one of its objectives on."""
    row, by_parts = node.objective, node.by_parts
    seen = [part for part in node.parts if part.objective.pk in reader.visible]
    weights = dict(_weights(node)) if by_parts and not by_parts.is_sum and len(node.parts) > 1 else {}
    window = reader.calendar.from_to(row.start_on, row.last_on)
    name, days = dates.window_name(window), dates.interval(window)
    look = Selection(node.scope, window, reader.today, reader.today, reader.calendar, reader.currency)
    return Drawn(
        pk=row.pk,
        name=row.name,
        whose=node.scope.name,
        days=name if window.grain else days,
        url=reverse("dashboards:objective", args=[row.pk]),
        figure_url=look.figure(row.kpi) if node.figure and look.can_be_opened else "",
        is_personal=row.is_personal,
        note=row.note,
        status=in_words(node.standing.status),
        words=_words(node),
        bullet=_bullet(node),
        result=_result(node, reader.today),
        weighs=weighs,
        parts_words=_beside(node.standing, by_parts) if by_parts and row.measured != Measured.PARTS else "",
        gap=_gap(node, reader.visible) if by_parts else "",
        parts=tuple(drawn(part, reader, weights.get(part.objective.pk, "")) for part in seen),
        others=len(node.parts) - len(seen),
    )


def _weights(node: Node) -> Iterator[tuple[int, str]]:
    """Yield how much each part counts that has a target, by number."""
    counted = [part for part in node.parts if part.standing.done is not None]
    total = sum(part.objective.weight for part in counted)
    for part in counted:
        yield part.objective.pk, _("counts %(share)s of the whole") % {"share": numbers.share(part.objective.weight / total)}


def _words(node: Node) -> str:
    """Say where an objective stands: `62K of 90K · 69% · expected 71%`, `3 of 5 steps · 60%`, `Not yet`."""
    row, standing = node.objective, node.standing
    if row.measured == Measured.KPI:
        return _of_figure(node.figure) if node.figure else _("This KPI is no longer there.")
    if row.measured == Measured.YES_NO:
        return _answer(node)
    if standing.status == "no_target":
        return _("No parts with a target yet.") if row.measured == Measured.PARTS else _("No steps yet.")
    if row.measured == Measured.PARTS:
        return _together(node.by_parts) if node.by_parts else ""
    if row.measured == Measured.CHECKLIST:
        steps = ngettext("%(done)s of %(count)s step", "%(done)s of %(count)s steps", len(node.steps)) % {
            "done": numbers.short(standing.actual or Decimal(0), "count"),
            "count": len(node.steps),
        }
        return _with_shares(steps, standing)
    return _number(row, standing)


def _of_figure(found: GoalFigure) -> str:
    kpi, value = found.figure.kpi, found.figure.value
    if found.progress:
        return bullet.words(kpi, value, found.progress)
    return numbers.NO_VALUE if value is None else numbers.short(value, str(kpi.unit))


def _answer(node: Node) -> str:
    if not node.told:
        return _("Not yet")
    words = {"day": dates.day(node.told.day)}
    return _("Yes, on %(day)s") % words if node.told.value else _("No, on %(day)s") % words


def _number(row: Objective, standing: Standing) -> str:
    counts = told_in(row)
    words = {"value": _told(standing.actual, row.target, counts), "target": amount(row.target or Decimal(0), counts)}
    if row.stay:
        return str(BY[row.stay]) % words
    if row.baseline is not None:
        return _with_shares(_("%(value)s, from %(start)s to %(target)s") % {**words, "start": amount(row.baseline, counts)}, standing)
    return _with_shares(_("%(value)s of %(target)s") % words, standing)


def _told(value: Decimal | None, target: Decimal | None, counts: str) -> str:
    """Write a value beside its target, which says what is counted."""
    return numbers.NO_VALUE if value is None else numbers.beside(value, target or Decimal(0), _unit(counts))


def told_in(row: Objective) -> str:
    """Return in what a number by hand is told, as standings name what is counted."""
    return "money" if row.measured == Measured.MONEY else f"hand:{row.unit}"


def amount(value: Decimal, counts: str) -> str:
    """Write an amount of what is counted: `90K`, `12 partners`."""
    kind, _colon, word = counts.partition(":")
    written = numbers.short(value, _unit(counts))
    return _("%(amount)s %(what)s") % {"amount": written, "what": word} if kind == "hand" and word else written


def _unit(counts: str) -> str:
    kind, _colon, key = counts.partition(":")
    return "money" if kind == "money" else str(catalogue.KPIS[key].unit) if kind == "kpi" else "count"


def _with_shares(words: str, standing: Standing) -> str:
    parts = [words]
    if standing.attainment is not None:
        parts.append(numbers.share(standing.attainment))
    if standing.due and standing.status not in ("met", "missed"):
        parts.append(_("expected %(share)s") % {"share": numbers.share(standing.due)})
    return " · ".join(parts)


def _together(found: RollUp) -> str:
    """Say where some parts stand together."""
    standing, counts = found.standing, found.standing.adds_up
    if standing.done is None:
        return _("No parts with a target yet.")
    if not counts:
        return f"{_with_shares(numbers.share(standing.done), _without_share(standing))} · {_reached(found)}"
    words = {"value": _told(standing.actual, standing.target, counts), "target": amount(standing.target or Decimal(0), counts)}
    return f"{_with_shares(_('%(value)s of %(target)s') % words, standing)} · {_reached(found)}"


def _beside(whole: Standing, found: RollUp) -> str:
    """Say where the parts of what is measured by itself stand together; in short where they add up to it."""
    parts = found.standing
    if (parts.adds_up, parts.actual, parts.target) == (whole.adds_up, whole.actual, whole.target):
        return _("Its parts add up to it · %(reached)s") % {"reached": _reached(found)}
    return _("Its parts together: %(words)s") % {"words": _together(found)}


def _reached(found: RollUp) -> str:
    return ngettext("%(met)s of %(count)s part reached", "%(met)s of %(count)s parts reached", found.counted) % {"met": found.met, "count": found.counted}


def _without_share(standing: Standing) -> Standing:
    return Standing(None, None, None, None, standing.done, standing.due, standing.status, standing.is_met)


def _gap(node: Node, visible: Collection[int]) -> str:
    """Say by how much the parts ask for less or more than the whole does, where both count the same; and which parts have no target."""
    whole, found = node.standing, node.by_parts
    told = []
    if found and found.is_sum and whole.adds_up == found.standing.adds_up and node.objective.measured != Measured.PARTS and whole.target:
        gap = (found.standing.target or Decimal(0)) - whole.target
        words = {"gap": amount(abs(gap), whole.adds_up), "share": numbers.share(abs(gap) / whole.target)}
        if gap < 0:
            told.append(_("Nobody has the last %(gap)s (%(share)s) of it.") % words)
        if gap > 0:
            told.append(_("Its parts ask for %(gap)s (%(share)s) more.") % words)
    if found and found.is_sum:
        twice = [part.objective for part in node.parts if part.is_within and part.objective.pk in visible]
        told += [_("“%(name)s” is counted in another part already, and counts once.") % {"name": one.name} for one in twice]
        partly = [part.objective for part in node.parts if part.is_partly_within and part.objective.pk in visible]
        told += [_("Some of “%(name)s” is counted in another part, too.") % {"name": one.name} for one in partly]
    if found and found.without_target:
        told.append(
            ngettext("%(count)s part has no target and does not count.", "%(count)s parts have no target and do not count.", found.without_target)
            % {"count": found.without_target}
        )
    return " ".join(told)


def _result(node: Node, today: date) -> str:
    """Say how one that is over ended: reached or missed, and by how much."""
    standing = node.standing
    if node.objective.last_on >= today or standing.status not in ("met", "missed"):
        return ""
    counts = standing.adds_up or (told_in(node.objective) if node.objective.measured in (Measured.NUMBER, Measured.MONEY) else "")
    if not counts or standing.actual is None or standing.target is None:
        if node.figure:
            return words.outcome(node.figure.figure.kpi, standing.actual, node.figure.progress)
        return _("Reached.") if standing.is_met else _("Missed.")
    by = abs(standing.actual - standing.target)
    if not by:
        return _("Reached, to the point.")
    by_how_much = {"amount": amount(by, counts)}
    return _("Reached, by %(amount)s.") % by_how_much if standing.is_met else _("Missed by %(amount)s.") % by_how_much


def _bullet(node: Node) -> Bullet | None:
    """Draw what is done of the whole way; of a KPI, its figure against its target."""
    if node.figure:
        return bullet.bullet(node.figure.figure, node.figure.progress)
    done, due = node.standing.done, node.standing.due
    if done is None:
        return None
    scale = max(done, ROOM)
    shown = due if due and node.standing.status not in ("met", "missed") and not node.objective.stay else None
    return Bullet(
        actual=bullet.place(max(done, Decimal(0)), scale),
        target=bullet.place(Decimal(1), scale),
        expected=bullet.place(shown, scale) if shown is not None else "",
        band=bullet.place(Decimal("0.9"), scale),
        words=_words(node),
    )
