"""How a goal stands, in an icon, a word and a colour."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.goals.progress import Progress

WORDS = {
    "ahead": gettext_lazy("Ahead"),
    "at_risk": gettext_lazy("At risk"),
    "behind": gettext_lazy("Behind"),
    "too_early": gettext_lazy("Too early"),
    "met": gettext_lazy("Met"),
    "missed": gettext_lazy("Missed"),
    "no_value": gettext_lazy("No value"),
    "no_target": gettext_lazy("No target"),
}
TONES = {"ahead": "ahead", "met": "ahead", "at_risk": "risk", "behind": "behind", "missed": "behind"}


@dataclass(frozen=True)
class Status:
    """A word for people, and the tone of its icon and colour: ahead, risk, behind or quiet."""

    key: str
    word: str
    tone: str
    why: str


def status(progress: Progress | None) -> Status:
    """Judge a goal from its pace; what cannot be judged yet says so."""
    key = progress.status if progress else "no_target"
    return Status(key, str(WORDS[key]), TONES.get(key, "quiet"), _why(key))


def _why(key: str) -> str:
    return {
        "ahead": _("At or above what is expected by now."),
        "at_risk": _("At 90% or more of what is expected by now."),
        "behind": _("Below 90% of what is expected by now."),
        "too_early": _("Less than a tenth of the period is over."),
        "met": _("The period is over and the target is met."),
        "missed": _("The period is over and the target is missed."),
        "no_value": _("There is nothing to count yet."),
        "no_target": _("No target is set."),
    }[key]
