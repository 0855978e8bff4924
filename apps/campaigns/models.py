"""What was spent to win customers."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core import currencies
from apps.core.money import Convert


class Campaign(models.Model):
    """One campaign that brings leads."""

    name = models.CharField(_("name"), max_length=160, unique=True)
    started_on = models.DateField(_("started on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    external_key = models.CharField(_("external key"), max_length=120, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(started_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="campaign_ends_after_it_starts",
                violation_error_message=_("A campaign cannot end before it starts. Correct one of the two days."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Expense(models.Model):
    """One amount spent on marketing or sales on one day, for a campaign or for all."""

    class Kind(models.TextChoices):
        CAMPAIGN = "campaign", _("Campaign")
        SALES = "sales", _("Sales")
        MARKETING = "marketing", _("Marketing")

    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="expenses", verbose_name=_("campaign"))
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices, default=Kind.CAMPAIGN)
    spent_on = models.DateField(_("spent on"), db_index=True)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, null=True, blank=True)
    currency = currencies.entered_in()
    original_amount = currencies.as_entered(_("original amount"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    external_key = models.CharField(_("external key"), max_length=120, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("expense")
        verbose_name_plural = _("expenses")
        ordering = ["-spent_on"]
        indexes = currencies.indexes("expense", "spent_on")
        constraints = [
            currencies.is_a_code("expense"),
            models.CheckConstraint(
                condition=Q(amount__isnull=False) | Q(original_amount__isnull=False),
                name="expense_has_an_amount",
                violation_error_message=_("An expense has an amount, or an original amount in another currency. Fill one of them in."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="campaign") | Q(campaign__isnull=False),
                name="campaign_expense_names_its_campaign",
                violation_error_message=_("An expense of the kind “Campaign” names its campaign. Choose one, or another kind."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["campaign", "sales", "marketing"]), name="expense_has_a_known_kind", violation_error_message=_("Choose one of the kinds.")
            ),
        ]
        triggers = [Convert("amount", day="NEW.spent_on")]

    def __str__(self) -> str:
        entered = f"{self.original_amount} {self.currency}" if self.currency else self.amount
        return f"{self.spent_on:%Y-%m-%d} {entered}"
