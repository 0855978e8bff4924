"""How the scripts take signals: every wish to stop is one and the same interruption."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TO_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # Ctrl-C, a service manager, a closed terminal


def interrupt_on_stop() -> None:
    """Raise KeyboardInterrupt on each of them, so that every `with` is left in order."""
    for sign in TO_STOP:
        if sign != signal.SIGHUP or signal.getsignal(sign) != signal.SIG_IGN:  # nohup means to outlive the terminal
            signal.signal(sign, signal.default_int_handler)


@contextmanager
def ignored() -> Iterator[None]:
    """Do not let a second Ctrl-C interrupt the stopping that the first one asked for."""
    before = {sign: signal.signal(sign, signal.SIG_IGN) for sign in TO_STOP}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


@contextmanager
def held_back() -> Iterator[Callable[[], object]]:
    """Let every wish to stop wait until the end of the block; gives what lets them through earlier, in a child that was forked."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, TO_STOP)

    def let_through() -> object:
        return signal.pthread_sigmask(signal.SIG_SETMASK, before)

    try:
        yield let_through
    finally:
        let_through()
