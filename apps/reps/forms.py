"""Forms for people: dated rows of one team or rep must not overlap, and teams make a tree."""

from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _

from apps.core.forms import RowForm
from apps.reps.models import Team


class DatedForm(RowForm):
    """One dated row among others: whether it overlaps them is asked of all rows together (see `DatedRows`)."""

    def validate_constraints(self) -> None:
        exclude = self._get_validation_exclusions()  # type: ignore[attr-defined]
        for constraint in self.instance._meta.constraints:
            if isinstance(constraint, ExclusionConstraint):
                continue
            try:
                constraint.validate(type(self.instance), self.instance, exclude=exclude)
            except ValidationError as error:
                self.add_error(None, error)


class DatedRows(BaseInlineFormSet):
    """Rows with `start_on` and `end_on`, of which one `key` may have only one on any day, as they will be after saving."""

    key = ""
    overlap = ""

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if form.is_valid() and form.cleaned_data.get("start_on") and not form.cleaned_data.get("DELETE")]
        kept.sort(key=lambda form: (str(form.cleaned_data.get(self.key, "")), form.cleaned_data["start_on"]))
        for earlier, later in zip(kept, kept[1:], strict=False):
            same = not self.key or earlier.cleaned_data.get(self.key) == later.cleaned_data.get(self.key)
            if same and later.cleaned_data["start_on"] < (earlier.cleaned_data.get("end_on") or date.max):
                later.add_error("start_on", self.overlap)


class MembershipRows(DatedRows):
    @property
    def overlap(self) -> str:  # type: ignore[override]
        return _("On this day the rep is still in another team. End that row first: its “until” may be this day.")


class ManagerRows(DatedRows):
    key = "user"

    @property
    def overlap(self) -> str:  # type: ignore[override]
        return _("On this day this person manages the team already. End that row first: its “until” may be this day.")


class TeamForm(RowForm):
    class Meta:
        model = Team
        fields = ["name", "parent", "region", "external_key"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        parent: Team | None = self.cleaned_data.get("parent")
        above = dict(Team.objects.values_list("pk", "parent"))
        pk = parent.pk if parent else None
        while pk is not None and self.instance.pk is not None:
            if pk == self.instance.pk:
                raise ValidationError({"parent": _("A team cannot be part of itself or of a team below it. Choose another team.")})
            pk = above.get(pk)
        return cleaned
