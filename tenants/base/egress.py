"""The one door through which the cloud reaches other hosts.

A name is resolved once, every address it has is judged, and the connection goes to that very
address: a name that changes its mind between check and use (DNS rebinding) gains nothing.
Redirects open a new connection and are judged again. Proxies of the environment are ignored,
because behind one nothing could be pinned. Compressed answers are refused: a few kilobytes can
unfold into gigabytes.

`allow` names the peers that may lie on this machine or in a private network: those the operator
configured, never one that came with a request.
"""

import socket
import ssl
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from functools import lru_cache
from typing import Any

import httpcore2
import httpx2
from django.utils.translation import gettext_lazy as _

from tenants.base.addresses import Peer, is_reachable
from tenants.base.errors import AppError, Unavailable
from tenants.base.patience import OutOfTime, Patience, TooManyBytes, current_patience, patience

NOBODY: frozenset[Peer] = frozenset()
CONNECTIONS_MAX = 100
CONNECTIONS_KEPT_MAX = 20
CONNECT_SECONDS = 5.0
READ_SECONDS = 60.0
DRAIN_SECONDS = 0.05
DRAIN_BYTES_MAX = 4096
JSON_BYTES_MAX = 4 * 1024 * 1024
IMPATIENCE = (OutOfTime, TooManyBytes)
TIMEOUT = httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS)

# The system's resolver knows no deadline; a thread that waits for it can be left behind.
_resolvers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="resolve")


class EgressRefused(AppError):
    code = "egress_refused"
    status = 422
    message = _("This address cannot be reached from here.")


def http_client(
    *,
    allow: Collection[Peer] = NOBODY,
    follow_redirects: bool = False,
    keeps_connections: bool = True,
) -> httpx2.Client:
    """Return a client for blocking calls. Keep it: it holds a pool of connections."""
    return httpx2.Client(
        transport=PinnedTransport(frozenset(allow), keeps_connections=keeps_connections),
        timeout=TIMEOUT,
        follow_redirects=follow_redirects,
        headers={"accept-encoding": "identity"},
        trust_env=False,
    )


def fetch_json(client: httpx2.Client, url: str, *, timeout_seconds: float, key: str = "") -> object:
    """Read a small JSON document.

    Raises: Unavailable when there is none, for whatever reason; EgressRefused
    """
    bound = Patience(seconds=timeout_seconds, cancelled=lambda: False, bytes_max=JSON_BYTES_MAX)
    headers = {"authorization": f"Bearer {key}"} if key else {}
    try:
        with patience(bound):
            answer = client.get(url, headers=headers, timeout=timeout_seconds)
            return answer.raise_for_status().json()
    except (httpx2.HTTPError, httpx2.InvalidURL, *IMPATIENCE, ValueError, RecursionError) as error:
        raise Unavailable from error


def judged_addresses(peer: Peer, addresses: Iterable[str], *, allow: Collection[Peer]) -> list[str]:
    """Return the addresses when all of them may be reached.

    Raises: EgressRefused when one may not: a name with a public and a private address is a trap.
    """
    found = list(dict.fromkeys(addresses))
    if not found or not all(is_reachable(each, is_allowed=peer in allow) for each in found):
        raise EgressRefused
    return found


def resolve(host: str, port: int, timeout: float | None) -> list[str]:
    """Return the addresses of a name.

    Raises: httpcore2.ConnectError, httpcore2.ConnectTimeout
    """
    answer: Future[list[Any]] = _resolvers.submit(
        socket.getaddrinfo, host, port, type=socket.SOCK_STREAM
    )
    try:
        return [str(entry[4][0]) for entry in answer.result(timeout)]
    except FutureTimeoutError as error:
        raise httpcore2.ConnectTimeout("the name was not resolved in time") from error
    except (OSError, UnicodeError) as error:
        raise httpcore2.ConnectError("the name cannot be resolved") from error


class PinnedTransport(httpx2.HTTPTransport):
    """The usual transport on a pool whose connections are pinned."""

    def __init__(self, allow: frozenset[Peer], *, keeps_connections: bool) -> None:
        super().__init__(trust_env=False)
        self._pool.close()
        self._pool = httpcore2.ConnectionPool(
            ssl_context=tls_context(),
            max_connections=CONNECTIONS_MAX,
            max_keepalive_connections=CONNECTIONS_KEPT_MAX if keeps_connections else 0,
            keepalive_expiry=30.0,
            network_backend=PinnedBackend(allow),
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = super().handle_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            response.close()
            raise httpx2.DecodingError("compressed answers are refused", request=request)
        if isinstance(response.stream, httpx2.SyncByteStream):
            response.stream = DrainedStream(response.stream)
        return response


class DrainedStream(httpx2.SyncByteStream):
    """Reads the last few bytes before it closes, so that the connection can serve again.

    Readers of event streams stop at the last event, one empty chunk before the end.
    """

    def __init__(self, stream: httpx2.SyncByteStream) -> None:
        self._stream = stream
        self._blocks = iter(stream)

    def __iter__(self) -> Iterator[bytes]:
        yield from self._blocks

    def close(self) -> None:
        bound = Patience(seconds=DRAIN_SECONDS, cancelled=lambda: False, bytes_max=DRAIN_BYTES_MAX)
        with patience(bound), suppress(httpx2.HTTPError, *IMPATIENCE):
            next(self._blocks, None)
        self._stream.close()


@lru_cache(maxsize=1)
def tls_context() -> ssl.SSLContext:
    """Return the process's trust store; reading it takes longer than a handshake."""
    return httpx2.create_ssl_context(trust_env=False)


class PinnedBackend(httpcore2.NetworkBackend):
    """Connects to judged addresses only."""

    def __init__(self, allow: frozenset[Peer]) -> None:
        self._allow = allow
        self._plain = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        peer = Peer(host.lower().strip("[]"), port)
        found = resolve(peer.host, port, bounded(timeout))
        addresses = judged_addresses(peer, found, allow=self._allow)
        return PatientStream(self._connect_first(addresses, port, timeout))

    def _connect_first(
        self, addresses: list[str], port: int, timeout: float | None
    ) -> httpcore2.NetworkStream:
        *others, last = addresses
        for address in others:
            try:
                return self._plain.connect_tcp(address, port, bounded(timeout))
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return self._plain.connect_tcp(last, port, bounded(timeout))


class PatientStream(httpcore2.NetworkStream):
    """A connection that gives up when the call it serves has no patience left."""

    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        bound = current_patience()
        if bound is None:
            return self._stream.read(max_bytes, timeout)
        while True:
            try:
                data = self._stream.read(max_bytes, bound.next_wait_seconds())
            except httpcore2.ReadTimeout:
                continue
            bound.count(len(data))
            return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, bounded(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, bounded(timeout))
        return PatientStream(inner)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def bounded(timeout: float | None) -> float | None:
    bound = current_patience()
    if bound is None:
        return timeout
    left = bound.left_seconds()
    return left if timeout is None else min(timeout, left)
