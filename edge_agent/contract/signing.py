"""Ed25519 signatures, each good for one purpose only."""

from enum import StrEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from edge_agent.contract.errors import SignatureInvalid

SIGNATURE_BYTES = 64


class Purpose(StrEnum):
    """What a signature is for; it is signed too, so a policy never passes for an answer."""

    POLICY = "drawbridge-signed-policy/1"
    ANSWER = "drawbridge-signed-answer/1"


def sign_document(
    document: bytes, key: Ed25519PrivateKey, *, purpose: Purpose = Purpose.POLICY
) -> bytes:
    """Return the signature of these very bytes."""
    return key.sign(_signed(document, purpose))


def verify_document(
    document: bytes,
    signature: bytes,
    key: Ed25519PublicKey,
    *,
    purpose: Purpose = Purpose.POLICY,
) -> None:
    """Return where the signature is of these very bytes, for this purpose, by this key.

    Raises: SignatureInvalid.
    """
    try:
        key.verify(signature, _signed(document, purpose))
    except InvalidSignature as error:
        raise SignatureInvalid(f"not signed as {purpose}, or changed on the way") from error


def _signed(document: bytes, purpose: Purpose) -> bytes:
    """Return what is signed: no purpose holds the zero that ends it, so none begins another."""
    return purpose.encode() + b"\0" + document
