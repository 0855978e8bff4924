"""What is being sold, every state it has been in, and who is credited for it."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.core import currencies, references
from apps.core.money import Convert
from apps.customers.models import Customer
from apps.leads.models import Lead
from apps.opportunities import conversion, pulses, triggers
from apps.reps.models import Rep


def percentage(label: Any, **options: Any) -> models.DecimalField:
    """A number from 0 to 100 with two decimals."""
    return models.DecimalField(label, max_digits=5, decimal_places=2, validators=[MinValueValidator(0), MaxValueValidator(100)], **options)


def few(to: type[models.Model], label: Any) -> models.ForeignKey:
    """A reference that many deals leave empty; its index leaves those out."""
    return models.ForeignKey(to, models.PROTECT, null=True, blank=True, db_index=False, related_name="opportunities", verbose_name=label)


def kept_by_triggers(to: type[models.Model], label: Any, *, related_name: str) -> models.ForeignKey:
    """A reference that triggers hold (see `triggers.refer`); owners are looked up with a day, and a stage's deals are too many to be looked up one by one."""
    return models.ForeignKey(to, models.PROTECT, db_index=False, db_constraint=False, related_name=related_name, verbose_name=label)


class Product(models.Model):
    """One product that is sold."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    family = models.CharField(_("family"), max_length=120, blank=True)
    list_price = models.DecimalField(_("list price"), max_digits=18, decimal_places=2, null=True, blank=True)
    external_key = models.CharField(_("external key"), max_length=120, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Stage(models.Model):
    """One step an opportunity goes through, in the order of `position`; a deal ends in a won or lost one."""

    class Kind(models.TextChoices):
        OPEN = "open", _("Open")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=4, choices=Kind.choices, default=Kind.OPEN)
    position = models.PositiveSmallIntegerField(_("position"), unique=True)
    probability = percentage(_("probability to win (%)"), null=True, blank=True)
    external_key = models.CharField(_("external key"), max_length=120, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["open", "won", "lost"]), name="stage_has_a_known_kind", violation_error_message=_("Choose one of the kinds.")
            ),
            models.CheckConstraint(
                condition=Q(probability__isnull=True) | Q(probability__range=(0, 100)),
                name="stage_probability_is_a_percentage",
                violation_error_message=_("A probability is between 0 and 100 percent."),
            ),
        ]
        triggers = [*references.stay("stages_of_deals_stay_{}s", triggers.TO_STAGES), *triggers.stage_of_deals_stays_open_or_closed()]

    def __str__(self) -> str:
        return self.name


class Opportunity(models.Model):
    """One deal in its present state; its past states are its versions, which the database keeps by itself."""

    name = models.CharField(_("name"), max_length=200)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="opportunities", verbose_name=_("customer"))
    lead = few(Lead, _("lead"))
    campaign = few(Campaign, _("campaign"))
    product = few(Product, _("product"))
    owner = kept_by_triggers(Rep, _("owner"), related_name="opportunities")
    stage = kept_by_triggers(Stage, _("stage"), related_name="opportunities")
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, null=True, blank=True)
    cost = models.DecimalField(_("direct cost"), max_digits=18, decimal_places=2, null=True, blank=True)
    currency = currencies.entered_in()
    original_amount = currencies.as_entered(_("original amount"))
    original_cost = currencies.as_entered(_("original direct cost"))
    probability = percentage(_("probability to win (%)"), null=True, blank=True, help_text=_("Empty: the stage’s."))
    first_contact_on = models.DateField(_("first contact on"), null=True, blank=True)
    created_on = models.DateField(_("created on"), null=True, blank=True, db_index=True)
    expected_close_on = models.DateField(_("expected close"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True, db_index=True)
    lost_reason = models.CharField(_("reason for the loss"), max_length=200, blank=True)
    effective_on = models.DateField(
        _("change took effect on"),
        null=True,
        blank=True,
        help_text=_("The day from which this change counts. Empty: today, or the closing day. Emptied again once it is recorded."),
    )
    external_key = models.CharField(_("external key"), max_length=120, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        ordering = ["-created_on"]
        indexes = [
            models.Index(fields=["owner", "created_on"], name="deal_owner_created"),
            # Of a day that most rows do not have, only those that have it are kept; lists are put in order by the day alone, of open deals as well.
            models.Index(fields=["owner", "closed_on"], name="deal_owner_closed", condition=Q(closed_on__isnull=False)),
            *(models.Index(fields=[name], name=f"deal_{name}", condition=Q(**{f"{name}__isnull": False})) for name in ("campaign", "lead", "product")),
            *currencies.indexes("deal", "closed_on"),
        ]
        constraints = [
            currencies.is_a_code("deal"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(created_on__isnull=True) | Q(closed_on__gte=F("created_on")),
                name="deal_closes_after_it_opens",
                violation_error_message=_("A deal cannot close before it was created. Correct the closing day or the day it was created."),
            ),
            models.CheckConstraint(
                condition=Q(probability__isnull=True) | Q(probability__range=(0, 100)),
                name="deal_probability_is_a_percentage",
                violation_error_message=_("A probability is between 0 and 100 percent."),
            ),
        ]
        triggers = [
            Convert(*conversion.AMOUNTS, day=conversion.day_of_deal("NEW")),
            *triggers.closing_day_follows_stage(),
            *triggers.keep_versions(),
            triggers.ForgetVersions(),
            *triggers.refer(triggers.DEAL),
        ]

    def __str__(self) -> str:
        return self.name


class OpportunityVersion(models.Model):
    """One state an opportunity was in, at the end of every day of `[valid_from, valid_to)`.

    Written by the database (see `triggers`); `sequence`, `previous_*` and `stage_since` link it to the state before.
    """

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, db_constraint=False, related_name="versions", verbose_name=_("opportunity"))
    sequence = models.PositiveIntegerField(_("number"), default=0)
    valid_from = models.DateField(_("from"), db_index=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)
    owner = kept_by_triggers(Rep, _("owner"), related_name="+")
    stage = kept_by_triggers(Stage, _("stage"), related_name="+")
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, null=True, blank=True)
    currency = currencies.entered_in()
    original_amount = currencies.as_entered(_("original amount"))
    probability = percentage(_("probability to win (%)"), null=True, blank=True)
    expected_close_on = models.DateField(_("expected close"), null=True, blank=True)
    stage_since = models.DateField(_("in this stage since"), null=True, blank=True)
    previous_stage = models.ForeignKey(  # the state before holds the stage
        Stage, models.PROTECT, null=True, blank=True, db_index=False, db_constraint=False, related_name="+", verbose_name=_("stage before")
    )
    previous_stage_since = models.DateField(_("in the stage before since"), null=True, blank=True)

    class Meta:
        verbose_name = _("past state")
        verbose_name_plural = _("past states")
        ordering = ["opportunity", "valid_from", "sequence"]
        indexes = [
            models.Index(fields=["owner", "valid_from"]),
            models.Index(fields=["valid_to"], name="state_until", condition=Q(valid_to__isnull=False)),
            models.Index(fields=["owner", "valid_to"], name="state_owner_until", condition=Q(valid_to__isnull=False)),
            models.Index(fields=["owner", "expected_close_on"], name="state_owner_expected"),
            *currencies.indexes("state", "valid_from"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="state_ends_after_it_starts"),
        ]
        triggers = [
            Convert("amount", day=conversion.day_of_state("NEW")),
            *triggers.one_state_at_a_time(),
            *triggers.refer(triggers.VERSION),
            *pulses.follow_states(),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity} {self.valid_from:%Y-%m-%d}"


class Pulse(models.Model):
    """One deal that is open in its last state: how often it was pushed out, since when it is as it is, and its last activity.

    Written by the database alone (see `pulses`).
    """

    opportunity = models.OneToOneField(  # its states hold the deal
        Opportunity, models.CASCADE, primary_key=True, db_constraint=False, related_name="pulse", verbose_name=_("opportunity")
    )
    owner = models.ForeignKey(Rep, models.DO_NOTHING, db_index=False, db_constraint=False, related_name="+", verbose_name=_("owner"))  # its state holds the rep
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, null=True, blank=True)
    expected_close_on = models.DateField(_("expected close"), null=True, blank=True)
    pushes = models.PositiveIntegerField(_("times pushed out"))
    changed_on = models.DateField(_("changed on"))
    touched_on = models.DateField(_("last activity on"), null=True, blank=True)
    risky_on = models.GeneratedField(expression=pulses.RISKY_ON, output_field=models.DateField(), db_persist=True, verbose_name=_("at risk from"))

    class Meta:
        verbose_name = _("pulse")
        verbose_name_plural = _("pulses")
        indexes = [models.Index(fields=["owner", "risky_on"], name="pulse_owner_risky")]

    def __str__(self) -> str:
        return f"{self.opportunity}"


class Credit(models.Model):
    """One rep's share of one deal; a deal without credits is its owner's alone."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="credits", verbose_name=_("opportunity"))
    rep = models.ForeignKey(Rep, models.PROTECT, related_name="credits", verbose_name=_("rep"))
    share = percentage(_("share (%)"))
    external_key = models.CharField(_("external key"), max_length=120, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("credit")
        verbose_name_plural = _("credits")
        ordering = ["opportunity", "-share"]
        constraints = [
            models.UniqueConstraint(
                fields=["opportunity", "rep"],
                name="one_credit_per_rep_and_deal",
                violation_error_message=_("This rep already has a share of this deal. Change that share instead."),
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=100), name="credit_is_a_share", violation_error_message=_("A share is more than 0 and at most 100 percent.")
            ),
        ]
        triggers = [triggers.CreditsAddUp()]

    def __str__(self) -> str:
        return f"{self.rep} {self.share} %"


class Quote(models.Model):
    """One offer made for a deal; a revision is the same offer with a higher revision number."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="quotes", verbose_name=_("opportunity"))
    number = models.CharField(_("number"), max_length=80)
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    rep = models.ForeignKey(Rep, models.PROTECT, related_name="quotes", verbose_name=_("rep"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, null=True, blank=True)
    currency = currencies.entered_in()
    original_amount = currencies.as_entered(_("original amount"))
    sent_on = models.DateField(_("sent on"), null=True, blank=True, db_index=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True, db_index=True)
    external_key = models.CharField(_("external key"), max_length=120, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        ordering = ["-sent_on"]
        indexes = currencies.indexes("quote", "sent_on")
        constraints = [
            currencies.is_a_code("quote"),
            models.UniqueConstraint(
                fields=["number", "revision"],
                name="one_row_per_revision_of_a_quote",
                violation_error_message=_("There is already a quote with this number and revision. Give this one the next revision."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_on__isnull=True) | (Q(sent_on__isnull=False) & Q(accepted_on__gte=F("sent_on"))),
                name="quote_is_accepted_after_it_is_sent",
                violation_error_message=_("A quote is accepted on or after the day it is sent. Fill in “sent on” too, or correct the days."),
            ),
        ]
        triggers = [Convert("amount", day="NEW.sent_on")]  # a draft has no day yet, so nothing says what it is worth

    def __str__(self) -> str:
        return self.number
