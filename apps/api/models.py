"""What the API keeps beside the tokens themselves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken


class TokenName(models.Model):
    """What one token is for, in the words of whoever made it."""

    token = models.OneToOneField(AuthToken, models.CASCADE, primary_key=True, related_name="label", verbose_name=_("token"))
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("token name")
        verbose_name_plural = _("token names")

    def __str__(self) -> str:
        return self.name
