"""Addresses of imports in the API."""

from rest_framework.routers import SimpleRouter

from apps.imports.api import Imports

router = SimpleRouter(use_regex_path=False)
router.register("imports", Imports, basename="imports")
urlpatterns = router.urls
