"""Whose failed attempts are counted together: the same e-mail from the same address."""

import pytest
from django.test import RequestFactory

from apps.accounts import throttling


@pytest.mark.parametrize(
    ("is_behind_proxy", "forwarded", "address"),
    [
        (False, "203.0.113.9", "127.0.0.1"),  # anybody may send the header: without a proxy it says nothing
        (True, "203.0.113.9", "203.0.113.9"),
        (True, "10.0.0.1, 203.0.113.9", "203.0.113.9"),  # what the client claimed stands before what the proxy saw
        (True, "", "127.0.0.1"),
    ],
)
def test_the_address_is_the_one_that_the_trusted_proxy_saw(settings, is_behind_proxy: bool, forwarded: str, address: str) -> None:  # type: ignore[no-untyped-def]
    settings.BEHIND_PROXY = is_behind_proxy
    request = RequestFactory().post("/sign-in/", headers={"X-Forwarded-For": forwarded} if forwarded else {})
    assert throttling.client_ip(request) == address


def test_an_email_is_the_same_in_any_case() -> None:
    assert throttling.username(None, {"username": " Bob@KPIboard.example "}) == "bob@kpiboard.example"
