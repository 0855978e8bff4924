"""Registers the app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "apps.opportunities"
    label = "opportunities"
