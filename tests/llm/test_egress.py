"""The door to other hosts: hostile ways of writing an address, rebinding, redirects."""

import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import aiohttp
import httpcore2
import httpx2
import pytest

from tenants.base import egress
from tenants.base.addresses import Peer, peer_of
from tenants.base.async_egress import http_session
from tenants.base.egress import EgressRefused, fetch_json, http_client
from tenants.base.errors import Unavailable
from tests.harness.provider_replies import Fault, Reply
from tests.harness.scripted_provider import ScriptedProvider, scripted_provider

HOSTILE_HOSTS = [
    "127.0.0.1",
    "127.1",
    "127.0.0.2",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "0",
    "0.0.0.0",
    "localhost",
    "LOCALHOST",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "[::]",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::a00:1]",
    "[2002:7f00:1::]",
    "[fe80::1]",
    "[fd00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "ｌｏｃａｌｈｏｓｔ",
]


@pytest.fixture
def inner() -> Iterator[ScriptedProvider]:
    """A service on this machine that nobody outside may reach."""
    with scripted_provider() as provider:
        yield provider


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let a name have these addresses, one list a look-up; the last list stays."""

    def answer(name: str, *answers: list[str]) -> None:
        left = list(answers)
        real = socket.getaddrinfo

        def look_up(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
            if host != name:
                return real(host, port, *args, **kwargs)
            found = left.pop(0) if len(left) > 1 else left[0]
            return [entry for each in found for entry in real(each, port, *args, **kwargs)]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)

    return answer


@pytest.mark.parametrize("host", HOSTILE_HOSTS)
def test_ssrf_hosts_are_refused(host: str, inner: ScriptedProvider) -> None:
    with http_client() as client, pytest.raises((EgressRefused, httpx2.InvalidURL)):
        client.get(f"http://{host}:{inner.port}/v1/models", timeout=3)

    assert inner.connections_seen == 0


@pytest.mark.parametrize("host", ["localhost.", "anything.localhost"])
def test_names_some_resolvers_know_lead_nowhere(host: str, inner: ScriptedProvider) -> None:
    with http_client() as client, pytest.raises((EgressRefused, httpx2.ConnectError)):
        client.get(f"http://{host}:{inner.port}/v1/models", timeout=3)

    assert inner.connections_seen == 0


@pytest.mark.parametrize("host", HOSTILE_HOSTS)
async def test_ssrf_hosts_are_refused_on_the_loop(host: str, inner: ScriptedProvider) -> None:
    async with http_session() as session:
        with pytest.raises((EgressRefused, aiohttp.InvalidURL)):
            await session.get(f"http://{host}:{inner.port}/v1/models")

    assert inner.connections_seen == 0


def test_allowed_peer_is_reached(inner: ScriptedProvider) -> None:
    with http_client(allow=[Peer("127.0.0.1", inner.port)]) as client:
        answer = client.get(f"{inner.base_url}/models")

    assert answer.status_code == 200


async def test_allowed_peer_is_reached_on_the_loop(inner: ScriptedProvider) -> None:
    async with http_session(allow=[Peer("127.0.0.1", inner.port)]) as session:
        answer = await session.get(f"{inner.base_url}/models")

    assert answer.status == 200


def test_stream_left_at_its_last_event_leaves_the_connection_usable(
    inner: ScriptedProvider,
) -> None:
    body = {"messages": [], "stream": True}
    with http_client(allow=[Peer("127.0.0.1", inner.port)]) as client:
        for _ in range(3):
            with client.stream("POST", f"{inner.base_url}/chat/completions", json=body) as answer:
                lines = answer.iter_lines()
                while next(lines) != "data: [DONE]":
                    pass

    assert (inner.calls, inner.connections_seen) == (3, 1)


def test_stream_left_in_the_middle_closes_the_connection(inner: ScriptedProvider) -> None:
    inner.script(Reply(is_gated=True))
    inner.release()
    body = {"messages": [], "stream": True}
    with http_client(allow=[Peer("127.0.0.1", inner.port)]) as client:
        with client.stream("POST", f"{inner.base_url}/chat/completions", json=body) as answer:
            first = next(answer.iter_lines())
        inner.wait_for_no_connection()

    assert first.startswith("data: {")


def test_allowance_is_for_one_port(inner: ScriptedProvider) -> None:
    next_door = Peer("127.0.0.1", inner.port + 1)

    with http_client(allow=[next_door]) as client, pytest.raises(EgressRefused):
        client.get(f"{inner.base_url}/models")


def test_allowance_is_for_one_name(inner: ScriptedProvider) -> None:
    with http_client(allow=[Peer("localhost", inner.port)]) as client:
        allowed = client.get(f"http://localhost:{inner.port}/v1/models")
        with pytest.raises(EgressRefused):
            client.get(f"{inner.base_url}/models")

    assert allowed.status_code == 200


def test_name_that_turns_inward_is_refused(
    inner: ScriptedProvider, name_server: Callable[..., None]
) -> None:
    name_server("rebinds.example", ["127.0.0.1"])

    with http_client() as client, pytest.raises(EgressRefused):
        client.get(f"http://rebinds.example:{inner.port}/v1/models")

    assert inner.connections_seen == 0


def test_name_is_resolved_once_and_that_address_connected_to(
    inner: ScriptedProvider, name_server: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    name_server("rebinds.example", ["203.0.114.7"], ["127.0.0.1"])
    reached: list[str] = []

    def connect(self: object, host: str, *args: object, **kwargs: object) -> None:
        reached.append(host)
        raise httpcore2.ConnectError("nobody there")

    monkeypatch.setattr(httpcore2.SyncBackend, "connect_tcp", connect)
    with http_client() as client, pytest.raises(httpx2.ConnectError):
        client.get(f"http://rebinds.example:{inner.port}/v1/models")

    assert reached == ["203.0.114.7"]


def test_name_with_one_inner_address_among_public_ones_is_refused(
    inner: ScriptedProvider, name_server: Callable[..., None]
) -> None:
    name_server("mixed.example", ["203.0.114.7", "127.0.0.1"])

    with http_client() as client, pytest.raises(EgressRefused):
        client.get(f"http://mixed.example:{inner.port}/")

    assert inner.connections_seen == 0


async def test_name_with_an_inner_address_is_refused_on_the_loop(
    inner: ScriptedProvider, name_server: Callable[..., None]
) -> None:
    name_server("mixed.example", ["203.0.114.7", "127.0.0.1"])

    async with http_session() as session:
        with pytest.raises(EgressRefused):
            await session.get(f"http://mixed.example:{inner.port}/")

    assert inner.connections_seen == 0


def test_redirect_inward_is_judged_again(inner: ScriptedProvider) -> None:
    with ScriptedProvider() as outer:
        outer.script(Reply(fault=Fault.REDIRECT, location=f"{inner.base_url}/models"))
        allow = [Peer("127.0.0.1", outer.port)]
        with (
            http_client(allow=allow, follow_redirects=True) as client,
            pytest.raises(EgressRefused),
        ):
            client.post(f"{outer.base_url}/chat/completions", json={})

    assert outer.calls == 1
    assert inner.connections_seen == 0


async def test_redirect_inward_is_judged_again_on_the_loop(inner: ScriptedProvider) -> None:
    with ScriptedProvider() as outer:
        outer.script(Reply(fault=Fault.REDIRECT, location=f"{inner.base_url}/models"))
        async with http_session(allow=[Peer("127.0.0.1", outer.port)]) as session:
            with pytest.raises(EgressRefused):
                await session.post(f"{outer.base_url}/chat/completions", json={})

    assert outer.calls == 1
    assert inner.connections_seen == 0


def test_proxies_of_the_environment_are_ignored(
    inner: ScriptedProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, inner.root_url)

    with http_client() as client, pytest.raises(httpx2.HTTPError):
        client.get("http://no-such-host.invalid/", timeout=3)

    assert inner.connections_seen == 0


@pytest.mark.parametrize("path", ["/nothing", "/v1/models/../../etc"])
def test_json_that_is_not_there_is_unavailable(path: str, inner: ScriptedProvider) -> None:
    with http_client(allow=[peer_of(inner.base_url)]) as client, pytest.raises(Unavailable):
        fetch_json(client, f"{inner.root_url}{path}", timeout_seconds=2)


def test_certificates_are_checked() -> None:
    context = egress.tls_context()

    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
