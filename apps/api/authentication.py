"""Signs programs in by token."""

from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as Knox
from rest_framework.exceptions import AuthenticationFailed


class TokenAuthentication(Knox):
    """Knox's own, which also answers 401 to what cannot be a token at all."""

    def authenticate_credentials(self, token: bytes):  # type: ignore[no-untyped-def]
        if not token.isalnum():  # bytes: letters and digits of ASCII only, as every token is made
            raise AuthenticationFailed(_("This token is not valid. Make a new one with POST /api/v1/tokens/."))
        return super().authenticate_credentials(token)
