"""Makes the first admin of an empty installation."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from apps.accounts import sign_ins
from apps.accounts.models import Role, User
from apps.accounts.sign_ins import SignIn


class Command(BaseCommand):
    help = "Create an admin with a random password if there is no admin, and write the sign-in to a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sign-ins", type=Path, metavar="FILE", help="where to write it (JSON, readable by you only); without it, it is printed once")
        parser.add_argument("--email", default="admin@kpiboard.example", help="the admin’s e-mail (default: %(default)s)")
        parser.add_argument("--name", default="Admin", help="the admin’s name (default: %(default)s)")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        file: Path | None = options["sign_ins"]
        if User.objects.filter(role=Role.ADMIN, is_active=True).exists():
            self.stdout.write("There is an admin already; nothing was changed.")
            return
        first = create(email=email, name=name)
        if file is None:
            self.stdout.write(f"Admin {first.email}, password {first.password} (shown once; change it after signing in)")
            return
        keep(file, first)
        self.stdout.write(f"Admin {first.email} was made; the password is in {file}")


def create(*, email: str, name: str) -> SignIn:
    """Make the admin; somebody with that e-mail becomes admin again."""
    first = SignIn(role=Role.ADMIN, name=name, email=email.lower(), password=sign_ins.new_password())
    user = User.objects.filter(email__iexact=email).first() or User(email=first.email)
    user.name, user.role, user.is_active = first.name, Role.ADMIN, True
    user.set_password(first.password)
    user.save()
    return first


def keep(path: Path, first: SignIn) -> None:
    """Add the sign-in to the file, beside those in it that still work."""
    sign_ins.write(path, [first, *(row for row in sign_ins.read(path) if row.email != first.email and row.is_valid())])
