"""Requests signed as RFC 9421 says, with Ed25519, in the one form that we write.

What the standard leaves open is closed here: one signature, over these components in this order,
with all of these parameters, each written in one way only. A request that could be read in two
ways is refused before anybody reads it. The label in front of a signature says nothing.
"""

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from edge_agent.contract.errors import SignatureInvalid
from edge_agent.contract.replay import Window, remember

TAG = "drawbridge-edge/1"
LABEL = "drawbridge"
SIGNED_HEADERS = ("content-digest", "content-type", "idempotency-key")
COMPONENTS = ("@method", "@authority", "@path", "@query", *SIGNED_HEADERS)
_INPUT, _SIGNATURE, _DIGEST = "signature-input", "signature", "content-digest"
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
_DEFAULT_PORT = ":443"
_COVERED = "(" + " ".join(f'"{name}"' for name in COMPONENTS) + ")"

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# A line that was folded, or cut by a zero, is another line to whoever reads it next.
_BREAKS = re.compile(r"[\0\r\n]")
_METHOD = re.compile(r"[A-Z]{1,20}")
_AUTHORITY = re.compile(r"(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::[1-9][0-9]{0,4})?")
_PATH = re.compile(r"(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)+")
_QUERY = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*")
_TOKEN = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"  # noqa: S105  a word of the grammar, not a secret
# No comma is let in: where one stands, two lines may have become one.
_HEADER_FORMS = {
    "content-digest": re.compile(r"sha-256=:[A-Za-z0-9+/]{43}=:"),
    "content-type": re.compile(
        rf"{_TOKEN}/{_TOKEN}(?: ?; ?{_TOKEN}=(?:{_TOKEN}|\"[A-Za-z0-9 ._/:+-]*\"))*"
    ),
    "idempotency-key": re.compile(r'[A-Za-z0-9._~:/+=-]{1,128}|"[A-Za-z0-9._~:/+=-]{1,128}"'),
}
_LABEL = r"[a-z*][a-z0-9_.*-]{0,63}"
_INPUT_FORM = re.compile(rf"({_LABEL})=({re.escape(_COVERED)}((?:;[a-z]+=[^;,\s]+)+))")
_SIGNATURE_FORM = re.compile(rf"({_LABEL})=:([A-Za-z0-9+/]{{86}}==):")
_WORD = r'"[A-Za-z0-9._~:/+=@-]{1,128}"'
_PARAMETERS = {
    # Eleven digits last until the year 5138 and are a moment everywhere.
    "created": re.compile(r"0|[1-9][0-9]{0,10}"),
    "nonce": re.compile(_WORD),
    "keyid": re.compile(_WORD),
    "alg": re.compile('"ed25519"'),
    "tag": re.compile(re.escape(f'"{TAG}"')),
}


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came: `path` and `query` still percent-encoded, without the `?` between.

    `headers` are the lines in their order, none joined; `authority` is host and port.
    """

    method: str
    authority: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a request says of its own signature; `written` is signed, letter by letter."""

    keyid: str
    nonce: str
    created: datetime
    written: str
    signature: bytes


def sign_request(
    request: Request, key: Ed25519PrivateKey, *, keyid: str, created: datetime, nonce: str
) -> Request:
    """Return the request with its digest and its signature; `created` counts in whole seconds.

    It needs Content-Type and Idempotency-Key, and must not have what is added here.

    Raises: SignatureInvalid where nobody could verify it.
    """
    if created.tzinfo is None:
        raise SignatureInvalid("created: must be a moment with its offset from UTC")
    names = {name.lower() for name, _ in request.headers}
    if taken := sorted(names & {_DIGEST, _INPUT, _SIGNATURE}):
        raise SignatureInvalid(f"request: already has {', '.join(taken)}")
    digested = _with_header(request, "Content-Digest", content_digest(request.body))
    seconds = (created - _BEGIN) // timedelta(seconds=1)
    written = (
        f'{_COVERED};created={seconds};nonce="{nonce}";keyid="{keyid}";alg="ed25519";tag="{TAG}"'
    )
    # Before anything is signed: a nonce that holds a quote would say more than a nonce may.
    _parameters(written.removeprefix(_COVERED))
    signature = b64encode(key.sign(_base(digested, _headers(digested), written))).decode()
    named = _with_header(digested, "Signature-Input", f"{LABEL}={written}")
    return _with_header(named, "Signature", f"{LABEL}=:{signature}:")


def verify_request(
    request: Request, key: Ed25519PublicKey, *, keyid: str, window: Window, now: datetime
) -> Window:
    """Return the window with this request in it, if the key signed it lately and for the first time.

    Keep one window for each key. Nothing is remembered of a request that is refused.

    Raises: SignatureInvalid, Expired, Replayed.
    """
    headers = _headers(request)
    claim = _claim(headers)
    if claim.keyid != keyid:
        raise SignatureInvalid("request: signed by another key")
    base = _base(request, headers, claim.written)
    if not hmac.compare_digest(headers[_DIGEST], content_digest(request.body)):
        raise SignatureInvalid("content-digest: not of this body")
    try:
        key.verify(claim.signature, base)
    except InvalidSignature as error:
        raise SignatureInvalid("request: not signed by this key, or changed on the way") from error
    return remember(window, claim.nonce, claim.created, now)


def claimed_keyid(request: Request) -> str:
    """Return by which key the request says it is signed, to look that key up; nothing is verified.

    Raises: SignatureInvalid where it says so in no way that could be verified.
    """
    return _claim(_headers(request)).keyid


def content_digest(body: bytes) -> str:
    """Return the value of Content-Digest for this body (RFC 9530)."""
    return f"sha-256=:{b64encode(hashlib.sha256(body).digest()).decode()}:"


def signature_base(request: Request) -> bytes:
    """Return what the signature of a signed request is of (RFC 9421, 2.5).

    Raises: SignatureInvalid where the request cannot be read in one way only.
    """
    headers = _headers(request)
    return _base(request, headers, _claim(headers).written)


def _with_header(request: Request, name: str, value: str) -> Request:
    return replace(request, headers=(*request.headers, (name, value)))


def _headers(request: Request) -> dict[str, str]:
    """Return the headers that matter here, by their names in lower case."""
    found: dict[str, str] = {}
    for name, value in request.headers:
        if not _NAME.fullmatch(name) or _BREAKS.search(value):
            raise SignatureInvalid("headers: a line that is none")
        lowered = name.lower()
        if lowered not in {*SIGNED_HEADERS, _INPUT, _SIGNATURE}:
            continue
        if lowered in found:
            raise SignatureInvalid(f"{lowered}: stands there twice")
        found[lowered] = value
    return found


def _base(request: Request, headers: Mapping[str, str], written: str) -> bytes:
    """Return the lines that are signed."""
    authority = request.authority.lower() if request.authority.isascii() else ""
    parts = {
        "@method": _checked("method", request.method, _METHOD),
        "@authority": _checked("authority", authority, _AUTHORITY).removesuffix(_DEFAULT_PORT),
        "@path": _checked("path", request.path or "/", _PATH),
        "@query": "?" + _checked("query", request.query, _QUERY),
        **{
            name: _checked(name, headers.get(name, ""), form)
            for name, form in _HEADER_FORMS.items()
        },
        "@signature-params": written,
    }
    return "\n".join(f'"{name}": {value}' for name, value in parts.items()).encode()


def _checked(name: str, value: str, form: re.Pattern[str]) -> str:
    if not form.fullmatch(value):
        raise SignatureInvalid(f"{name}: missing, or not written as it must be")
    return value


def _claim(headers: Mapping[str, str]) -> _Claim:
    """Read the two headers of the signature; each has one way to be written."""
    named = _INPUT_FORM.fullmatch(headers.get(_INPUT, ""))
    signed = _SIGNATURE_FORM.fullmatch(headers.get(_SIGNATURE, ""))
    if named is None or signed is None or named[1] != signed[1]:
        raise SignatureInvalid("signature: missing, more than one, or not over what it must be")
    parameters = _parameters(named[3])
    signature = b64decode(signed[2])
    if b64encode(signature).decode() != signed[2]:
        raise SignatureInvalid("signature: not written as it must be")
    created = _BEGIN + timedelta(seconds=int(parameters["created"]))
    nonce, keyid = parameters["nonce"].strip('"'), parameters["keyid"].strip('"')
    return _Claim(keyid, nonce, created, named[2], signature)


def _parameters(written: str) -> dict[str, str]:
    """Read `;name=value;…`: all of ours, each once, in any order."""
    pairs = [each.partition("=") for each in written.removeprefix(";").split(";")]
    if sorted(name for name, _, _ in pairs) != sorted(_PARAMETERS):
        raise SignatureInvalid("signature-input: a parameter is missing, unknown or twice there")
    found = {name: value for name, _, value in pairs}
    for name, form in _PARAMETERS.items():
        _checked(f"signature-input {name}", found[name], form)
    return found
