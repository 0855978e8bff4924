"""Registers the app, and makes its views anew whenever the database has been migrated."""

import logging
from typing import Any

from django.apps import AppConfig
from django.db import ProgrammingError
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)


class Config(AppConfig):
    name = "apps.bi"
    label = "bi"
    verbose_name = _("For other tools")

    def ready(self) -> None:
        pre_migrate.connect(drop_views, sender=self)
        post_migrate.connect(publish_views, sender=self)


def drop_views(plan: Any = (), **_: Any) -> None:
    """A view would keep a migration from changing the tables it reads."""
    from apps.bi import publishing

    if plan:
        publishing.drop()


def publish_views(**_: Any) -> None:
    """Who may make no schema has no views; all else works without them."""
    from psycopg.errors import InsufficientPrivilege

    from apps.bi import publishing

    try:
        publishing.publish()
    except ProgrammingError as error:
        if not isinstance(error.__cause__, InsufficientPrivilege):
            raise
        logger.warning("The views for BI tools were not made: %s Let the owner of the database run GRANT CREATE ON DATABASE, and migrate again.", error)
