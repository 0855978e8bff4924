"""Users in the admin."""

import re
from smtplib import SMTPException

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Role, User
from apps.core import clock
from tests import make
from tests.filling import post, problems
from tests.people import People

LIST, ADD = reverse("admin:accounts_user_changelist"), reverse("admin:accounts_user_add")
NEW = {"name": "Gus Gran", "email": "Gus@KPIboard.Example", "role": "manager"}


def edit(people: People, user: User, **changes):
    return post(people.client("carol"), reverse("admin:accounts_user_change", args=[user.pk]), **changes)


def act(people: People, action: str, *users: User):
    data = {"action": action, "_selected_action": [user.pk for user in users]}
    return people.client("carol").post(LIST, data, follow=True)


def said(answer) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def test_a_user_is_added_with_a_password(people: People) -> None:
    assert post(people.client("carol"), ADD, **NEW, password="a good long secret").status_code == 302
    user = User.objects.get(email="gus@kpiboard.example")
    assert (user.name, user.role, user.check_password("a good long secret")) == ("Gus Gran", Role.MANAGER, True)
    assert mail.outbox == []


def test_without_a_password_they_are_invited_to_choose_one(people: People) -> None:
    assert post(people.client("carol"), ADD, **NEW).status_code == 302
    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == (["gus@kpiboard.example"], "Your KPIBoard account")
    assert "Carol Costa has made you an account" in letter.body
    client = Client()
    page = client.get(re.search(r"https?://[^/]+(\S+)", letter.body)[1], follow=True)  # type: ignore[index]
    client.post(page.redirect_chain[-1][0], {"new_password1": "chosen by Gus", "new_password2": "chosen by Gus"})
    assert User.objects.get(email="gus@kpiboard.example").check_password("chosen by Gus")


def test_when_the_mail_cannot_be_sent_the_admin_is_told(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise SMTPException("mailbox full")

    monkeypatch.setattr("apps.accounts.services.send_mail", refuse)
    client = people.client("carol")
    post(client, ADD, **NEW)
    assert User.objects.filter(email="gus@kpiboard.example").exists()
    assert "could not be sent: mailbox full" in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": "ALICE@kpiboard.example"}, "Somebody else has this e-mail already."),
        ({"email": "no address"}, "Enter a valid email address."),
        ({"password": "12345"}, "This password is too short."),
        ({"role": "boss"}, "Select a valid choice."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_bad_input_is_refused_in_words(people: People, changes: dict[str, str], words: str) -> None:
    assert words in problems(post(people.client("carol"), ADD, **{**NEW, **changes}))


def test_an_admin_changes_roles_and_deactivates(people: People) -> None:
    assert edit(people, people.alice.user, role="manager", is_active="").status_code == 302
    people.alice.user.refresh_from_db()
    assert (people.alice.user.role, people.alice.user.is_active) == (Role.MANAGER, False)


@pytest.mark.parametrize("changes", [{"role": "viewer"}, {"is_active": ""}])
def test_nobody_takes_their_own_keys_away(people: People, changes: dict[str, str]) -> None:
    assert "You cannot deactivate yourself" in problems(edit(people, people.carol, **changes))


def test_editing_a_user_leaves_the_password_alone(people: People) -> None:
    assert edit(people, people.alice.user, name="Alice Ahlers").status_code == 302
    people.alice.user.refresh_from_db()
    assert people.alice.user.check_password(make.PASSWORD)


def test_an_admin_sets_a_password(people: People) -> None:
    path = reverse("admin:auth_user_password_change", args=[people.alice.user.pk])
    answer = people.client("carol").post(path, {"password1": "set by the admin", "password2": "set by the admin", "usable_password": "true"})
    assert answer.status_code == 302
    people.alice.user.refresh_from_db()
    assert people.alice.user.check_password("set by the admin")


def test_the_actions_invite_unlock_and_deactivate(people: People) -> None:
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        Client().post("/sign-in/", {"username": people.alice.user.email, "password": "wrong"})
    assert AccessAttempt.objects.count() == 1
    assert "They can try to sign in again." in said(act(people, "unlock", people.alice.user))
    assert AccessAttempt.objects.count() == 0
    assert "An invitation was sent to alice@kpiboard.example." in said(act(people, "invite", people.alice.user))
    answer = said(act(people, "deactivate", people.alice.user, people.carol))
    assert "1 user may no longer sign in." in answer
    assert "You were left out" in answer
    assert set(User.objects.filter(is_active=False)) == {people.alice.user}


def test_who_has_been_here_is_deactivated_not_deleted(people: People) -> None:
    client = people.client("carol")
    User.objects.filter(pk=people.carol.pk).update(last_login=clock.now())
    assert client.get(reverse("admin:accounts_user_delete", args=[people.carol.pk])).status_code == 403
    mistake = make.user()
    assert client.post(reverse("admin:accounts_user_delete", args=[mistake.pk]), {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=mistake.pk).exists()


def test_the_list_says_which_reps_lack_a_link(people: People) -> None:
    make.user("Gus Gran")
    page = people.client("carol").get(LIST).content.decode()
    assert "no rep yet" in page
    assert reverse("admin:reps_rep_change", args=[people.alice.pk]) in page
