"""Make a database role that reads the views for BI tools, and nothing else."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from apps.bi import publishing


class Command(BaseCommand):
    help = "Let a database role read the views in the schema “bi” and nothing else; it is made where it is not there. See docs/reference/bi.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="the role's name, such as kpiboard_bi")
        parser.add_argument("--password", action="store_true", help="set the role's password, read from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        password = sys.stdin.readline().rstrip("\n") if options["password"] else ""
        if options["password"] and not password:
            raise CommandError(_("There is no password on standard input. Write one line."))
        try:
            publishing.grant(options["role"], password=password)
        except publishing.Refused as error:
            raise CommandError(str(error)) from error
        except publishing.NotAllowed as error:
            raise CommandError(_("KPIBoard’s database user may not make roles. Let somebody who may run:\n%(sql)s") % {"sql": error}) from error
        self.stdout.write(_("%(role)s reads the views in the schema bi.") % {"role": options["role"]})
