"""Signs programs in by token."""

from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as Knox
from rest_framework.exceptions import AuthenticationFailed

from apps.api import issuing


class TokenAuthentication(Knox):
    """Knox's own, which also answers 401 to what cannot be a token at all."""

    def authenticate_credentials(self, token: bytes):  # type: ignore[no-untyped-def]
        refused = _("This token is not valid, has expired or was revoked, or its owner may no longer sign in. Make a new one with POST /api/v1/tokens/.")
        if not token.isalnum():  # bytes: letters and digits of ASCII only, as every token is made
            raise AuthenticationFailed(refused)
        try:
            user, signed = super().authenticate_credentials(token)
        except AuthenticationFailed as error:
            raise AuthenticationFailed(refused) from error
        signed.terms = issuing.use(signed)
        return user, signed
