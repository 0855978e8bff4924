"""The project package: settings, addresses, the schedule and the web server's entry."""

from kpiboard.celery import app as celery_app

__all__ = ["celery_app"]
