"""Who looks without a sign-in: a display comes once by its code, a link holds until it ends, both with somebody's rights."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from apps.boards import guests
from apps.boards.guests import CODE_LASTS, LETTERS, Ticket
from apps.boards.models import Link, Screen
from apps.core import clock
from tests import make
from tests.people import People


@pytest.fixture
def now(db: None) -> datetime:
    return clock.now()


def paired(people: People, now: datetime, name: str = "bob") -> tuple[Ticket, Screen]:
    ticket = guests.ticket(now)
    return ticket, guests.pair(ticket.code, people.users[name], now, name="Floor")


def test_a_display_comes_by_its_code_and_stays(people: People, now: datetime) -> None:
    ticket = guests.ticket(now)
    assert guests.screen_of(ticket, now) is None and not Screen.objects.exists()
    guests.pair(f" {ticket.code[:3].lower()} {ticket.code[3:].lower()} ", people.bob, now, name="Floor")
    first = guests.screen_of(ticket, now)
    assert first is not None and first.paired_by == people.bob
    again = guests.read_ticket(ticket.signed())
    assert again == ticket
    for later in (now, now + timedelta(days=7), now + timedelta(days=300)):
        found = guests.screen_of(ticket, later)
        assert found is not None and found.pk == first.pk
    assert Screen.objects.get().code is None and ticket.secret not in str(Screen.objects.values().get())


def test_another_with_the_same_code_comes_too_late(people: People, now: datetime) -> None:
    ticket, _screen = paired(people, now)
    thief = Ticket(ticket.code, "another secret", ticket.since)
    assert guests.screen_of(ticket, now) is not None
    assert guests.screen_of(thief, now) is None


def test_a_code_holds_for_a_quarter_of_an_hour(people: People, now: datetime) -> None:
    ticket, _screen = paired(people, now)
    assert guests.screen_of(ticket, now + CODE_LASTS) is None
    late = guests.ticket(now)
    guests.pair(late.code, people.bob, now + CODE_LASTS, name="Late")
    assert guests.screen_of(late, now + CODE_LASTS) is None


def test_a_cookie_that_somebody_made_is_none(people: People, now: datetime) -> None:
    for text in ("", "x", "a.b.c", guests.ticket(now).signed()[:-2] + "xx"):
        assert guests.read_ticket(text) is None


@pytest.mark.parametrize("code", ["", "ABC", "ABCDEFG", "ABC01O", "ab!def"])
def test_a_code_that_no_display_shows_is_refused(people: People, now: datetime, code: str) -> None:
    with pytest.raises(ValidationError, match="six letters and digits"):
        guests.pair(code, people.bob, now, name="Floor")
    assert not set("01OIL") & set(LETTERS)


def test_a_code_is_typed_once(people: People, now: datetime) -> None:
    ticket, _screen = paired(people, now)
    with pytest.raises(ValidationError, match="just typed"):
        guests.pair(ticket.code, people.carol, now, name="Floor")


def test_a_display_goes_dark_with_who_paired_it(people: People, now: datetime) -> None:
    ticket, _screen = paired(people, now)
    assert guests.screen_of(ticket, now) is not None
    people.bob.is_active = False
    people.bob.save()
    assert guests.screen_of(ticket, now) is None


def test_everybody_has_their_displays_and_an_admin_all(people: People, now: datetime) -> None:
    _ticket, screen = paired(people, now)
    found = {name: list(guests.screens(user)) for name, user in people.users.items()}
    assert found == {"alice": [], "bob": [screen], "carol": [screen], "dave": [], "erin": []}


# --- Links -------------------------------------------------------------------------------------------
def linked(people: People, now: datetime, name: str = "carol", days: float = 30) -> tuple[Link, str]:
    return guests.make_link(make.board(people.users[name], "figure"), people.users[name], "Intranet", now + timedelta(days=days), now)


def test_a_link_holds_until_it_ends_and_is_kept_as_a_hash(people: People, now: datetime) -> None:
    link, secret = linked(people, now)
    assert guests.link_of(secret, now) == link and secret not in str(Link.objects.values().get())
    assert guests.link_of(secret, now + timedelta(days=30)) is None
    assert guests.link_of(secret + "x", now) is None and guests.link_of("", now) is None


@pytest.mark.parametrize("days", [0, -1, 400])
def test_a_link_ends_within_a_year(people: People, now: datetime, days: float) -> None:
    with pytest.raises(ValidationError, match="within a year"):
        linked(people, now, days=days)


def test_links_are_made_by_whom_the_organisation_allows_and_end_with_that(people: People, now: datetime) -> None:
    _link, secret = linked(people, now)
    for allowed, who in (("nobody", set()), ("admins", {"carol"}), ("managers", {"bob", "carol"})):
        make.organisation(links_by=allowed)
        assert {name for name, user in people.users.items() if guests.may_make_links(user)} == who
        assert (guests.link_of(secret, now) is not None) == ("carol" in who)
    people.carol.is_active = False
    people.carol.save()
    assert guests.link_of(secret, now) is None
