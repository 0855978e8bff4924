"""The file that names sign-ins made by a command, readable by nobody else."""

import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from apps.accounts.models import User


@dataclass(frozen=True)
class SignIn:
    """One sign-in with its password in the clear."""

    role: str
    name: str
    email: str
    password: str

    def is_valid(self) -> bool:
        """Say whether somebody can sign in with it."""
        user = User.objects.filter(email__iexact=self.email, is_active=True, role=self.role).first()
        return user is not None and user.check_password(self.password)


def new_password() -> str:
    return secrets.token_urlsafe(12)


def read(path: Path) -> list[SignIn]:
    """Return the sign-ins of a file; none when it is missing or not ours."""
    try:
        return [SignIn(**row) for row in json.loads(path.read_text(encoding="utf-8"))]
    except (FileNotFoundError, ValueError, TypeError):
        return []


def write(path: Path, rows: Iterable[SignIn]) -> None:
    """Replace the file at once; only its owner may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump([asdict(row) for row in rows], file, indent=2, ensure_ascii=False)
    part.replace(path)
