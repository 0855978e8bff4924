"""The product's settings; added are the page to compare with, the time each answer took, and the company's day."""

from pathlib import Path

from benchmarks.company.sizes import LAST
from kpiboard.settings import *  # noqa: F403
from kpiboard.settings import DATABASES, INSTALLED_APPS, MIDDLEWARE, TEMPLATES

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.site.clock.CompanyClock"]
MIDDLEWARE = ["benchmarks.site.timing.Timing", *MIDDLEWARE]
ROOT_URLCONF = "benchmarks.site.urls"
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], Path(__file__).parent / "templates"]  # type: ignore[misc]
DATABASES["default"]["OPTIONS"]["options"] += f" -c kpiboard.today={LAST}"
