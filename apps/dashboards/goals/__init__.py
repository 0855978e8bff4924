"""Targets on their pages."""

from django.utils.translation import gettext_lazy

WHEN = {"running": gettext_lazy("Running"), "coming": gettext_lazy("Coming"), "past": gettext_lazy("Past")}
