"""What the API keeps: what each token is for and may do, the programs that tokens are made for, and answers that may be asked for again."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken

from apps.accounts.models import User


class Integration(models.Model):
    """One program that keeps the board up to date. It acts as a person, or as a sign-in of its own that has a role and no password."""

    name = models.CharField(
        _("name"), max_length=80, unique=True, error_messages={"unique": _("There is an integration with this name already. Choose another name.")}
    )
    acts_as = models.ForeignKey(User, models.CASCADE, related_name="integrations", verbose_name=_("acts as"))
    has_own_sign_in = models.BooleanField(_("has a sign-in of its own"), default=False, editable=False)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)

    class Meta:
        verbose_name = _("integration")
        verbose_name_plural = _("integrations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TokenTerms(models.Model):
    """What one token is for, what it may do, and when it was last used; a token without terms may do what its owner may."""

    token = models.OneToOneField(AuthToken, models.CASCADE, primary_key=True, related_name="terms", verbose_name=_("token"))
    name = models.CharField(_("name"), max_length=80, blank=True, default="")
    grants = ArrayField(models.CharField(max_length=60), verbose_name=_("may"), blank=True, default=list)
    integration = models.ForeignKey(Integration, models.CASCADE, null=True, blank=True, related_name="terms", verbose_name=_("integration"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")

    def __str__(self) -> str:
        return self.name


class Answered(models.Model):
    """One request that may be sent again without being done again: whose it was, what it asked, and what it was answered."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("user"))
    key = models.CharField(_("idempotency key"), max_length=255)
    asked = models.CharField(_("hash of what was asked"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), default=0)
    answer = models.BinaryField(_("answer, compressed"), default=b"")
    asked_at = models.DateTimeField(_("asked at"), db_index=True)

    class Meta:
        verbose_name = _("answered request")
        verbose_name_plural = _("answered requests")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return self.key
