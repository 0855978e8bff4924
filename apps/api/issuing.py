"""Makes tokens and integrations, and ends them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from knox.models import AuthToken

from apps.accounts.models import Role, User
from apps.api.models import Integration, TokenTerms
from apps.core import clock

ROLES = (Role.ADMIN, Role.VIEWER)  # the others see whom a person leads or is
USED_AGAIN_AFTER = timedelta(minutes=1)  # when it was last used is kept to the minute
NOBODYS = "integrations.invalid"  # no mail ever goes there


def make_token(user: User, *, name: str = "", grants: Sequence[str] = (), expiry: datetime | None = None, integration: Integration | None = None) -> str:
    """Make a token that acts as a user, and return it; it is kept as a hash, so this is the only time."""
    with transaction.atomic():
        row, token = AuthToken.objects.create(user=user)
        if expiry is not None:
            AuthToken.objects.filter(pk=row.pk).update(expiry=expiry)
        TokenTerms.objects.create(token=row, name=name, grants=list(dict.fromkeys(grants)), integration=integration)
    return str(token)


def make_integration(name: str, *, acts_as: User | None, role: str = "", by: User) -> Integration:
    """Make an integration that acts as a person or, without one, as a sign-in of its own with a role."""
    with transaction.atomic():
        user = acts_as or User.objects.create_user(f"integration-{uuid4().hex}@{NOBODYS}", name=name, role=role)
        return Integration.objects.create(name=name, acts_as=user, has_own_sign_in=acts_as is None, made_by=by)


def end_integration(integration: Integration) -> None:
    """Revoke its tokens; its own sign-in is closed and keeps the name on what it did."""
    with transaction.atomic():
        AuthToken.objects.filter(terms__integration=integration).delete()
        if integration.has_own_sign_in:
            User.objects.filter(pk=integration.acts_as_id).update(is_active=False)
        integration.delete()


def use(token: AuthToken) -> TokenTerms:
    """Return a token's terms and note that it was used."""
    now = clock.now()
    terms, _is_new = TokenTerms.objects.get_or_create(token=token)
    if terms.last_used_at is None or now - terms.last_used_at >= USED_AGAIN_AFTER:
        TokenTerms.objects.filter(pk=terms.pk).update(last_used_at=now)
    return terms
