"""Writes to quotes and their revisions, for random histories: by the ORM, in bulk and by SQL."""

from datetime import date
from typing import Any

from django.db import connection

from apps.opportunities.models import Opportunity, Quote
from apps.reps.models import Rep
from tests import make

KINDS = ("quotes", "quotes", "quotes", "quote is revised", "quote is revised", "quote is sent", "quote is another's", "quotes deleted")


def write(kind: str, deal: Opportunity | None, rep: Rep, n: int, day: date, other: date) -> None:
    """Play one write: `n` picks rows and numbers, `day` and `other` are days."""
    if deal:
        {
            "quotes": quote,
            "quote is revised": revise,
            "quote is sent": send,
            "quote is another's": hand_on,
            "quotes deleted": delete,
        }[kind](deal, rep, n, day, other)


def some(rows: Any, n: int) -> Quote | None:
    found = list(rows.order_by("pk"))
    return found[n % len(found)] if found else None


def next_revision(number: str) -> int:
    return 1 + max(Quote.objects.filter(number=number).values_list("revision", flat=True), default=0)


def quote(deal: Opportunity, rep: Rep, n: int, day: date, other: date) -> None:
    """Write up to three quotes of a deal at once, some of them drafts; few numbers, so that they meet, also across deals."""
    rows = []
    for step in range(1 + n % 3):
        number = f"Q-{(n + step) % 4}"
        sent = None if (n + step) % 5 == 0 else min(day, other)
        accepted = max(day, other) if sent and (n + step) % 2 else None
        rows.append(Quote(opportunity=deal, rep=rep, number=number, revision=next_revision(number), sent_on=sent, accepted_on=accepted))
    Quote.objects.bulk_create(rows)


def revise(deal: Opportunity, rep: Rep, n: int, day: date, other: date) -> None:
    """Revise a quote, of whichever deal, perhaps before its earlier revision was sent."""
    if before := some(Quote.objects.all(), n):
        make.quote(before.opportunity, number=before.number, revision=next_revision(before.number), rep=rep, sent=day, accepted=day if n % 2 else None)


def send(deal: Opportunity, rep: Rep, n: int, day: date, other: date) -> None:
    """Date all quotes of a deal anew, or make drafts of them."""
    Quote.objects.filter(opportunity=deal).update(sent_on=None if n % 4 == 0 else min(day, other), accepted_on=max(day, other) if n % 4 == 1 else None)


def hand_on(deal: Opportunity, rep: Rep, n: int, day: date, other: date) -> None:
    """Give a quote to another rep, deal or number."""
    if row := some(Quote.objects.all(), n):
        fields = {"rep": rep} if n % 3 else {"opportunity": deal} if n % 2 else {"number": "Q-9", "revision": next_revision("Q-9")}
        Quote.objects.filter(pk=row.pk).update(**fields)


def delete(deal: Opportunity, rep: Rep, n: int, day: date, other: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM opportunities_quote WHERE opportunity_id = %s AND (id %% 2 = %s OR sent_on > %s)", [deal.pk, n % 2, day])
