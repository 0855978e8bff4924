"""The API's addresses."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from apps.api import problems
from apps.api.integrations import Integrations
from apps.api.router import router
from apps.api.schema import Page
from apps.api.tokens import Tokens


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """Answer an address that is none as the API answers what is not found."""
    return problems.answer(404, instance=request.path)


app_name = "api"
kept = SimpleRouter(use_regex_path=False)
kept.register("integrations", Integrations, basename="integrations")
urlpatterns = [
    path("", include(router.urls)),
    path("", include(kept.urls)),
    path("tokens/", Tokens.as_view({"get": "list", "post": "create", "delete": "revoke_current"}), name="tokens"),
    path("tokens/<str:key>/", Tokens.as_view({"delete": "destroy"}), name="token"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", Page.as_view(), name="docs"),
    re_path(r"[\s\S]+", nothing_here),  # whatever it holds, line breaks too
]
