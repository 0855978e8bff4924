"""What people told of an objective by hand, and who may take it back; and its checklist, with a form for each step."""

from dataclasses import dataclass
from decimal import Decimal

from django.forms import Form
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import numbers
from apps.dashboards.objectives.drawn import Reader
from apps.dashboards.objectives.form import StepForm
from apps.objectives import access
from apps.objectives.models import CheckIn, Measured, Objective, Step


@dataclass(frozen=True)
class Told:
    """One check-in in words, and whether the reader may take it back."""

    row: CheckIn
    words: str
    may_take_back: bool


def told(row: Objective, user: User, reader: Reader) -> list[Told]:
    """Return what was told of an objective, the latest first."""
    answers, unit = {True: _("Yes"), False: _("No")}, "money" if row.measured == Measured.MONEY else "count"

    def words(value: Decimal) -> str:
        return answers[bool(value)] if row.measured == Measured.YES_NO else f"{numbers.whole(value, unit, reader.currency)} {row.unit}".strip()

    may_take_back = access.taken_back_by(user, row, reader.today)
    found = row.check_ins.select_related("told_by", "taken_back_by").order_by("-day", "-pk")
    return [Told(one, words(one.value), may_take_back(one)) for one in found]


def steps(row: Objective, refused: tuple[int, Form] | None, day: str) -> list[tuple[Step, Form]]:
    """Return the steps of a checklist, each with its form: the one that was refused, or one that offers a day."""
    forms = dict([refused] if refused else [])
    return [(step, forms.get(step.pk) or _form(step, day)) for step in row.steps.select_related("done_by")]


def _form(step: Step, day: str) -> StepForm:
    done_on = step.done_on.isoformat() if step.done_on else day
    return StepForm(initial={"done_on": done_on, "note": step.note}, auto_id=f"step-{step.pk}-%s")
