"""Where a running KPIBoard keeps its data, and as whom its parts run there."""

import hashlib
import importlib.util
import os
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import accounts
from .accounts import Account
from .environment import ROOT
from .progress import Refusal, say

MARK = ".kpiboard"
AS_OWNER = "Start KPIBoard as that account, or set KPIBOARD_VAR to another folder."
OF_PROGRAMS = ("beat", "imports", "mail", "people", "static")
CODE = ("apps", "kpiboard", "templates", "static", "locale")


@dataclass(frozen=True)
class Place:
    """One installation: its data folder, and the accounts of its servers and of its own programs (None: as we are)."""

    data: Path
    stores_account: Account | None
    programs_account: Account | None

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def sign_ins(self) -> Path:
        return self.data / "people" / "sign-ins.json"

    def prepare(self) -> None:
        """Make the folders every part expects. Logs stay ours: root writes them, and must not be led elsewhere by a link."""
        accounts.own(self.logs, None)
        for name in OF_PROGRAMS:
            accounts.own(self.data / name, self.programs_account)
        self.hand_over()

    def hand_over(self) -> None:
        """Give to the programs what root has written for them, as by an import of a command."""
        for name in OF_PROGRAMS:
            accounts.give(self.data / name, self.programs_account)


def default_data() -> Path:
    return Path(os.environ.get("KPIBOARD_VAR") or ROOT / "var").absolute()


def lasting(tell: Callable[[str], None] = say) -> Place:
    """The place of this checkout: $KPIBOARD_VAR, or var/ beside the code."""
    wanted = default_data()
    account = accounts.for_services()
    _claim(wanted)
    if account is None:
        return Place(wanted, None, None)
    if accounts.unusable(account, [], [wanted.parent]):
        wanted = _open_folder_for(wanted)
        tell(f"{account.name} cannot reach {default_data()}, so the data is kept in {wanted}")
    return _of_root(wanted, account, _account_for_programs(account, tell))


def temporary(folder: Path) -> Place:
    """A place for one run of the tests, which themselves run as who started them."""
    account = accounts.for_services()
    return _of_root(folder, account, None) if account else Place(folder, None, None)


def _of_root(data: Path, stores: Account, programs: Account | None) -> Place:
    """Root's folder, through which the services' account passes to its own."""
    data.chmod(0o711)
    return Place(data, stores, programs)


def _claim(data: Path) -> None:
    """Take a folder as ours: empty, marked before, or the checkout's own var/."""
    is_new = not data.exists()
    try:
        data.mkdir(parents=True, exist_ok=True)
        if is_new:
            data.chmod(0o700)
        _refuse_another_s(data)
        if not (data / MARK).exists() and data != ROOT / "var" and any(data.iterdir()):
            raise Refusal(f"{data} holds something that is not KPIBoard's. Set KPIBOARD_VAR to a folder of its own.")
        (data / MARK).touch()
    except PermissionError as error:
        raise Refusal(f"You may not use the data folder {data} ({error.strerror}). {AS_OWNER}") from error


def _refuse_another_s(data: Path) -> None:
    """Do not mix two accounts' files in one folder, nor root's into one where somebody else could lay links for it."""
    owner = data.stat().st_uid
    if owner != os.geteuid():
        raise Refusal(f"The data folder {data} belongs to {accounts.name_of(owner)}. {AS_OWNER}")


def _open_folder_for(data: Path) -> Path:
    """A folder that an unprivileged account reaches, for data wanted below a closed home; root's own, named by its path."""
    folder = Path("/var/tmp") / f"kpiboard-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"
    folder.mkdir(mode=0o711, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != 0:
        raise Refusal(f"{folder} exists and is not root's. Remove it, or set KPIBOARD_VAR to a folder that is not below a closed home.")
    return folder


def _account_for_programs(account: Account, tell: Callable[[str], None]) -> Account | None:
    """The services' account too, unless it cannot read the code or run this Python: then root, and say so."""
    closed = accounts.unusable(account, [*_code(), *_packages()], [ROOT, Path(sys.executable)])
    if not closed:
        return account
    tell(f"Web, worker and beat run as root, because {account.name} cannot use {closed[0]}")
    return None


def _code() -> list[Path]:
    below = [file for name in CODE for file in sorted((ROOT / name).rglob("*.*")) if "__pycache__" not in file.parts]
    return [ROOT / "manage.py", *below]


def _packages() -> list[Path]:
    """One file of the installed packages stands for all: they were installed together."""
    django = importlib.util.find_spec("django")
    return [Path(django.origin)] if django and django.origin else []


def secret(path: Path) -> str:
    """Read a secret of this installation, making it the first time; only its owner may read it."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8").strip()
