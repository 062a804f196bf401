"""Runs that nobody can read and everybody may: digests, public keys and certificates.

Each must be what it says it is, by its length or its structure; what only calls itself one is held.
"""

import re
from base64 import b64decode
from binascii import Error as Base64Error

# Subresource integrity and lock files: the name of the digest, then all its bytes.
_DIGEST = re.compile(r"sha(?:256-[A-Za-z0-9+/]{43}=|384-[A-Za-z0-9+/]{64}|512-[A-Za-z0-9+/]{86}==)")
_SSH_NAME = re.compile(
    r"(?:ssh-(?:ed25519|rsa|dss)|ecdsa-sha2-nistp(?:256|384|521)|sk-[a-z0-9@.-]{8,40}) {1,4}\Z"
)
_PEM_LABEL = re.compile(r"-----BEGIN (?:CERTIFICATE|(?:RSA |EC )?PUBLIC KEY)-----\s{1,4}\Z")
_BEFORE_MAX = 60
# The last line of a block may be too short to belong to the run.
_REST_BYTES_MAX = 48
_DER_SEQUENCE = b"\x30\x82"


def is_published(text: str, start: int, end: int) -> bool:
    """Say whether the run is a digest, a public key or a certificate."""
    if _DIGEST.fullmatch(text, start, end):
        return True
    first = max(0, start - _BEFORE_MAX)
    named = _SSH_NAME.search(text, first, start)
    if named is not None:
        name = named[0].strip().encode("ascii")
        return _bytes(text[start:end]).startswith(len(name).to_bytes(4) + name)
    return _PEM_LABEL.search(text, first, start) is not None and _is_der(_bytes(text[start:end]))


def _is_der(block: bytes) -> bool:
    """Say whether it is one DER sequence, as long as it says; RFC 7468 puts nothing else there."""
    rest = int.from_bytes(block[2:4]) + 4 - len(block)
    return block[:2] == _DER_SEQUENCE and 0 <= rest <= _REST_BYTES_MAX


def _bytes(run: str) -> bytes:
    """Return what the run decodes to, as far as it goes in whole groups of four."""
    signs = "".join(run.split())
    try:
        return b64decode(signs[: len(signs) // 4 * 4], validate=True)
    except Base64Error:
        return b""
