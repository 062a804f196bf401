"""Which addresses may be reached from here: judged on numbers, never on names."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from edge_agent.contract.levels import Destination

PORTS = {"http": 80, "https": 443}
NAT64 = IPv6Network("64:ff9b::/96")
NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")
# Where clouds hand out the machine's own credentials; some lie in ordinary private ranges.
METADATA = frozenset(
    {
        ip_address("169.254.169.254"),
        ip_address("169.254.170.2"),
        ip_address("100.100.100.200"),
        ip_address("192.0.0.192"),
        ip_address("fd00:ec2::254"),
        ip_address("fd20:ce::254"),
    }
)


@dataclass(frozen=True, slots=True)
class Peer:
    """One door on the network: the host as the URL names it, and the port."""

    host: str
    port: int


def peer_of(url: str) -> Peer:
    """Read the peer out of a URL.

    Raises: ValueError for anything but a plain http or https URL.
    """
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("only http and https addresses can be reached")
    if parts.username is not None or parts.password is not None:
        raise ValueError("an address must not carry a name or password")
    return Peer(parts.hostname.lower(), parts.port or PORTS[parts.scheme])


def is_reachable(address: str, *, is_allowed: bool) -> bool:
    """Say whether a resolved address may be connected to.

    Without an allow-list entry only the public internet may; with one also this machine and
    private networks, but never link-local addresses, where credentials of the machine are
    handed out. What cannot be read as an address may not.
    """
    try:
        number = unwrapped(address)
    except ValueError:
        return False
    if number in METADATA or number.is_link_local or number.is_multicast:
        return False
    if is_public(number):
        return True
    is_somewhere = number.is_loopback or not (number.is_reserved or number.is_unspecified)
    return is_allowed and is_somewhere


def is_public(number: IPv4Address | IPv6Address) -> bool:
    return number.is_global and not (
        number.is_private or number.is_loopback or number.is_reserved or number.is_unspecified
    )


def is_private_name(host: str) -> bool:
    """Say whether a host names this machine or a private network without asking a resolver."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return not is_public(unwrapped(host))
    except ValueError:
        return False


def unwrapped(address: str) -> IPv4Address | IPv6Address:
    """Return the address that is meant: IPv6 has many ways of carrying an IPv4 address."""
    number = ip_address(address.partition("%")[0])
    if isinstance(number, IPv4Address):
        return number
    if number.ipv4_mapped:
        return number.ipv4_mapped
    if number.sixtofour:
        return number.sixtofour
    if number.teredo:
        return number.teredo[1]
    if number in NAT64 or number in NAT64_LOCAL or is_ipv4_compatible(number):
        return IPv4Address(int(number) & 0xFFFFFFFF)
    return number


def is_ipv4_compatible(number: IPv6Address) -> bool:
    return 1 < int(number) < 2**32


def destination_of(setting: str, declared: str, base_url: str) -> Destination:
    """Return where an endpoint is: as the operator says, else as its address does.

    A gateway on this machine may lead to a third party, and only the operator knows.

    Raises: ImproperlyConfigured.
    """
    if declared not in {"", Destination.PREMISES, Destination.PROVIDER}:
        raise ImproperlyConfigured(f"{setting} must be PREMISES or PROVIDER")
    if declared:
        return Destination(declared)
    is_near = is_private_name(peer_of(base_url).host)
    return Destination.PREMISES if is_near else Destination.PROVIDER
