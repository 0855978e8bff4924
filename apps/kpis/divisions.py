"""What a stream and a KPI can be divided by: the rows that a part is the id of, and how people call them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.kpis.declarations import Text
from apps.opportunities.models import Stage


@dataclass(frozen=True)
class Division:
    """The rows of `model` in their own order, as far as `only` picks them.

    With `rest`, only those that something is counted for, and after them, under that name, what belongs to none (part 0).
    """

    name: Text
    title: Text
    model: type[Model]
    only: dict[str, Any] = field(default_factory=dict)
    rest: Text = ""

    def named(self, counted: Iterable[int]) -> list[tuple[int, str]]:
        """Return the ids and names of the parts, given those that something is counted for."""
        rows, counted = self.model._default_manager.filter(**self.only), set(counted)
        if self.rest:
            rows = rows.filter(pk__in=counted)
        return [(row.pk, str(row)) for row in rows] + ([(0, str(self.rest))] if self.rest and 0 in counted else [])


DIVISIONS = {
    "stage": Division(_("Stage"), _("By stage"), Stage, {"kind": Stage.Kind.OPEN}),
    "campaign": Division(_("Campaign"), _("By campaign"), Campaign, rest=_("Without a campaign")),
}
