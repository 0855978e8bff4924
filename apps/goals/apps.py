"""Registers the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "apps.goals"
    label = "goals"
    verbose_name = _("Goals")
