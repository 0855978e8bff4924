"""Makes the next items of an iterator while the last one is being worked on, in a thread of its own that never asks the database."""

from collections.abc import Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import TypeVar

from django.utils import translation

Item = TypeVar("Item")
ITEMS = 2  # so many wait
PATIENCE = 0.1


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """Yield the items, and raise what they raise."""
    queue: Queue[tuple[Item | None, BaseException | None, bool]] = Queue(maxsize=ITEMS)
    stopped, language = Event(), translation.get_language()

    def put(item: Item | None, error: BaseException | None, is_last: bool) -> bool:
        while not stopped.is_set():
            try:
                queue.put((item, error, is_last), timeout=PATIENCE)
                return True
            except Full:
                continue
        return False

    def make() -> None:
        with translation.override(language):
            try:
                for item in items:
                    if not put(item, None, False):
                        return
                put(None, None, True)
            except BaseException as error:  # handed over to whoever waits for the items
                put(None, error, True)

    thread = Thread(target=make, daemon=True)
    thread.start()
    try:
        while True:
            item, error, is_last = queue.get()
            if error is not None:
                raise error
            if is_last:
                return
            yield item  # type: ignore[misc]
    finally:
        stopped.set()
        thread.join()
