"""What the OpenAPI description needs to know that the code does not say."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularSwaggerSplitView


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "apps.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "The word Token, a space, and a token made with POST /api/v1/tokens/.",
        }


class Page(SpectacularSwaggerSplitView):
    """The description as a page: no script or style in it, nothing fetched from elsewhere."""

    url_name = "api:schema"
    template_name = "api/docs.html"
