"""People and companies who may become customers."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.customers.models import Customer
from apps.reps.models import Rep
from apps.reps.triggers import DayOfInstant, KeepOwnerOfTheDay


def credited(name: str, label: Any) -> models.ForeignKey:
    """A rep credited for one step of the lead's way: whoever owned it when the step was entered."""
    return models.ForeignKey(
        Rep, models.PROTECT, null=True, blank=True, related_name=name, verbose_name=label, help_text=_("Empty: whoever owns the lead when the date is entered.")
    )


def not_before_created(field: str) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": F("created_on")})


class Lead(models.Model):
    """One lead, with the days on which it came, was qualified, became an opportunity and a customer.

    The first touch is kept by the database from the activities about the lead (see `activities.triggers`); `response_minutes` is
    unknown where one of the two instants is.
    """

    name = models.CharField(_("name"), max_length=200)
    company = models.CharField(_("company"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("campaign"))
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("customer"))
    owner = models.ForeignKey(Rep, models.PROTECT, related_name="leads", verbose_name=_("owner"))
    created_on = models.DateField(_("created on"), db_index=True)
    created_at = models.DateTimeField(_("created at"), null=True, blank=True, help_text=_("The instant, where it is known; the day follows from it."))
    created_for = credited("created_leads", _("created for"))
    qualified_on = models.DateField(_("qualified on"), null=True, blank=True, db_index=True)
    qualified_by = credited("qualified_leads", _("qualified by"))
    opportunity_on = models.DateField(_("became an opportunity on"), null=True, blank=True, db_index=True)
    opportunity_by = credited("opened_leads", _("made an opportunity by"))
    converted_on = models.DateField(_("became a customer on"), null=True, blank=True, db_index=True)
    converted_by = credited("converted_leads", _("made a customer by"))
    first_touch_on = models.DateField(_("first touched on"), null=True, blank=True, db_index=True, editable=False)
    first_touch_at = models.DateTimeField(_("first touched at"), null=True, blank=True, editable=False)
    first_touch_by = models.ForeignKey(
        Rep, models.PROTECT, null=True, blank=True, related_name="touched_leads", verbose_name=_("first touched by"), editable=False
    )
    response_minutes = models.DecimalField(_("minutes to the first touch"), max_digits=12, decimal_places=2, null=True, blank=True, editable=False)
    external_key = models.CharField(_("external key"), max_length=120, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        ordering = ["-created_on"]
        constraints = [
            models.CheckConstraint(
                condition=not_before_created("qualified_on"),
                name="lead_is_qualified_after_it_came",
                violation_error_message=_("A lead cannot be qualified before it was created. Correct one of the two days."),
            ),
            models.CheckConstraint(
                condition=not_before_created("opportunity_on"),
                name="lead_is_opened_after_it_came",
                violation_error_message=_("A lead cannot become an opportunity before it was created. Correct one of the two days."),
            ),
            models.CheckConstraint(
                condition=not_before_created("converted_on"),
                name="lead_is_converted_after_it_came",
                violation_error_message=_("A lead cannot become a customer before it was created. Correct one of the two days."),
            ),
        ]
        triggers = [
            DayOfInstant(at="created_at", on="created_on"),
            KeepOwnerOfTheDay(name="keep_created_for", day="created_on", keeper="created_for_id"),
            KeepOwnerOfTheDay(name="keep_qualified_by", day="qualified_on", keeper="qualified_by_id"),
            KeepOwnerOfTheDay(name="keep_opportunity_by", day="opportunity_on", keeper="opportunity_by_id"),
            KeepOwnerOfTheDay(name="keep_converted_by", day="converted_on", keeper="converted_by_id"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.company}" if self.company else self.name
