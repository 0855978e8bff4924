"""Registers the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "apps.leads"
    label = "leads"
    verbose_name = _("Leads")
