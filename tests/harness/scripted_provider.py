"""A language model whose every word, pause and failure the test decides.

It speaks the OpenAI protocol over real sockets, so what runs against it is the real adapter:

    with ScriptedProvider() as provider:
        provider.script(Reply(words=("One", " two"), is_gated=True))
        ...                     # ask something through provider.base_url
        provider.release()      # now the first word goes out

Or by hand: `python -m tests.harness.scripted_provider --port 9000 --words-per-second 50`.
"""

import argparse
import json
import select
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.harness.provider_faults import FAULTS, Wire
from tests.harness.provider_replies import Fault, Reply, chunk_of, whole_of

POLL_SECONDS = 0.02
GATE_SECONDS_MAX = 120.0


class ScriptedProvider:
    """The server, and the test's hand on it. All counters may be read from any thread."""

    def __init__(self, *, port: int = 0, models: Sequence[str] = ("scripted",)) -> None:
        self.models = tuple(models)
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.disconnects = 0
        self.open_connections = 0
        self.connections_seen = 0
        self.words_sent = 0
        self.default = Reply()
        self.is_stopping = threading.Event()
        self._replies: list[Reply] = []
        self._gate = threading.Semaphore(0)
        self._changed = threading.Condition()
        self._server = _Server(("127.0.0.1", port), _handler_for(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL_SECONDS,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.is_stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def root_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        return f"{self.root_url}/v1"

    @property
    def calls(self) -> int:
        return len(self.requests)

    def script(self, *replies: Reply) -> None:
        """Queue replies, one a call; when none is left `default` answers."""
        with self._changed:
            self._replies.extend(replies)

    def release(self, words: int = 1) -> None:
        """Let this many words of gated replies go out."""
        for _ in range(words):
            self._gate.release()

    def wait_for(self, attribute: str, at_least: int, *, timeout_seconds: float = 10.0) -> None:
        """Block until a counter (`calls`, `words_sent`, `disconnects`) has grown that far."""
        with self._changed:
            reached = self._changed.wait_for(
                lambda: getattr(self, attribute) >= at_least, timeout_seconds
            )
        if not reached:
            raise AssertionError(f"{attribute} is {getattr(self, attribute)}, not {at_least}")

    def wait_for_no_connection(self, *, timeout_seconds: float = 5.0) -> None:
        with self._changed:
            closed = self._changed.wait_for(lambda: self.open_connections == 0, timeout_seconds)
        if not closed:
            raise AssertionError(f"{self.open_connections} connections are still open")

    def next_reply(self, request: dict[str, Any], key: str) -> Reply:
        with self._changed:
            self.requests.append(request)
            self.keys.append(key)
            self._changed.notify_all()
            return self._replies.pop(0) if self._replies else self.default

    def count(self, **deltas: int) -> None:
        with self._changed:
            for name, delta in deltas.items():
                setattr(self, name, getattr(self, name) + delta)
            self._changed.notify_all()

    def pass_gate(self) -> Iterator[None]:
        """Yield while the gate is shut; the caller looks for a hang-up between two looks."""
        ends_at = time.monotonic() + GATE_SECONDS_MAX
        while not self._gate.acquire(timeout=POLL_SECONDS):
            if self.is_stopping.is_set() or time.monotonic() > ends_at:
                raise ConnectionAbortedError
            yield


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: broken connections are what this server is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    provider: ScriptedProvider
    connection: socket.socket

    def handle(self) -> None:
        self.provider.count(open_connections=1, connections_seen=1)
        try:
            super().handle()
        finally:
            self.provider.count(open_connections=-1)

    def do_GET(self) -> None:
        models = [{"id": name, "object": "model"} for name in self.provider.models]
        tags = [{"name": name, "details": {"family": "llama"}} for name in self.provider.models]
        bodies = {"/v1/models": {"object": "list", "data": models}, "/api/tags": {"models": tags}}
        body = bodies.get(self.path)
        self.send_json(200 if body else 404, body or {"error": {"message": "no such path"}})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length", "0")))
        key = (self.headers.get("authorization") or "").removeprefix("Bearer ")
        request = json.loads(raw)
        reply = self.provider.next_reply(request, key)
        try:
            self.answer(request, reply)
        except OSError:
            self.close_connection = True
            self.provider.count(disconnects=1)

    def answer(self, request: dict[str, Any], reply: Reply) -> None:
        if reply.status != 200:
            headers = {"Retry-After": reply.retry_after} if reply.retry_after else {}
            self.send_json(reply.status, {"error": reply.error_for(request)}, headers)
        elif reply.fault is not Fault.NONE:
            self.close_connection = True
            FAULTS[reply.fault](Wire(self.connection, reply, self.sleep))
        elif request.get("stream"):
            self.stream(request, reply)
        else:
            self.send_json(200, whole_of(request, reply))

    def stream(self, request: dict[str, Any], reply: Reply) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for word in reply.words_for(request):
            self.wait_for_turn(reply)
            self.send_chunk(chunk_of({"content": word}))
            self.provider.count(words_sent=1)
        self.send_chunk(chunk_of({}, finish_reason=reply.finish_reason))
        if reply.has_usage and request.get("stream_options", {}).get("include_usage"):
            self.send_chunk(chunk_of(None, usage=reply.usage_for(request)))
        self.send_chunk(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def wait_for_turn(self, reply: Reply) -> None:
        if reply.pause_seconds:
            self.sleep(reply.pause_seconds)
        if reply.is_gated:
            for _ in self.provider.pass_gate():
                self.look_for_hang_up()

    def sleep(self, seconds: float) -> None:
        """Wait as long as the client does."""
        ends_at = time.monotonic() + seconds
        while (left := ends_at - time.monotonic()) > 0:
            if self.provider.is_stopping.wait(min(left, POLL_SECONDS)):
                raise ConnectionAbortedError
            self.look_for_hang_up()

    def look_for_hang_up(self) -> None:
        readable, _, _ = select.select([self.connection], [], [], 0)
        if readable and not self.connection.recv(1, socket.MSG_PEEK):
            raise ConnectionAbortedError

    def send_chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def send_json(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the library's
        """Say nothing: the counters tell."""


def _handler_for(provider: ScriptedProvider) -> type[_Handler]:
    return type("Handler", (_Handler,), {"provider": provider})


@contextmanager
def scripted_provider(*replies: Reply) -> Iterator[ScriptedProvider]:
    with ScriptedProvider() as provider:
        provider.script(*replies)
        yield provider


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--words-per-second", type=float, default=50.0)
    options = parser.parse_args()
    with ScriptedProvider(port=options.port) as provider:
        provider.default = Reply(pause_seconds=1 / options.words_per_second)
        print(f"READY {provider.base_url}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
