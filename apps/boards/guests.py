"""Who looks at boards without a sign-in: wall displays, paired by a code, and links that end.

Both are known by a secret of which the database has only the hash, and both show what somebody may see who is named in them: when that
person is no longer active, they show nothing.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.accounts.models import Role, User
from apps.boards import access
from apps.boards.models import Board, Link, Screen
from apps.core import clock
from apps.core.models import Organisation

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is taken for another
LENGTH = 6
CODE_LASTS = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=1)
LONGEST = timedelta(days=366)
MOST_SCREENS, MOST_LINKS = 50, 100
SALT = "kpiboard.wall"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


# --- Wall displays -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Ticket:
    """What a display carries in a signed cookie: the code it showed, its secret, and since when."""

    code: str
    secret: str
    since: float

    def signed(self) -> str:
        return signing.dumps([self.code, self.secret, self.since], salt=SALT)

    def ends_in(self, now: datetime) -> float:
        """Return for how many seconds its code can still be typed."""
        return self.since + CODE_LASTS.total_seconds() - now.timestamp()


def ticket(now: datetime) -> Ticket:
    """Return a new one: nothing is kept of it until somebody types its code."""
    return Ticket("".join(secrets.choice(LETTERS) for _n in range(LENGTH)), secrets.token_urlsafe(32), now.timestamp())


def read_ticket(text: str) -> Ticket | None:
    try:
        return Ticket(*signing.loads(text, salt=SALT))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def screen_of(one: Ticket, now: datetime) -> Screen | None:
    """Return the display that a ticket belongs to; the first time after its code was typed, it becomes that."""
    screen = Screen.objects.select_related("paired_by").filter(secret=_hash(one.secret)).first()
    if screen is None and one.ends_in(now) > 0:
        taken = Screen.objects.filter(code=one.code, secret=None, paired_at__gt=now - CODE_LASTS).update(code=None, secret=_hash(one.secret))
        screen = Screen.objects.select_related("paired_by").filter(secret=_hash(one.secret)).first() if taken else None
    if screen is None or not screen.paired_by.is_active:
        return None
    if screen.seen_at is None or now - screen.seen_at > SEEN_EVERY:
        Screen.objects.filter(pk=screen.pk).update(seen_at=now)
    return screen


def pair(code: str, user: User, now: datetime, **settings: Any) -> Screen:
    """Keep a display that shows a code; it comes by itself within seconds."""
    code = "".join(code.split()).replace("-", "").upper()
    if len(code) != LENGTH or set(code) - set(LETTERS):
        raise ValidationError(_("The code has six letters and digits, as the display shows them."))
    Screen.objects.filter(secret=None, paired_at__lte=now - CODE_LASTS).delete()
    if Screen.objects.filter(code=code).exists():
        raise ValidationError(_("Somebody has just typed this code."))
    if Screen.objects.filter(paired_by=user).count() >= MOST_SCREENS:
        raise ValidationError(_("You have %(most)s displays, and that is the most. Take one away first.") % {"most": MOST_SCREENS})
    boards = settings.pop("boards", ())
    screen = Screen(code=code, paired_by=user, **settings)
    screen.full_clean(exclude=["secret"])
    screen.save()
    screen.boards.set(boards)
    return screen


def screens(user: User) -> Any:
    """Return the displays the user sees and changes: their own; an admin everybody's."""
    found = Screen.objects.select_related("paired_by")
    return found if user.is_active and user.role == Role.ADMIN else found.filter(paired_by=user)


# --- Links -------------------------------------------------------------------------------------------
def may_make_links(user: User) -> bool:
    """Say whether the user may make links that need no sign-in, as the organisation allows."""
    allowed = {Organisation.LinksBy.ADMINS: (Role.ADMIN,), Organisation.LinksBy.MANAGERS: (Role.ADMIN, Role.MANAGER)}
    return bool(user.is_active and user.role in allowed.get(Organisation.LinksBy(Organisation.get().links_by), ()))


def make_link(board: Board, user: User, name: str, ends_at: datetime, now: datetime, **settings: str) -> tuple[Link, str]:
    """Make a link; its secret is told once."""
    if not now < ends_at <= now + LONGEST:
        raise ValidationError(_("A link ends after now and within a year."))
    if Link.objects.filter(made_by=user, ends_at__gt=now).count() >= MOST_LINKS:
        raise ValidationError(_("You have %(most)s links, and that is the most. End one first.") % {"most": MOST_LINKS})
    secret = secrets.token_urlsafe(32)
    link = Link(board=board, made_by=user, name=name.strip(), ends_at=ends_at, secret=_hash(secret), **settings)
    link.full_clean()
    link.save()
    return link, secret


def link_of(secret: str, now: datetime) -> Link | None:
    """Return the link with this secret, as long as it holds, and its maker may still make such and open its board."""
    link = Link.objects.select_related("made_by", "board").filter(secret=_hash(secret), ends_at__gt=now).first()
    if link is None or not may_make_links(link.made_by) or not access.visible(link.made_by, clock.day_of(now)).filter(pk=link.board_id).exists():
        return None
    if link.seen_at is None or now - link.seen_at > SEEN_EVERY:
        Link.objects.filter(pk=link.pk).update(seen_at=now)
    return link
