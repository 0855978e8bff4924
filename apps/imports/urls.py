"""Addresses of the pages on which files are brought in."""

from django.urls import path

from apps.imports.views import imports, uploads

app_name = "imports"

urlpatterns = [
    path("", uploads.bring, name="imports"),
    path("uploads/<int:pk>/", uploads.upload, name="upload"),
    path("uploads/<int:pk>/without/", uploads.without, name="without"),
    path("uploads/<int:pk>/look/", uploads.look, name="look"),
    path("uploads/<int:pk>/ahead/", uploads.ahead, name="ahead"),
    path("uploads/<int:pk>/begin/", uploads.begin, name="begin"),
    path("uploads/<int:pk>/delete/", uploads.drop, name="drop"),
    path("<int:pk>/", imports.show, name="import"),
    path("<int:pk>/act/", imports.act, name="act"),
    path("<int:pk>/errors/<int:file>/", imports.errors, name="errors"),
]
