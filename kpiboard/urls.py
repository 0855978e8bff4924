"""Every address of the product."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from apps.accounts.views import SignOut, admin_sign_in
from apps.core import views
from apps.core.metrics import Broker, Replica
from apps.kpis.metrics import Engine
from apps.kpis.selectors import freshness

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, {"notes": {"freshness": freshness}}, name="readyz"),
    path("metrics", views.metrics, {"collectors": (Engine(), Broker(), Replica())}, name="metrics"),
    # There is one place to sign in and to change a password, the admin's own are not it.
    path("admin/login/", admin_sign_in),
    path("admin/logout/", SignOut.as_view()),
    path("admin/password_change/", RedirectView.as_view(pattern_name="accounts:password")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("apps.imports.api_urls")),
    path("api/v1/", include("apps.api.urls")),
    path("", include("apps.accounts.urls")),
    path("imports/", include("apps.imports.urls")),
    path("", include("apps.dashboards.urls")),
]
if "debug_toolbar" in settings.INSTALLED_APPS:
    from debug_toolbar.toolbar import debug_toolbar_urls

    urlpatterns += debug_toolbar_urls()
