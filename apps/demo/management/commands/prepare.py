"""Bring an installation up to date, in one go: tables, first people, numbers."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate, fill an empty database with the demo company (or, with --empty, make its first admin), and count what is pending."
    requires_system_checks = []  # migrate makes them, on tables that may not be there yet

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--empty", action="store_true", help="no demo company: only a first admin")
        parser.add_argument("--sign-ins", type=Path, required=True, metavar="FILE", help="write how the first people sign in to this file")

    def handle(self, *args: Any, empty: bool, sign_ins: Path, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        first, words = ("first_admin", []) if empty else ("demo", ["--if-empty"])
        call_command(first, *words, "--sign-ins", str(sign_ins), stdout=self.stdout, stderr=self.stderr)
        call_command("drain", stdout=self.stdout, stderr=self.stderr)
