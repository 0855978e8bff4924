"""The API's addresses."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from apps.api.router import router
from apps.api.schema import Page
from apps.api.tokens import Tokens

app_name = "api"
urlpatterns = [
    path("", include(router.urls)),
    path("tokens/", Tokens.as_view({"get": "list", "post": "create", "delete": "revoke_current"}), name="tokens"),
    path("tokens/<str:key>/", Tokens.as_view({"delete": "destroy"}), name="token"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", Page.as_view(), name="docs"),
]
