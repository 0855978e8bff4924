"""Signing in and out, and passwords."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests import make
from tests.people import People

SIGN_IN = "/sign-in/"
NEW = "quite another password"


def sign_in(client: Client, email: str = "alice@kpiboard.example", password: str = make.PASSWORD, **more: str):
    return client.post(SIGN_IN, {"username": email, "password": password, **more})


def is_signed_in(client: Client) -> bool:
    return client.get("/password/").status_code == 200


@pytest.mark.parametrize("email", ["alice@kpiboard.example", "Alice@KPIboard.Example"])
def test_people_sign_in_with_their_email_in_any_case(client: Client, people: People, email: str) -> None:
    response = sign_in(client, email)
    assert (response.status_code, response.url) == (302, "/")
    assert is_signed_in(client)


def test_a_wrong_password_says_so_and_nothing_about_who_exists(client: Client, people: People) -> None:
    known, unknown = sign_in(client, password="wrong"), sign_in(client, email="nobody@kpiboard.example")
    for response in (known, unknown):
        assert response.status_code == 200
        assert response.context["form"].non_field_errors() == ["This e-mail and password do not match. Check both; capital letters count in the password."]
    assert not is_signed_in(client)


def test_who_was_deactivated_cannot_sign_in_and_is_signed_out_at_once(client: Client, people: People) -> None:
    sign_in(client)
    people.alice.user.is_active = False
    people.alice.user.save()
    assert not is_signed_in(client)
    assert sign_in(client).status_code == 200
    assert not is_signed_in(client)


def test_signing_in_leads_to_the_page_that_was_asked_for(client: Client, people: People) -> None:
    asked = client.get("/password/")
    assert asked.url == "/sign-in/?next=/password/"
    assert sign_in(client, next="/password/").url == "/password/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"])
def test_signing_in_never_leads_to_another_site(client: Client, people: People, elsewhere: str) -> None:
    assert sign_in(client, next=elsewhere).url == "/"


def test_the_session_gets_a_new_key_when_somebody_signs_in(client: Client, people: People) -> None:
    client.get(SIGN_IN)
    session = client.session
    session["kept"] = True
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = before = session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_who_is_signed_in_is_sent_on_from_the_sign_in_page(client_of) -> None:
    assert client_of("alice").get(SIGN_IN).url == "/"


def test_signing_out_takes_a_post(client: Client, people: People) -> None:
    sign_in(client)
    assert client.get("/sign-out/").status_code == 405
    assert is_signed_in(client)
    assert client.post("/sign-out/").url == SIGN_IN
    assert not is_signed_in(client)


def test_too_many_wrong_passwords_lock_that_person_from_that_address(client: Client, people: People) -> None:
    for _attempt in range(settings.AXES_FAILURE_LIMIT - 1):
        assert sign_in(client, password="wrong").status_code == 200
    locked = sign_in(client, email="ALICE@kpiboard.example", password="wrong")
    assert locked.status_code == 429
    assert "accounts/locked.html" in [template.name for template in locked.templates]
    assert "8 wrong passwords signing in is locked for 15 minutes" in locked.content.decode()
    assert sign_in(client).status_code == 429, "the right password does not help while it is locked"
    assert not is_signed_in(client)
    assert sign_in(client, email="bob@kpiboard.example").status_code == 302, "others may sign in"
    assert sign_in(Client(REMOTE_ADDR="192.0.2.7")).status_code == 302, "and the same person from elsewhere"


def test_the_lock_opens_by_itself(client: Client, people: People) -> None:
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        sign_in(client, password="wrong")
    for attempt in AccessAttempt.objects.all():
        attempt.attempt_time -= timedelta(minutes=16)
        attempt.save()
    assert sign_in(client).status_code == 302


def test_the_right_password_clears_the_count(client: Client, people: People) -> None:
    for _round in range(2):
        for _attempt in range(settings.AXES_FAILURE_LIMIT - 1):
            sign_in(client, password="wrong")
        assert sign_in(client).status_code == 302


def test_people_change_their_own_password_and_stay_signed_in(client: Client, people: People) -> None:
    other = Client()
    sign_in(client)
    sign_in(other)
    answer = client.post("/password/", {"old_password": make.PASSWORD, "new_password1": NEW, "new_password2": NEW})
    assert answer.url == "/"
    assert is_signed_in(client)
    assert not is_signed_in(other), "elsewhere they are signed out"
    assert sign_in(Client(), password=NEW).status_code == 302


@pytest.mark.parametrize("password", ["short", "1234567890123", "password1234", "alice@kpiboard.example"])
def test_a_weak_password_is_refused_with_the_reason(client_of, password: str) -> None:
    answer = client_of("alice").post("/password/", {"old_password": make.PASSWORD, "new_password1": password, "new_password2": password})
    assert answer.status_code == 200
    assert answer.context["form"].errors["new_password2"]


def reset_link(to: str) -> str:
    return re.search(r"https?://[^/]+(/password-reset/\S+)", mail.outbox[-1].body)[1]  # type: ignore[index]


def test_a_forgotten_password_is_reset_by_mail(client: Client, people: People) -> None:
    assert client.post("/password-reset/", {"email": "ALICE@kpiboard.example"}).url == "/password-reset/sent/"
    assert (mail.outbox[0].to, mail.outbox[0].subject) == (["alice@kpiboard.example"], "Choose a new password for KPIBoard")
    page = client.get(reset_link("alice"), follow=True)
    assert "for alice@kpiboard.example" in page.content.decode()
    done = client.post(page.redirect_chain[-1][0], {"new_password1": NEW, "new_password2": NEW})
    assert done.url == "/"
    assert is_signed_in(client)
    assert sign_in(Client(), password=NEW).status_code == 302


def test_a_reset_link_works_once(client: Client, people: People) -> None:
    client.post("/password-reset/", {"email": "alice@kpiboard.example"})
    link = reset_link("alice")
    page = client.get(link, follow=True)
    client.post(page.redirect_chain[-1][0], {"new_password1": NEW, "new_password2": NEW})
    assert "This link no longer works" in Client().get(link, follow=True).content.decode()


def test_a_reset_opens_the_lock(client: Client, people: People) -> None:
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        sign_in(client, password="wrong")
    client.post("/password-reset/", {"email": "alice@kpiboard.example"})
    page = client.get(reset_link("alice"), follow=True)
    client.post(page.redirect_chain[-1][0], {"new_password1": NEW, "new_password2": NEW})
    client.post("/sign-out/")
    assert sign_in(client, password=NEW).status_code == 302


@pytest.mark.parametrize("name", ["nobody", "erin"])
def test_asking_for_a_reset_never_says_whether_an_account_exists(client: Client, people: People, name: str) -> None:
    people.erin.is_active = False
    people.erin.save()
    answer = client.post("/password-reset/", {"email": f"{name}@kpiboard.example"})
    assert answer.url == "/password-reset/sent/"
    assert mail.outbox == []


def test_somebody_who_was_invited_and_lost_the_mail_asks_for_another(client: Client, people: People) -> None:
    make.user("Gus Gran", password=None)
    client.post("/password-reset/", {"email": "gus.gran@kpiboard.example"})
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("path", ["/sign-in/", "/password-reset/", "/password-reset/sent/", "/password-reset/x/y/"])
def test_the_pages_need_no_inline_script_or_style(client: Client, db: None, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert "script-src 'self'" in response["Content-Security-Policy"]
    page = response.content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert not re.search(r"<script(?! src=)", page)


def test_the_admin_has_no_sign_in_page_of_its_own(client: Client, people: People) -> None:
    assert client.get("/admin/").url == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/").url == "/sign-in/?next=/admin/"


@pytest.mark.parametrize(("name", "status"), [("alice", 404), ("bob", 404), ("dave", 404), ("erin", 404), ("carol", 200)])
def test_only_admins_enter_the_admin(client_of, name: str, status: int) -> None:
    assert client_of(name).get("/admin/", follow=True).status_code == status


def test_the_navigation_follows_the_role(client_of) -> None:
    pages = {name: client_of(name).get(reverse("accounts:password")).content.decode() for name in ("alice", "carol")}
    assert {name: 'href="/admin/"' in page for name, page in pages.items()} == {"alice": False, "carol": True}
    assert all("Skip to the content" in page for page in pages.values())
