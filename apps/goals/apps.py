"""Registers the app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "apps.goals"
    label = "goals"
