"""The sign-ins that the demo company or the first admin were given, kept in the data folder for who forgets them."""

import json
from dataclasses import dataclass
from pathlib import Path

from .progress import Refusal


@dataclass(frozen=True)
class SignIn:
    """Somebody who may sign in, with the password they were given."""

    role: str
    name: str
    email: str
    password: str


def read(file: Path) -> list[SignIn]:
    """The sign-ins in the order they were written; none if this installation has its own people."""
    if not file.exists():
        return []
    try:
        return [SignIn(**entry) for entry in json.loads(file.read_text(encoding="utf-8"))]
    except (ValueError, TypeError) as error:
        raise Refusal(f"{file} is not a list of sign-ins any more ({error}). Mend it or move it away.") from error


def block(url: str, sign_ins: list[SignIn], *, data: Path) -> str:
    """What to show when everything runs: the address, who may sign in, where things are."""
    lines = ["", f"  KPIBoard is running: {url}", ""]
    lines += _table(sign_ins) if sign_ins else ["  Sign in with your own account."]
    lines += ["", f"  Data and logs: {data}", "  Stop: Ctrl-C", "", ""]
    return "\n".join(lines)


def _table(sign_ins: list[SignIn]) -> list[str]:
    rows = [("Role", "Name", "E-mail", "Password")]
    rows += [(entry.role, entry.name, entry.email, entry.password) for entry in sign_ins]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return ["  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
