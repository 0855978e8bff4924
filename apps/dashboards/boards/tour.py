"""What somebody is shown at their first look at a board: the few things their role works with, each where it stands."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.models import Role, User


@dataclass(frozen=True)
class Step:
    """One stop: which element (a CSS selector; the first that is there), what it is for."""

    at: str
    title: str
    text: str


def steps(user: User) -> list[Step]:
    """Return the stops of a role."""
    number = Step(
        "#hero, .kind-number",
        _("The one number"),
        _("What was won against the target, what is expected by now, and where it ends going on like this. Every number on a board opens into its records."),
    )
    head = Step(
        '[data-keep="period"]',
        _("Another time"),
        _("Choose a period, your own days, or what to compare with. “As of” shows the board as it was on a past day."),
    )
    boards = Step('[data-keep="boards"]', _("Your own boards"), _("Put together what you look at, share it, and choose what you see first."))
    goals = Step(".top nav a[href$='/goals/']", _("Goals"), _("Every target with how far it has come, and what each working day left has to bring."))
    if user.role == Role.REP:
        return [
            number,
            Step("#closing", _("What would close it"), _("Your open deals by expected close, until they would cover what is missing.")),
            Step("#agenda", _("Today"), _("What is overdue, due and done.")),
            Step("#rank", _("Among your peers"), _("Your place in the team. Others see your rank, and none of your figures.")),
            goals,
            boards,
        ]
    people = Step(
        "#people",
        _("Who needs help"),
        _("Everybody with who is furthest behind their pace first. A name opens that person’s board, and from there a one-to-one."),
    )
    deals = Step("#deals", _("What is at risk"), _("Deals that are overdue, forgotten or pushed out again; below, what changed since the last working day."))
    found = [number, people, deals, head, boards]
    if user.role == Role.ADMIN:
        found.insert(
            1, Step("#chores", _("What is missing"), _("Targets, amounts, owners, exchange rates: what the numbers lack, and how the last night went."))
        )
    return found


def told(user: User, *, is_asked: bool) -> list[dict[str, Any]]:
    """Return the stops for the page's script: at the first look, or when somebody asks to be shown around; else none."""
    return [asdict(step) for step in steps(user)] if is_asked or user.toured_at is None else []
