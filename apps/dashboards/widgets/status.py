"""How a goal stands, in an icon, a word and a colour."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.remembering import remembered
from apps.dashboards.selection import Selection
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
    "open": gettext_lazy("Open"),
}
WHY = {
    "ahead": gettext_lazy("At or above what is expected by now."),
    "at_risk": gettext_lazy("At 90% or more of what is expected by now."),
    "behind": gettext_lazy("Below 90% of what is expected by now."),
    "too_early": gettext_lazy("Less than a tenth of the period is over."),
    "met": gettext_lazy("The period is over and the target is met."),
    "missed": gettext_lazy("The period is over and the target is missed."),
    "no_value": gettext_lazy("There is nothing to count yet."),
    "no_target": gettext_lazy("No target is set."),
    "open": gettext_lazy("It is due on its last day."),
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
    return in_words(progress.status if progress else "no_target")


def no_target(selection: Selection) -> str:
    """Say that there is nothing to hold a figure against."""
    if selection.only:
        return _("Targets are set for everything, not for one product or campaign.")
    return _("No target is set for %(period)s.") % {"period": selection.period_name}


@remembered()
def in_words(key: str) -> Status:
    """Return the words of a status."""
    return Status(key, str(WORDS[key]), TONES.get(key, "quiet"), str(WHY[key]))
