"""Registers the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "apps.webhooks"
    label = "webhooks"
    verbose_name = _("Webhooks")

    def ready(self) -> None:
        from apps.core import attention
        from apps.webhooks.attention import hooks

        attention.TELL.append(hooks)
