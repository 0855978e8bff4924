"""The demo company's sign-ins: random passwords of this installation, in a file that only its owner can read."""

import secrets
from collections.abc import Sequence
from pathlib import Path

from django.contrib.auth.hashers import check_password

from apps.accounts.models import Role, User
from apps.accounts.sign_ins import SignIn, read, write
from apps.demo import cast

__all__ = ["SignIn", "issue", "keep", "read", "reissue", "works", "write"]

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
ORDER = (Role.ADMIN, Role.MANAGER, Role.REP, Role.VIEWER)


def password() -> str:
    """Return a random password of about 79 bits that is easy to type."""
    return "-".join("".join(secrets.choice(LETTERS) for _letter in range(4)) for _group in range(4))


def issue(users: Sequence[User]) -> list[SignIn]:
    """Give each user a new password (not saved) and return their sign-ins, admins first; nobody else gets one."""
    found = []
    for user in sorted(users, key=lambda user: ORDER.index(Role(user.role))):
        fresh = SignIn(user.role, user.name, user.email, password())
        user.set_password(fresh.password)
        found.append(fresh)
    return found


def reissue() -> list[SignIn]:
    """Give the people of the demo company new passwords; an empty list when they are not here."""
    users = list(User.objects.filter(is_active=True, email__endswith=f"@{cast.DOMAIN}").order_by("pk"))
    found = issue(users)
    User.objects.bulk_update(users, ["password"])
    return found


def works(one: SignIn) -> bool:
    """Say whether somebody can sign in like that."""
    user = User.objects.filter(email__iexact=one.email, is_active=True).first()
    return user is not None and check_password(one.password, user.password)


def keep(path: Path) -> list[SignIn]:
    """Make a file name sign-ins that work, and return them.

    A password that its owner has changed is theirs: it is no longer listed. Where nothing listed works, or the file is
    lost, the people of the demo company get new passwords.
    """
    listed = read(path)
    found = [one for one in listed if works(one)] or reissue()
    if found != listed:
        write(path, found)
    return found
