"""What comes with an answer: whose it is, of which task, of which text, and what it took.

A sealed envelope is the signature, 64 bytes, and after it the envelope as canonical JSON. There
is one way to write each envelope, so no bit of it can change and still be taken for the same.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from edge_agent.contract.errors import ContractError, SignatureInvalid
from edge_agent.contract.signing import SIGNATURE_BYTES, Purpose, sign_document, verify_document

SCHEMA = "drawbridge-answer/1"


@dataclass(frozen=True, slots=True)
class Envelope:
    """`text_sha256` is of the full text as it was sent, in UTF-8; `issued_at` has its offset."""

    task_id: str
    audience: str
    text_sha256: str
    tokens_in: int
    tokens_out: int
    issued_at: datetime


def envelope_for(
    text: str,
    *,
    task_id: str,
    audience: str,
    tokens_in: int,
    tokens_out: int,
    issued_at: datetime,
) -> Envelope:
    return Envelope(task_id, audience, _sha256(text), tokens_in, tokens_out, issued_at)


def seal(envelope: Envelope, key: Ed25519PrivateKey) -> bytes:
    """Return the signed envelope.

    Raises: ContractError where it says something that could not be opened again.
    """
    _check(envelope)
    document = _document(envelope)
    return sign_document(document, key, purpose=Purpose.ANSWER) + document


def open_envelope(
    sealed: bytes, key: Ed25519PublicKey, *, task_id: str, audience: str, text: str
) -> Envelope:
    """Return the envelope, if it is signed by the key and is of this task, audience and text.

    Raises: SignatureInvalid for everything else.
    """
    signature, document = sealed[:SIGNATURE_BYTES], sealed[SIGNATURE_BYTES:]
    verify_document(document, signature, key, purpose=Purpose.ANSWER)
    envelope = _envelope_of(document)
    if envelope.audience != audience:
        raise SignatureInvalid("envelope: for another audience")
    if envelope.task_id != task_id:
        raise SignatureInvalid("envelope: of another task")
    if envelope.text_sha256 != _sha256(text):
        raise SignatureInvalid("envelope: of another text")
    return envelope


def _sha256(text: str) -> str:
    # A lone surrogate cannot be sent, but must not stop who compares.
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _document(envelope: Envelope) -> bytes:
    issued_at = envelope.issued_at.astimezone(UTC).isoformat()
    fields = asdict(envelope) | {"schema": SCHEMA, "issued_at": issued_at}
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


def _envelope_of(document: bytes) -> Envelope:
    """Read what was signed. Even the right key may have signed what we do not understand."""
    try:
        fields = json.loads(document)
        # What lacks a field, has another or another schema is not written back as it was.
        fields.pop("schema")
        envelope = Envelope(**fields | {"issued_at": datetime.fromisoformat(fields["issued_at"])})
        _check(envelope)
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        ContractError,
    ) as error:
        raise SignatureInvalid("envelope: signed, but not understood") from error
    if _document(envelope) != document:
        raise SignatureInvalid("envelope: signed, but not written as it must be")
    return envelope


def _check(envelope: Envelope) -> None:
    # At the far ends of the calendar a moment cannot be told in UTC.
    if envelope.issued_at.tzinfo is None or not 2000 <= envelope.issued_at.year < 3000:
        raise ContractError("issued_at: must be a moment of our time, with its offset from UTC")
    for name in ("task_id", "audience", "text_sha256"):
        if not isinstance(value := getattr(envelope, name), str) or not value:
            raise ContractError(f"{name}: must be a text")
    for name in ("tokens_in", "tokens_out"):
        if type(value := getattr(envelope, name)) is not int or value < 0:
            raise ContractError(f"{name}: must be a whole number from 0")
