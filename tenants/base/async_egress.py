"""The door of `tenants.base.egress` for code on the event loop: the same judgement on aiohttp."""

import socket
from collections.abc import Collection

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_reqrep import ClientRequest
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

from tenants.base.addresses import Peer
from tenants.base.egress import (
    CONNECT_SECONDS,
    CONNECTIONS_MAX,
    NOBODY,
    READ_SECONDS,
    judged_addresses,
    tls_context,
)


def http_session(*, allow: Collection[Peer] = NOBODY) -> aiohttp.ClientSession:
    """Return a session; call it on the loop that will use it, and close it there."""
    return aiohttp.ClientSession(
        connector=PinnedConnector(frozenset(allow)),
        timeout=aiohttp.ClientTimeout(sock_connect=CONNECT_SECONDS, sock_read=READ_SECONDS),
        headers={"accept-encoding": "identity"},
        auto_decompress=False,
        trust_env=False,
    )


class PinnedConnector(aiohttp.TCPConnector):
    def __init__(self, allow: frozenset[Peer]) -> None:
        super().__init__(
            resolver=PinnedResolver(allow),
            # A cached answer would be a second place where a name is believed.
            use_dns_cache=False,
            limit=CONNECTIONS_MAX,
            ssl=tls_context(),
        )
        self._allow = allow

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109  the name is aiohttp's
    ) -> Connection:
        key = req.connection_key
        # The resolver is never asked about an address in digits, so it is judged here.
        if is_digits(key.host):
            peer = Peer(key.host, key.port or 0)
            judged_addresses(peer, [key.host], allow=self._allow)
        return await super().connect(req, traces, timeout)


class PinnedResolver(AbstractResolver):
    def __init__(self, allow: frozenset[Peer]) -> None:
        self._allow = allow
        self._plain = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._plain.resolve(host, port, family)
        peer = Peer(host.lower(), port)
        judged_addresses(peer, (entry["host"] for entry in found), allow=self._allow)
        return found

    async def close(self) -> None:
        await self._plain.close()


def is_digits(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()
