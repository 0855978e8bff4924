"""Choose the port to listen on."""

import socket

from .programs import HOST
from .progress import Refusal

FIRST, LAST = 8000, 8019


def choose(wanted: int | None) -> int:
    """The wanted port, or the first free one from 8000 on. Raise Refusal if the wanted one is taken."""
    if wanted is None:
        return next((port for port in range(FIRST, LAST + 1) if is_free(port)), 0) or unused()
    if not is_free(wanted):
        raise Refusal(f"Port {wanted} is in use. Choose another, or leave out --port to get a free one.")
    return wanted


def is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the web server does
        try:
            listener.bind((HOST, port))
        except PermissionError as error:
            raise Refusal(f"You may not listen on port {port}. Choose one above 1023.") from error
        except OSError:
            return False
    with socket.socket() as caller:  # macOS lets us bind beside a listener on all addresses
        return caller.connect_ex((HOST, port)) != 0


def unused() -> int:
    """Return some port that nobody listens on: what others choose meanwhile from 8000 on is another one."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port
