"""Who buys, what they ordered, what they pay every month, and how that changed."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core import currencies
from apps.core.money import Convert
from apps.customers import triggers
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
    cancelled_on = models.DateField(
        _("cancelled on"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("The day they said they would leave; it may be before the day they are lost. Empty: the same day."),
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
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on__isnull=True) | Q(lost_on__isnull=True) | Q(lost_on__gte=F("cancelled_on")),
                name="customer_is_lost_after_cancelling",
                violation_error_message=_("A customer is lost on or after the day they cancelled. Correct one of the two days."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on__isnull=True) | Q(acquired_on__isnull=True) | Q(cancelled_on__gte=F("acquired_on")),
                name="customer_cancels_after_being_won",
                violation_error_message=_("A customer cannot cancel before being won. Correct one of the two days."),
            ),
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
    currency = currencies.entered_in()
    original_amount = currencies.as_entered(_("original amount"))
    original_cost = currencies.as_entered(_("original direct cost"))
    external_key = models.CharField(_("external key"), max_length=120, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-ordered_on"]
        indexes = currencies.indexes("order", "ordered_on")
        constraints = [currencies.is_a_code("order")]
        triggers = [Convert("amount", "cost", day="NEW.ordered_on")]

    def __str__(self) -> str:
        return self.number or f"{self.customer} {self.ordered_on:%Y-%m-%d}"


class Subscription(models.Model):
    """What one customer pays again and again, from one day to another; a new price is a new row from the day the old one ends."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="subscriptions", verbose_name=_("customer"))
    plan = models.CharField(_("plan"), max_length=120, blank=True, help_text=_("What is subscribed to."))
    rep = models.ForeignKey(Rep, models.PROTECT, related_name="subscriptions", verbose_name=_("rep"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, null=True, blank=True, help_text=_("What is paid each time."))
    currency = currencies.entered_in()
    original_amount = currencies.as_entered(_("original amount"))
    interval_months = models.PositiveSmallIntegerField(
        _("paid every … months"), default=1, validators=[MinValueValidator(1)], help_text=_("1: monthly, 3: quarterly, 12: yearly.")
    )
    mrr = models.GeneratedField(
        expression=F("amount") / F("interval_months"),
        output_field=models.DecimalField(_("amount a month"), max_digits=20, decimal_places=6),
        db_persist=True,
    )
    started_on = models.DateField(_("started on"), db_index=True)
    activated_on = models.DateField(_("activated on"), null=True, blank=True, db_index=True, help_text=_("The day the customer began to use it."))
    cancelled_on = models.DateField(
        _("cancelled on"), null=True, blank=True, db_index=True, help_text=_("The day the customer said it would end; it may be before the end.")
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True, db_index=True, help_text=_("The first day that is no longer paid for."))
    external_key = models.CharField(_("external key"), max_length=120, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["-started_on"]
        indexes = currencies.indexes("subscription", "started_on")
        constraints = [
            currencies.is_a_code("subscription"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="subscription_amount_is_not_negative",
                violation_error_message=_("The amount of a subscription is 0 or more."),
            ),
            models.CheckConstraint(
                condition=Q(original_amount__isnull=True) | Q(original_amount__gte=0),
                name="subscription_original_amount_is_not_negative",
                violation_error_message=_("The amount of a subscription is 0 or more."),
            ),
            models.CheckConstraint(
                condition=Q(interval_months__gte=1),
                name="subscription_interval_is_a_month_or_more",
                violation_error_message=_("A subscription is paid every month, or every few. Write 1 or more months."),
            ),
            models.CheckConstraint(
                condition=Q(activated_on__isnull=True) | Q(activated_on__gte=F("started_on")),
                name="subscription_is_activated_after_it_starts",
                violation_error_message=_("A subscription is activated on or after the day it starts. Correct one of the two days."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="subscription_ends_after_it_starts",
                violation_error_message=_("A subscription cannot end before it starts. Correct one of the two days."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on__isnull=True) | Q(cancelled_on__gte=F("started_on")) & (Q(ended_on__isnull=True) | Q(ended_on__gte=F("cancelled_on"))),
                name="subscription_is_cancelled_while_it_runs",
                violation_error_message=_("A subscription is cancelled between its start and its end. Correct one of the days."),
            ),
        ]
        triggers = [Convert("amount", day="NEW.started_on"), *triggers.keep_movements()]

    def __str__(self) -> str:
        return f"{self.customer} {self.started_on:%Y-%m-%d}"


class Movement(models.Model):
    """One change, on one day, in what one customer pays a month on one rep's subscriptions; the database keeps these by itself.

    What kind it is, the customer's sum over all reps decides. `amount` is the rep's part of the sum's change, never negative; what
    else is in `change` passed between reps, and over all of them adds up to nothing. While part of what the customer pays has no exchange rate,
    nobody can say what kind a change is: it is `unrated`, with `change` as far as known and nothing in `amount`.
    """

    class Kind(models.TextChoices):
        NEW = "new", _("New")
        EXPANSION = "expansion", _("Expansion")
        CONTRACTION = "contraction", _("Contraction")
        CHURNED = "churned", _("Churned")
        REACTIVATED = "reactivated", _("Reactivated")
        PASSED = "passed", _("Passed on")
        UNRATED = "unrated", _("Exchange rate missing")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="movements", verbose_name=_("customer"))
    rep = models.ForeignKey(Rep, models.PROTECT, related_name="+", verbose_name=_("rep"))
    moved_on = models.DateField(_("day"), db_index=True)
    kind = models.CharField(_("kind"), max_length=11, choices=Kind.choices)
    change = models.DecimalField(_("change a month"), max_digits=20, decimal_places=6)
    amount = models.DecimalField(_("amount a month"), max_digits=20, decimal_places=6)

    class Meta:
        verbose_name = _("movement of recurring revenue")
        verbose_name_plural = _("movements of recurring revenue")
        ordering = ["-moved_on"]
        indexes = [models.Index(fields=["rep", "moved_on"], name="movement_rep_day")]
        constraints = [
            models.UniqueConstraint(fields=["customer", "moved_on", "rep"], name="one_movement_a_day_and_rep", deferrable=models.Deferrable.IMMEDIATE)
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.moved_on:%Y-%m-%d}"


class PayingAccount(models.Model):
    """One customer who pays, through the same reps' subscriptions, from one day to another; the database keeps these by itself."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="paying_times", verbose_name=_("customer"))
    reps = ArrayField(models.BigIntegerField(), verbose_name=_("reps"))
    valid_from = models.DateField(_("from"), db_index=True)
    valid_to = models.DateField(_("until"), null=True, db_index=True)

    class Meta:
        verbose_name = _("paying customer")
        verbose_name_plural = _("paying customers")
        ordering = ["-valid_from"]
        constraints = [models.UniqueConstraint(fields=["customer", "valid_from"], name="one_paying_account_a_day", deferrable=models.Deferrable.IMMEDIATE)]

    def __str__(self) -> str:
        return str(self.customer)
