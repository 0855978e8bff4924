"""Every address of the product."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from apps.core import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("admin/", admin.site.urls),
]
for prefix, module in (("", "apps.accounts.urls"), ("api/v1/", "apps.api.urls"), ("", "apps.dashboards.urls")):
    if find_spec(module):
        urlpatterns.append(path(prefix, include(module)))
