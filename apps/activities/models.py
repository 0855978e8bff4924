"""What reps do: calls, e-mails, meetings, demos, onboardings."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.customers.models import Customer
from apps.leads.models import Lead
from apps.opportunities.models import Opportunity
from apps.reps.models import Rep


class Activity(models.Model):
    """One thing a rep did, or means to do: planned until `completed_on` says when it was done."""

    class Kind(models.TextChoices):
        CALL = "call", _("Call")
        EMAIL = "email", _("E-mail")
        MEETING = "meeting", _("Meeting")
        DEMO = "demo", _("Demo")
        ONBOARDING = "onboarding", _("Onboarding")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    rep = models.ForeignKey(Rep, models.PROTECT, related_name="activities", verbose_name=_("rep"))
    due_on = models.DateField(_("due on"), null=True, blank=True, db_index=True)
    completed_on = models.DateField(_("done on"), null=True, blank=True, db_index=True)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("customer"))
    lead = models.ForeignKey(Lead, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("lead"))
    opportunity = models.ForeignKey(Opportunity, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("opportunity"))
    is_personalized = models.BooleanField(_("personalised"), default=False)
    external_key = models.CharField(_("external key"), max_length=120, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["-completed_on", "-due_on"]
        indexes = [models.Index(fields=["rep", "completed_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__isnull=False) | Q(completed_on__isnull=False),
                name="activity_is_planned_or_done",
                violation_error_message=_("An activity has a day on which it is due or was done. Fill in one of the two."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["call", "email", "meeting", "demo", "onboarding"]),
                name="activity_has_a_known_kind",
                violation_error_message=_("Choose one of the kinds."),
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.get_kind_display()
