"""The product's addresses, and the floor."""

from django.urls import include, path

from benchmarks.site.floor import floor

urlpatterns = [path("floor/", floor), path("", include("kpiboard.urls"))]
