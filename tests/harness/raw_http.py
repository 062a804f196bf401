"""Bytes on a line to the site, as no client library would send them."""

import contextlib
import socket

from tests.harness.processes import LiveServer

ANSWER_SECONDS = 10


def raw(server: LiveServer, sent: bytes) -> bytes:
    """Send bytes as they are and return what comes back until the other side is done."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=ANSWER_SECONDS) as line:
        with contextlib.suppress(ConnectionError):
            line.sendall(sent)
        received = b""
        with contextlib.suppress(ConnectionError, TimeoutError):
            while part := line.recv(65536):
                received += part
    return received


def status_of(answer: bytes) -> int:
    """Return the status of the last answer on the line; 0 for a line closed without one."""
    heads = [line for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]
    return int(heads[-1].split()[1]) if heads else 0
