"""Forms for deals: what the database demands of stage, closing day and shares, asked while people can still correct it."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _

from apps.core.forms import RowForm
from apps.opportunities.models import Stage


class OpportunityForm(RowForm):
    past_days = ("created_on", "first_contact_on", "closed_on", "effective_on")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        stage: Stage | None = self.cleaned_data.get("stage")
        closed_on = self.cleaned_data.get("closed_on")
        if stage and stage.kind != Stage.Kind.OPEN and not closed_on and "closed_on" not in self.errors:
            self.add_error("closed_on", _("A deal that is won or lost needs its closing day. Fill it in, or choose an open stage."))
        if stage and stage.kind == Stage.Kind.OPEN and closed_on:
            self.add_error("closed_on", _("A deal in an open stage has no closing day. Empty it, or choose the stage in which the deal ended."))
        return cleaned


class QuoteForm(RowForm):
    past_days = ("sent_on", "accepted_on")


class CreditRows(BaseInlineFormSet):
    """The shares of one deal: they add up to 100 %, or there are none."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        shares = [form.cleaned_data["share"] for form in self.forms if form.cleaned_data.get("share") is not None and not form.cleaned_data.get("DELETE")]
        if shares and sum(shares) != Decimal(100):
            total = sum(shares, Decimal(0)).normalize()
            raise ValidationError(
                _("The shares add up to %(total)s percent, not to 100. Correct them, or delete them all: then the deal is its owner’s alone.")
                % {"total": f"{total:f}"}
            )
