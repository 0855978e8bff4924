"""The port is the wanted one, or the first free one."""

import socket
from collections.abc import Iterator

import pytest

from script.house import ports
from script.house.progress import Refusal


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_wanted_port_that_is_free_is_taken(taken: int) -> None:
    free = ports.unused()

    assert ports.choose(free) == free


def test_a_wanted_port_in_use_is_refused_with_a_way_out(taken: int) -> None:
    with pytest.raises(Refusal, match=rf"Port {taken} is in use.*leave out --port"):
        ports.choose(taken)


def test_without_a_wish_a_port_in_use_is_passed_over(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "FIRST", taken)
    monkeypatch.setattr(ports, "LAST", taken)

    assert ports.choose(None) not in {0, taken}


def test_a_listener_on_all_addresses_makes_a_port_busy_too() -> None:
    with socket.socket() as listener:
        listener.bind(("0.0.0.0", 0))
        listener.listen()

        assert not ports.is_free(listener.getsockname()[1])
