"""Raw connections to the web server: senders and readers as slow as a trial wants them."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.harness.processes import LiveServer

POLL_SECONDS = 0.05


class Wire:
    """One connection: what was sent and heard, and whether the server has ended it."""

    def __init__(self, server: LiveServer, *, buffer_bytes: int = 0) -> None:
        self._socket = socket.socket()
        if buffer_bytes:
            # Before connecting: the window that is offered follows from it.
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
        self._socket.settimeout(10)
        self._socket.connect(("127.0.0.1", server.port))
        self.heard = b""
        self.is_over = False

    def send(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError:
            self.is_over = True

    def hear(self, size_bytes: int = 65536, *, seconds: float = 0.0) -> bytes:
        """Read what is there, or wait so long for something."""
        self._socket.settimeout(max(seconds, 0.001))
        try:
            data = self._socket.recv(size_bytes)
        except TimeoutError:
            return b""
        except OSError:
            self.is_over = True
            return b""
        self.is_over = self.is_over or not data
        self.heard += data
        return data

    def drip(self, data: bytes, *, every_seconds: float, for_seconds: float) -> float:
        """Send byte by byte until the server ends it; return after how many seconds that was."""
        began_at = time.monotonic()
        sent = 0
        while not self.is_over and time.monotonic() - began_at < for_seconds:
            self.send(data[sent % len(data) :][:1])
            sent += 1
            self.hear(seconds=every_seconds)
        return time.monotonic() - began_at

    @property
    def status(self) -> int:
        words = self.heard.split(b" ", 2)
        return int(words[1]) if words[0] == b"HTTP/1.1" else 0

    def leave(self, *, abruptly: bool = False) -> None:
        if abruptly:
            linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._socket.close()


@contextmanager
def wires(server: LiveServer, count: int, *, buffer_bytes: int = 0) -> Iterator[list[Wire]]:
    with ExitStack() as stack:
        opened = []
        for _number in range(count):
            wire = Wire(server, buffer_bytes=buffer_bytes)
            stack.callback(wire.leave)
            opened.append(wire)
        yield opened
