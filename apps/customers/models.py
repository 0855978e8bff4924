"""Who buys, and what they ordered."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.reps.models import Region, Rep
from apps.reps.triggers import KeepOwnerOfTheDay


class Customer(models.Model):
    """One company or person that buys, or may."""

    name = models.CharField(_("name"), max_length=200)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="customers", verbose_name=_("region"), help_text=_("Empty: the region of the rep.")
    )
    owner = models.ForeignKey(Rep, models.PROTECT, null=True, blank=True, related_name="customers", verbose_name=_("owner"))
    industry = models.CharField(_("industry"), max_length=120, blank=True)
    acquired_on = models.DateField(_("customer since"), null=True, blank=True, db_index=True)
    acquired_by = models.ForeignKey(
        Rep,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="acquired_customers",
        verbose_name=_("won by"),
        help_text=_("Empty: whoever owns the customer when the date is entered."),
    )
    lost_on = models.DateField(_("lost on"), null=True, blank=True, db_index=True)
    lost_reason = models.CharField(_("reason for the loss"), max_length=200, blank=True)
    external_key = models.CharField(_("external key"), max_length=120, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["name"]
        indexes = [models.Index(fields=["name"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(lost_on__isnull=True) | Q(acquired_on__isnull=True) | Q(lost_on__gte=F("acquired_on")),
                name="customer_is_lost_after_being_won",
                violation_error_message=_("A customer cannot be lost before being won. Correct one of the two days."),
            )
        ]
        triggers = [KeepOwnerOfTheDay(name="keep_who_won_it", day="acquired_on", keeper="acquired_by_id")]

    def __str__(self) -> str:
        return self.name


class Order(models.Model):
    """One order of one customer, credited to the rep who took it."""

    number = models.CharField(_("number"), max_length=80, blank=True)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("customer"))
    rep = models.ForeignKey(Rep, models.PROTECT, related_name="orders", verbose_name=_("rep"))
    ordered_on = models.DateField(_("ordered on"), db_index=True)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, null=True, blank=True)
    cost = models.DecimalField(_("direct cost"), max_digits=18, decimal_places=2, null=True, blank=True)
    external_key = models.CharField(_("external key"), max_length=120, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-ordered_on"]

    def __str__(self) -> str:
        return self.number or f"{self.customer} {self.ordered_on:%Y-%m-%d}"
