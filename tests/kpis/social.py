"""Writes to e-mails, social readings, posts and assessments, for random histories: by the ORM, in bulk and by SQL."""

from datetime import date, timedelta
from typing import Any

from django.db import connection

from apps.activities.models import Activity, Assessment, Network, SocialPost, SocialReading
from apps.campaigns.models import Campaign
from apps.reps.models import Rep
from tests import make

KINDS = (
    *("e-mail", "e-mail opened", "readings", "readings", "reading changes", "reading moves", "readings deleted by SQL"),
    *("post", "post changes", "assessment", "assessments deleted", "rep leaves"),
)


def write(kind: str, rep: Rep, n: int, day: date, other: date) -> None:
    """Play one write: `n` picks rows, networks and counts, `day` and `other` are days."""
    {
        "e-mail": email,
        "e-mail opened": open_emails,
        "readings": read,
        "reading changes": change_reading,
        "reading moves": move_reading,
        "readings deleted by SQL": delete_readings,
        "post": post,
        "post changes": change_posts,
        "assessment": assess,
        "assessments deleted": delete_assessments,
        "rep leaves": leave,
    }[kind](rep, n, day, other)


def some(rows: Any, n: int) -> Any:
    found = list(rows.order_by("pk"))
    return found[n % len(found)] if found else None


def email(rep: Rep, n: int, day: date, other: date) -> None:
    campaign = some(Campaign.objects.all(), n) if n % 3 else None
    make.activity(rep=rep, kind="email", done=day, campaign=campaign, is_personalized=n % 2 == 0, is_delivered=n % 5 > 0, is_opened=n % 5 > 2)


def open_emails(rep: Rep, n: int, day: date, other: date) -> None:
    Activity.objects.filter(kind="email", completed_on__lte=day).update(is_delivered=True, is_opened=n % 2 == 0, campaign=some(Campaign.objects.all(), n))


def read(rep: Rep, n: int, day: date, other: date) -> None:
    """Write up to three readings of two networks at once; a day that is there already stays."""
    days = {day, other, day + timedelta(days=n % 9)}
    SocialReading.objects.bulk_create(
        [
            SocialReading(
                rep=rep,
                network=network,
                read_on=on,
                followers=10 * n + on.day,
                profile_strength=None if n % 4 == 0 else min(100, n + on.day),
                profile_views=n,
                connection_requests=n % 7,
                connections_accepted=n % 3,
                inbound_inquiries=n % 2,
            )
            for on in sorted(days)[: 1 + n % 3]
            for network in (Network.LINKEDIN, Network.X)[: 1 + n % 2]
        ],
        ignore_conflicts=True,
    )


def change_reading(rep: Rep, n: int, day: date, other: date) -> None:
    if reading := some(SocialReading.objects.all(), n):
        SocialReading.objects.filter(pk=reading.pk).update(followers=n, profile_strength=None if n % 2 else n, profile_views=2 * n)


def move_reading(rep: Rep, n: int, day: date, other: date) -> None:
    """Back-date a reading, or give it to another rep or network, unless one is there."""
    reading = some(SocialReading.objects.all(), n)
    if reading:
        changed = {"rep": rep, "read_on": day, "network": Network.X if n % 2 else reading.network}
        if not SocialReading.objects.filter(**changed).exists():
            SocialReading.objects.filter(pk=reading.pk).update(**changed)


def delete_readings(rep: Rep, n: int, day: date, other: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM activities_socialreading WHERE rep_id = %s AND read_on BETWEEN %s AND %s", [rep.pk, min(day, other), max(day, other)])


def post(rep: Rep, n: int, day: date, other: date) -> None:
    make.post(rep=rep, posted=day, shares=n % 4, comments=n % 6, likes=n)


def change_posts(rep: Rep, n: int, day: date, other: date) -> None:
    SocialPost.objects.filter(posted_on__lte=day).update(likes=n + 3, posted_on=other)


def assess(rep: Rep, n: int, day: date, other: date) -> None:
    make.assessment(rep=rep, taken=day, score=n, maximum=30 + n % 3)


def delete_assessments(rep: Rep, n: int, day: date, other: date) -> None:
    Assessment.objects.filter(taken_on__gt=day).delete()


def leave(rep: Rep, n: int, day: date, other: date) -> None:
    """Let a rep leave, or stay after all."""
    Rep.objects.filter(pk=rep.pk).update(left_on=None if n % 4 == 0 else max(day, rep.hired_on))
