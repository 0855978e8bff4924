"""Who wants to be told of what, what came to pass, and how telling it went."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.webhooks import signatures


class Kind(models.TextChoices):
    """What may come to pass."""

    GOAL_REACHED = "goal.reached", _("A goal is reached")
    PERIOD_CLOSED = "period.closed", _("A period is closed")
    FIGURE_RESTATED = "figure.restated", _("A reported figure is restated")
    TEST = "test", _("A test, sent by hand")


def choices() -> list[tuple[str, str]]:
    """Return what one may ask to be told of."""
    return [(kind.value, str(kind.label)) for kind in Kind if kind != Kind.TEST]


class Hook(models.Model):
    """One address that is told of some kinds of events as long as it is active."""

    name = models.CharField(_("name"), max_length=80, unique=True, help_text=_("What stands behind the address, to know it by."))
    url = models.CharField(
        _("address"),
        max_length=500,
        validators=[URLValidator(schemes=["https", "http"])],
        help_text=_("Where events are posted to. Use https unless it is inside your own network."),
    )
    secret = models.CharField(
        _("secret"), max_length=80, default=signatures.new_secret, editable=False, help_text=_("Whoever receives checks by it that an event came from here.")
    )
    kinds = ArrayField(models.CharField(max_length=20, choices=Kind.choices), verbose_name=_("is told of"))
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Who is not active is told nothing, also later."))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.kinds is not None and not set(self.kinds) <= {key for key, _name in choices()}:
            raise ValidationError({"kinds": _("Choose from the list.")})


class Event(models.Model):
    """One thing that came to pass; `key` names it for good, so that it is told once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    key = models.CharField(_("key"), max_length=200, unique=True)
    happened_at = models.DateTimeField(_("happened at"))
    data = models.JSONField(_("data"))

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-happened_at", "pk"]
        indexes = [models.Index(fields=["happened_at"], name="events_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Watch(models.Model):
    """One row for each kind that somebody is told of: how everything stood when it was last looked for, and on which day."""

    kind = models.CharField(max_length=20, primary_key=True)
    state = models.CharField(max_length=100)
    looked_on = models.DateField()


class Delivery(models.Model):
    """One event on its way to one hook. `next_at` is when it is sent (again); while it is being sent, when it is given to another worker."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Given up")

    event = models.ForeignKey(Event, models.CASCADE, related_name="deliveries", verbose_name=_("event"))
    hook = models.ForeignKey(Hook, models.CASCADE, related_name="deliveries", verbose_name=_("webhook"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.WAITING)
    next_at = models.DateTimeField(_("next try at"), null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    is_replay = models.BooleanField(_("sent again by hand"), default=False)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["next_at"], condition=Q(state="waiting"), name="deliveries_due")]

    def __str__(self) -> str:
        return f"{self.event} → {self.hook}"


class Attempt(models.Model):
    """One try: what was answered (its beginning), or what went wrong, and how long it took."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts", verbose_name=_("delivery"))
    at = models.DateTimeField(_("at"))
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    answer = models.TextField(_("answer"), blank=True)
    problem = models.TextField(_("problem"), blank=True)
    seconds = models.FloatField(_("seconds"))

    class Meta:
        verbose_name = _("try")
        verbose_name_plural = _("tries")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.status or self.problem}"
