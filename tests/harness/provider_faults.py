"""Every way in which the scripted provider breaks its word, written byte by byte."""

import gzip
import itertools
import json
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass

from tests.harness.provider_replies import Fault, Reply, chunk_of

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
PLAIN = HEAD + b"\r\n"
WORD = chunk_of({"content": "word "})
LONG_SECONDS = 300.0
DRIP_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Wire:
    socket: socket.socket
    reply: Reply
    sleep: Callable[[float], None]

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def send_slowly(self, data: bytes) -> None:
        for byte in data:
            self.send(bytes([byte]))
            self.sleep(DRIP_SECONDS)

    def reset(self) -> None:
        """Make the kernel send RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


def slow_headers(wire: Wire) -> None:
    wire.send(b"HTTP/1.1 200 OK\r\n")
    wire.sleep(LONG_SECONDS)


def dripping_headers(wire: Wire) -> None:
    wire.send_slowly(HEAD * 100)


def half_open(wire: Wire) -> None:
    wire.sleep(LONG_SECONDS)


def reset(wire: Wire) -> None:
    wire.reset()


def reset_mid_stream(wire: Wire) -> None:
    wire.send(PLAIN + WORD * 3)
    wire.sleep(0.1)
    wire.reset()


def truncated(wire: Wire) -> None:
    wire.send(CHUNKED + f"{len(WORD):x}\r\n".encode() + WORD + b"\r\n" + b"ffff\r\n" + WORD)


def cut_cleanly(wire: Wire) -> None:
    wire.send(PLAIN + WORD * 3)


def stall_mid_stream(wire: Wire) -> None:
    wire.send(PLAIN + WORD * 3)
    wire.sleep(LONG_SECONDS)


def drip(wire: Wire) -> None:
    wire.send(PLAIN)
    wire.send_slowly(WORD * 100)


def bad_json(wire: Wire) -> None:
    wire.send(PLAIN + WORD + b'data: {"choices": [{"delta": \n\n')


def bad_utf8(wire: Wire) -> None:
    wire.send(PLAIN + WORD + b'data: {"choices": "\xff\xfe\xc3"}\n\n')


def bad_shape(wire: Wire) -> None:
    wire.send(PLAIN + WORD + b'data: {"choices": {"delta": [7]}, "usage": "much"}\n\n')


def deep_json(wire: Wire) -> None:
    wire.send(PLAIN + WORD + b"data: " + b'{"choices":[' * 100_000 + b"\n\n")


def error_event(wire: Wire) -> None:
    error = wire.reply.error or {"message": "the server ran out of memory", "type": "server_error"}
    wire.send(PLAIN + WORD + b"data: " + json.dumps({"error": error}).encode() + b"\n\n")


def endless_words(wire: Wire) -> None:
    wire.send(PLAIN)
    for _ in itertools.count():
        wire.send(WORD * 50)


def endless_line(wire: Wire) -> None:
    wire.send(PLAIN + b"data: ")
    for _ in itertools.count():
        wire.send(b"x" * 65536)


def endless_headers(wire: Wire) -> None:
    wire.send(HEAD)
    for number in itertools.count():
        wire.send(b"X-%d: x\r\n" % number)


def wrong_type(wire: Wire) -> None:
    page = b"<html><body>Please sign in to the hotel's network</body></html>"
    wire.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" + page)


def not_http(wire: Wire) -> None:
    wire.send(b"SSH-2.0-OpenSSH_9.9\r\n")


def gzip_bomb(wire: Wire) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    wire.send(HEAD + b"Content-Encoding: gzip\r\n\r\n" + bomb)


def redirect(wire: Wire) -> None:
    wire.send(
        b"HTTP/1.1 307 Temporary Redirect\r\nContent-Length: 0\r\nConnection: close\r\n"
        b"Location: " + wire.reply.location.encode() + b"\r\n\r\n"
    )


FAULTS: dict[Fault, Callable[[Wire], None]] = {
    Fault.SLOW_HEADERS: slow_headers,
    Fault.DRIPPING_HEADERS: dripping_headers,
    Fault.HALF_OPEN: half_open,
    Fault.RESET: reset,
    Fault.RESET_MID_STREAM: reset_mid_stream,
    Fault.TRUNCATED: truncated,
    Fault.CUT_CLEANLY: cut_cleanly,
    Fault.STALL_MID_STREAM: stall_mid_stream,
    Fault.DRIP: drip,
    Fault.BAD_JSON: bad_json,
    Fault.BAD_UTF8: bad_utf8,
    Fault.BAD_SHAPE: bad_shape,
    Fault.DEEP_JSON: deep_json,
    Fault.ERROR_EVENT: error_event,
    Fault.ENDLESS_WORDS: endless_words,
    Fault.ENDLESS_LINE: endless_line,
    Fault.ENDLESS_HEADERS: endless_headers,
    Fault.WRONG_TYPE: wrong_type,
    Fault.NOT_HTTP: not_http,
    Fault.GZIP_BOMB: gzip_bomb,
    Fault.REDIRECT: redirect,
}
