"""Who is at the other end of a request, as far as somebody we trust has seen it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"


def peer_of(request: HttpRequest) -> str:
    """Return the address of whoever sent this request."""
    forwarded_for = request.headers.get("x-forwarded-for", "")
    return peer_behind(forwarded_for, request.META.get("REMOTE_ADDR", ""))


def peer_behind(forwarded_for: str, connected: str) -> str:
    """Return the address of the peer, or one word for all whose address nobody knows.

    Each of our own proxies appends who asked it, so only that many entries from the right of
    X-Forwarded-For are ours; what stands before them is what the peer chose to claim.
    """
    claimed = [part.strip() for part in forwarded_for.split(",")]
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    return _address(claimed[-proxies] if 0 < proxies <= len(claimed) else connected)


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return UNKNOWN
