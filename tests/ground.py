"""The ground that all tests of a file stand on: laid once, written on by each of them, and as it was before the next."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from django.db import transaction

from tests.conftest import Day
from tests.make import TODAY

T = TypeVar("T")


@contextmanager
def laid(blocker: Any, lay: Callable[[], T]) -> Iterator[T]:
    """Lay the ground on the frozen day, in a transaction that is undone; tests write in transactions within it, which are undone, too.

    Tests that commit cannot stand on it.
    """
    with blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        Day(patch).to(TODAY)
        yield lay()
        transaction.set_rollback(True)


def ground(lay: Callable[[], Any]) -> Any:
    """Return the fixture `ground` of a file that says `usefixtures("ground")`: whatever order its tests come in, all stand on what `lay` lays."""

    @pytest.fixture(scope="module")
    def laid_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
        with laid(django_db_blocker, lay) as found:
            yield found

    return laid_once
