"""What one request for numbers may ask for: the day, the calendar, and the scopes its user may open."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError

from apps.accounts.models import User
from apps.core import periods
from apps.core.periods import Calendar, Window
from apps.reps import access, scopes
from apps.reps.scopes import Only, Scope

FIRST_YEAR, LAST_YEAR = 1900, 2200
THEN, TODAY = "then", "today"  # whom teams and regions have: whom they had on each day, or who is their member today


@dataclass(frozen=True)
class Desk:
    """One user on one day; everything is read once however much is asked."""

    user: User
    today: date

    @cached_property
    def calendar(self) -> Calendar:
        return periods.calendar()

    @cached_property
    def scopes(self) -> list[Scope]:
        return access.scopes_for(self.user, self.today)

    @cached_property
    def named(self) -> dict[str, list[Scope]]:
        """The user's scopes by how people write them; reps may share a name."""
        found: dict[str, list[Scope]] = defaultdict(list)
        for scope in self.scopes:
            found[scope.key].append(scope)
        return found

    def scope(self, text: str) -> Scope:
        """Read a scope; what is not there and what is not theirs is equally not found."""
        kind, colon, name = text.partition(":")
        if text != "company" and not (kind in scopes.MODELS and colon and name):
            raise ValidationError(_("“%(text)s” is no scope. Write company, region:NAME, team:NAME or rep:NAME.") % {"text": text})
        found = self.named.get(text, [])
        if len(found) > 1:
            raise ValidationError(_("Several reps are named “%(name)s”: write rep: and the external key of the one you mean.") % {"name": name})
        return found[0] if found else self._by_external_key(text)

    def _by_external_key(self, text: str) -> Scope:
        words = _("There is no “%(text)s”, or it is not yours to see. GET /api/v1/scopes/ lists yours.") % {"text": text}
        try:
            scope = scopes.parse(text)
        except scopes.UnknownScope as error:
            raise NotFound(words) from error
        if scope not in self.scopes:
            raise NotFound(words)
        return scope

    def seen(self, scope: Scope, team: str, only: Only | None = None) -> Scope:
        """Return a scope as it was, or as today's members make it; whole, or narrowed to one product or campaign."""
        return scopes.narrowed(scopes.regrouped(scope, self.today if team == TODAY else None), only)

    def window(self, text: str) -> Window:
        """Read a period of the organisation's calendar."""
        try:
            window = self.calendar.parse(text)
        except periods.UnknownPeriod as error:
            raise ValidationError(str(error)) from error
        if window.start_on.year < FIRST_YEAR or window.end_on.year > LAST_YEAR:
            raise ValidationError(
                _("“%(text)s” is too far away. Write a period from %(first)s to %(last)s.") % {"text": text, "first": FIRST_YEAR, "last": LAST_YEAR - 1}
            )
        return window
