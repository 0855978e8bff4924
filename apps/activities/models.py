"""What reps do (calls, e-mails, meetings, demos, onboardings), how they are seen in social networks, and what they know."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.activities import triggers
from apps.campaigns.models import Campaign
from apps.customers.models import Customer
from apps.leads.models import Lead
from apps.opportunities import pulses
from apps.opportunities.models import Opportunity
from apps.reps.models import Rep
from apps.reps.triggers import DayOfInstant


class Activity(models.Model):
    """One thing a rep did, or means to do: planned until `completed_on` says when it was done."""

    class Kind(models.TextChoices):
        CALL = "call", _("Call")
        EMAIL = "email", _("E-mail")
        MEETING = "meeting", _("Meeting")
        DEMO = "demo", _("Demo")
        ONBOARDING = "onboarding", _("Onboarding")

    class Direction(models.TextChoices):
        OUT = "out", _("From us")
        IN = "in", _("To us")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    rep = models.ForeignKey(Rep, models.PROTECT, related_name="activities", verbose_name=_("rep"))
    due_on = models.DateField(_("due on"), null=True, blank=True, db_index=True)
    completed_on = models.DateField(_("done on"), null=True, blank=True, db_index=True)
    completed_at = models.DateTimeField(_("done at"), null=True, blank=True, help_text=_("The instant, where it is known; the day follows from it."))
    direction = models.CharField(_("direction"), max_length=3, choices=Direction.choices, default=Direction.OUT, db_default=Direction.OUT)
    is_automatic = models.BooleanField(_("by a machine"), default=False, db_default=False, help_text=_("Sent without a person, such as by a sequence."))
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("customer"))
    lead = models.ForeignKey(Lead, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("lead"))
    opportunity = models.ForeignKey(Opportunity, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("opportunity"))
    # A plain index would hold millions of activities without a campaign; see `indexes`.
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("campaign"), db_index=False)
    is_personalized = models.BooleanField(_("personalised"), default=False)
    is_delivered = models.BooleanField(
        _("delivered"), default=False, db_default=False, help_text=_("Of an e-mail: the recipient’s server took it. It counts on the day it was sent.")
    )
    is_opened = models.BooleanField(_("opened"), default=False, db_default=False, help_text=_("Of an e-mail: it was opened at least once, whenever."))
    external_key = models.CharField(_("external key"), max_length=120, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["-completed_on", "-due_on"]
        indexes = [
            models.Index(fields=["rep", "completed_on"]),
            # Whether a campaign that is to be deleted still has activities.
            models.Index(fields=["campaign"], condition=Q(campaign__isnull=False), name="activities_of_campaigns"),
        ]
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
            models.CheckConstraint(
                condition=Q(kind="email") | Q(is_delivered=False),
                name="only_an_email_is_delivered",
                violation_error_message=_("Only an e-mail is delivered and opened. Choose that kind, or take away “delivered” and “opened”."),
            ),
            models.CheckConstraint(
                condition=Q(is_delivered=True) | Q(is_opened=False),
                name="an_opened_email_was_delivered",
                violation_error_message=_("What was opened has been delivered. Mark it as delivered, too."),
            ),
            models.CheckConstraint(
                condition=Q(direction__in=["out", "in"]), name="activity_has_a_direction", violation_error_message=_("Choose one of the directions.")
            ),
        ]
        triggers = [*pulses.touch_deals(), DayOfInstant(at="completed_at", on="completed_on"), *triggers.keep_first_touches()]

    def __str__(self) -> str:
        return self.subject or self.get_kind_display()


class Network(models.TextChoices):
    """Where reps have a profile."""

    LINKEDIN = "linkedin", "LinkedIn"
    XING = "xing", "XING"
    X = "x", "X"
    FACEBOOK = "facebook", "Facebook"
    INSTAGRAM = "instagram", "Instagram"
    YOUTUBE = "youtube", "YouTube"
    OTHER = "other", _("Another network")


def known_network(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(network__in=Network.values), name=name, violation_error_message=_("Choose one of the networks."))


class SocialReading(models.Model):
    """One look at one rep's profile in one network on one day: how it stands, and what came since the look before."""

    rep = models.ForeignKey(Rep, models.PROTECT, related_name="social_readings", verbose_name=_("rep"), db_index=False)  # the unique one begins with it
    network = models.CharField(_("network"), max_length=9, choices=Network.choices)
    read_on = models.DateField(_("read on"), db_index=True)
    followers = models.PositiveIntegerField(_("followers"))
    profile_strength = models.PositiveSmallIntegerField(
        _("profile strength"), null=True, blank=True, validators=[MaxValueValidator(100)], help_text=_("0 to 100. Empty: the network does not tell.")
    )
    profile_views = models.PositiveIntegerField(_("profile views"), default=0, help_text=_("Since the reading before, as all counts below."))
    connection_requests = models.PositiveIntegerField(_("connection requests sent"), default=0)
    connections_accepted = models.PositiveIntegerField(_("connection requests accepted"), default=0)
    inbound_inquiries = models.PositiveIntegerField(_("inquiries and referrals received"), default=0)
    external_key = models.CharField(_("external key"), max_length=120, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("social reading")
        verbose_name_plural = _("social readings")
        ordering = ["-read_on", "rep", "network"]
        constraints = [
            models.UniqueConstraint(
                fields=["rep", "network", "read_on"],
                name="profile_is_read_once_a_day",
                violation_error_message=_("This profile has a reading of this day already. Change that one, or choose another day."),
            ),
            models.CheckConstraint(
                condition=Q(profile_strength__isnull=True) | Q(profile_strength__lte=100),
                name="profile_strength_is_at_most_100",
                violation_error_message=_("The strength of a profile goes from 0 to 100."),
            ),
            known_network("reading_has_a_known_network"),
        ]

    def __str__(self) -> str:
        return f"{self.get_network_display()} {self.read_on:%Y-%m-%d}"


class SocialPost(models.Model):
    """One thing a rep published in a network, and what others did with it so far."""

    rep = models.ForeignKey(Rep, models.PROTECT, related_name="social_posts", verbose_name=_("rep"), db_index=False)  # see `indexes`
    network = models.CharField(_("network"), max_length=9, choices=Network.choices)
    posted_on = models.DateField(_("posted on"), db_index=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    shares = models.PositiveIntegerField(_("shares"), default=0)
    comments = models.PositiveIntegerField(_("comments"), default=0)
    likes = models.PositiveIntegerField(_("likes"), default=0)
    external_key = models.CharField(_("external key"), max_length=120, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("social post")
        verbose_name_plural = _("social posts")
        ordering = ["-posted_on"]
        indexes = [models.Index(fields=["rep", "posted_on"], name="posts_of_a_rep")]
        constraints = [known_network("post_has_a_known_network")]

    def __str__(self) -> str:
        return self.title or f"{self.get_network_display()} {self.posted_on:%Y-%m-%d}"


class Assessment(models.Model):
    """One test of what one rep knows of a subject."""

    rep = models.ForeignKey(Rep, models.PROTECT, related_name="assessments", verbose_name=_("rep"), db_index=False)  # see `indexes`
    taken_on = models.DateField(_("taken on"), db_index=True)
    subject = models.CharField(_("subject"), max_length=160)
    score = models.DecimalField(_("score"), max_digits=9, decimal_places=2, validators=[MinValueValidator(0)])
    maximum = models.DecimalField(_("highest possible score"), max_digits=9, decimal_places=2)
    external_key = models.CharField(_("external key"), max_length=120, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["-taken_on"]
        indexes = [models.Index(fields=["rep", "taken_on"], name="assessments_of_a_rep")]
        constraints = [
            models.CheckConstraint(
                condition=Q(maximum__gt=0),
                name="assessment_can_be_scored",
                violation_error_message=_("The highest possible score is more than 0."),
            ),
            models.CheckConstraint(
                condition=Q(score__gte=0) & Q(score__lte=F("maximum")),
                name="assessment_score_is_within_its_maximum",
                violation_error_message=_("The score lies between 0 and the highest possible one. Correct one of the two."),
            ),
        ]

    def __str__(self) -> str:
        return self.subject
