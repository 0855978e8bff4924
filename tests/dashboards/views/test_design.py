"""The page that documents how things look has every component and every state."""

import re
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from apps.boards.kinds import KINDS
from apps.dashboards.own import samples
from apps.dashboards.widgets.status import WORDS
from tests.people import People

READ_ELSEWHERE = {"waterfall", "cohorts", "movement", "changes", "closing", "agenda"}  # drawn from records: seen on the boards of the demo company


def test_it_shows_every_kind_that_can_be_drawn_from_numbers_made_by_hand(furnished: People) -> None:
    page = furnished.client("alice").get(reverse("dashboards:design")).content.decode()
    kinds = {section.kind for family in samples.families() for section in family.sections}
    assert kinds | READ_ELSEWHERE == set(KINDS)
    assert all(str(word) in page for word in WORDS.values())
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_it_shows_every_value_of_the_scale(furnished: People) -> None:
    page = furnished.client("alice").get(reverse("dashboards:design")).content.decode()
    sheet = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text()
    for token in re.findall(r"^  --([\w-]+):", sheet, re.M):
        if token.startswith(("text-", "space-")):
            assert f"{'type' if token.startswith('text') else 'space'}-{token.split('-')[1]}" in page
        elif "light-dark" in sheet.split(f"--{token}:")[1].split("\n")[0] and not token.startswith(("shadow", "cut")):
            assert f"of-{token}" in page, token
