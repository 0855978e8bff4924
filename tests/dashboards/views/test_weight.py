"""What a first look costs: one sheet and one script of ours beside Chart.js, and less than 300 kB over the wire."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.opportunities.models import Opportunity
from tests.dashboards.views.test_own import everything, url
from tests.dashboards.views.test_personas import addresses
from tests.people import People

MOST = 300_000  # bytes, compressed
QUERIES = {"objective": 62, "goals": 60, "goals-year": 60}  # the rest: 45; what a page costs does not grow with the company
OURS, OTHERS = {"/static/kpiboard.css", "/static/kpiboard.js"}, {"/static/vendor/chartjs/chart.js"}


def weight(page: str, addressed: set[str]) -> int:
    files = [Path(str(finders.find(address.removeprefix("/static/")))).read_bytes() for address in addressed]
    return sum(len(gzip.compress(content)) for content in (page.encode(), *files))


def linked(page: str) -> set[str]:
    return set(re.findall(r'<(?:script|link rel="stylesheet")[^>]*(?:src|href)="([^"]+)"', page))


def test_every_page_is_light(furnished: People) -> None:
    carol, found = furnished.client("carol"), {}
    pages = {address: name for name, address, who in addresses(furnished, Opportunity.objects.get(name="Orbit, first order").pk) if "carol" in who}
    for address, name in {**pages, **{url("own", board.pk): "own" for board in everything(furnished)}}.items():
        with CaptureQueriesContext(connection) as asked:
            answer = carol.get(address)
        assert len(asked) <= QUERIES.get(name, 45), (address, len(asked))
        if answer["Content-Type"].startswith("text/html") and not answer.streaming and "<html" in (page := answer.content.decode()):
            assert OURS <= linked(page) <= OURS | OTHERS, address
            found[address] = weight(page, linked(page))
    assert len(found) > 60 and max(found.values()) < MOST, max(found.items(), key=lambda pair: pair[1])


@pytest.mark.parametrize("name", ["accounts:sign-in", "accounts:password-reset", "dashboards:wall"])
def test_pages_before_signing_in_are_light_too(furnished: People, name: str) -> None:
    page = Client().get(reverse(name)).content.decode()
    assert linked(page) == OURS and weight(page, OURS) < 60_000
