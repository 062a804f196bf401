"""Free ports of the loopback address."""

import socket

from config.stack.errors import ServerFailed

LOOPBACK = "127.0.0.1"
PORTS_TRIED_MAX = 50


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def first_free_from(wanted: int) -> int:
    """Return the wanted port, or the next one nobody has taken.

    Raises: ServerFailed.
    """
    last = min(wanted + PORTS_TRIED_MAX, 65535)
    for port in range(wanted, last + 1):
        if is_free(port):
            return port
    raise ServerFailed(f"no free port between {wanted} and {last}; set DRAWBRIDGE_PORT")


def any_free() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_answering(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0
