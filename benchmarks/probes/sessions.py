"""Signs people in without their passwords."""

from django.conf import settings
from django.test import Client

from apps.accounts.models import User


def sessions(*, managers: int) -> dict[str, str]:
    """Return a session each for somebody who sees everything, a rep, and some managers, by their names."""
    people = {"viewer": "viewer", "rep": "rep1", **{f"manager{n}": f"manager{n}" for n in range(1, managers + 1)}}
    return {name: _session(User.objects.get(email=f"{login}@benchmark.example")) for name, login in people.items()}


def _session(user: User) -> str:
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)
