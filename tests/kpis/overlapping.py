"""Two writes at once, each in a transaction of its own: what neither sees of the other has to be found when it is counted."""

import threading
from collections.abc import Callable

from django.db import connection, transaction

from apps.kpis import rollup
from tests.kpis.histories import ON


def at_once(first: Callable[[], object], second: Callable[[], object]) -> None:
    """Write twice at once: the first is counted while the second, which began before it was there, is still open; unless it waits for that one."""
    written, both_written = threading.Event(), threading.Event()

    def other() -> None:
        with transaction.atomic():
            first()
            written.set()
            both_written.wait(0.3)
        connection.close()

    def drain() -> None:
        rollup.drain(on=ON)
        connection.close()

    one, two = threading.Thread(target=other), threading.Thread(target=drain)
    one.start()
    with transaction.atomic():
        assert written.wait(30)
        second()
        both_written.set()
        one.join(1)
        two.start()
        two.join()
    one.join()
    rollup.drain(on=ON)
