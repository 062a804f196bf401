"""Which addresses may be reached, judged on numbers."""

import pytest

from tenants.base.addresses import Peer, is_private_name, is_reachable, peer_of


@pytest.mark.parametrize("address", ["169.254.169.254", "fe80::1", "fd00:ec2::254", "0.0.0.0"])
def test_credentials_of_the_machine_are_out_of_reach_even_when_allowed(address: str) -> None:
    assert is_reachable(address, is_allowed=True) is False


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111"])
def test_public_addresses_are_reachable(address: str) -> None:
    assert is_reachable(address, is_allowed=False) is True


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.1.2.3", "100.64.0.1", "fd12::1"])
def test_private_addresses_need_an_allowance(address: str) -> None:
    reachable = [is_reachable(address, is_allowed=allowed) for allowed in (False, True)]

    assert reachable == [False, True]


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://",
        "http://user@host/",
        "http://user:password@host/",
        "http://host:99999/",
        "//host/",
        "",
    ],
)
def test_urls_of_other_kinds_name_no_peer(url: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        peer_of(url)


def test_peer_is_read_from_a_url() -> None:
    peers = [peer_of(url) for url in ("https://API.example/v1", "http://[::1]:11434")]

    assert peers == [Peer("api.example", 443), Peer("::1", 11434)]


def test_private_names_are_known_without_a_resolver() -> None:
    names = ("localhost", "a.localhost", "127.0.0.1", "::1", "192.168.0.9")
    others = ("api.openai.com", "8.8.8.8", "localhost.evil.example", "ollama")

    assert [is_private_name(each) for each in names] == [True] * len(names)
    assert [is_private_name(each) for each in others] == [False] * len(others)
