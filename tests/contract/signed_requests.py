"""Requests to test with, signed by keys that everybody knows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge_agent.contract.replay import Window
from edge_agent.contract.request_signing import Request, sign_request, verify_request

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
KEYID = "node-1"
NONCE = "bm9uY2Utbm9uY2U"
# The other implementation asks the clock of the machine itself, so requests are of now.
NOW = datetime.now(UTC).replace(microsecond=0)
SECOND = timedelta(seconds=1)
BODY = '{"prompt": "Is the bridge open? 桥通吗？"}'.encode()
PLAIN = Request(
    method="POST",
    authority="edge.example.com:8443",
    path="/api/v1/edge/tasks%20new",
    query="after=12&wait=%20yes",
    headers=(
        ("Host", "edge.example.com:8443"),
        ("Content-Type", "application/json; charset=utf-8"),
        ("Idempotency-Key", "4c1b7f52-0001"),
        ("User-Agent", "node/1"),
    ),
    body=BODY,
)


def signed(
    request: Request = PLAIN,
    *,
    key: Ed25519PrivateKey = KEY,
    created: datetime = NOW,
    nonce: str = NONCE,
) -> Request:
    return sign_request(request, key, keyid=KEYID, created=created, nonce=nonce)


def verified(request: Request, window: Window | None = None, *, now: datetime = NOW) -> Window:
    return verify_request(
        request, KEY.public_key(), keyid=KEYID, window=window or Window(), now=now
    )


def with_header(request: Request, name: str, old: str, new: str) -> Request:
    assert any(old in value for key, value in request.headers if key == name)
    lines = (
        (key, value.replace(old, new) if key == name else value) for key, value in request.headers
    )
    return replace(request, headers=tuple(lines))


SIGNED = signed()
IMPORTANT = tuple(
    index for index, (name, _) in enumerate(SIGNED.headers) if name not in {"Host", "User-Agent"}
)
