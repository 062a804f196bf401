"""Envelopes: opened only by whom, for what and with what they were sealed."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.contract.envelopes import Envelope, envelope_for, open_envelope, seal
from edge_agent.contract.errors import ContractError, SignatureInvalid
from edge_agent.contract.signing import Purpose, sign_document

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
TEXT = "The bridge is down. 桥断了。"
NOW = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
ENVELOPE = envelope_for(
    TEXT, task_id="task-1", audience="house-1", tokens_in=12, tokens_out=34, issued_at=NOW
)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2999, 12, 31))  # noqa: DTZ001  made UTC below


def opened(sealed: bytes, **other: Any) -> Envelope:
    expected = {"task_id": "task-1", "audience": "house-1", "text": TEXT} | other
    return open_envelope(sealed, KEY.public_key(), **expected)


def test_envelopes_come_back_as_they_were_sealed() -> None:
    assert opened(seal(ENVELOPE, KEY)) == ENVELOPE


@given(st.text(), st.text(min_size=1), st.text(min_size=1), st.integers(0), MOMENTS)
def test_envelopes_hold_any_text(
    text: str, task_id: str, audience: str, tokens: int, moment: datetime
) -> None:
    envelope = envelope_for(
        text,
        task_id=task_id,
        audience=audience,
        tokens_in=tokens,
        tokens_out=tokens,
        issued_at=moment.replace(tzinfo=UTC),
    )

    assert opened(seal(envelope, KEY), task_id=task_id, audience=audience, text=text) == envelope


def test_envelopes_are_the_same_bytes_whatever_the_offset() -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=8)))

    assert seal(replace(ENVELOPE, issued_at=elsewhere), KEY) == seal(ENVELOPE, KEY)


def test_envelopes_are_refused_for_any_flipped_bit() -> None:
    sealed = seal(ENVELOPE, KEY)

    for bit in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SignatureInvalid):
            opened(bytes(changed))


def test_envelopes_are_refused_when_cut_or_continued() -> None:
    sealed = seal(ENVELOPE, KEY)

    for changed in (*(sealed[:length] for length in range(len(sealed))), sealed + b" "):
        with pytest.raises(SignatureInvalid):
            opened(changed)


@pytest.mark.parametrize(
    "other", [{"task_id": "task-2"}, {"audience": "house-2"}, {"text": TEXT + " "}, {"text": ""}]
)
def test_envelopes_are_refused_elsewhere(other: dict[str, str]) -> None:
    with pytest.raises(SignatureInvalid):
        opened(seal(ENVELOPE, KEY), **other)


def test_envelopes_are_refused_from_another_key() -> None:
    with pytest.raises(SignatureInvalid):
        opened(seal(ENVELOPE, OTHER_KEY))


def test_envelopes_are_refused_when_signed_for_another_purpose() -> None:
    document = seal(ENVELOPE, KEY)[64:]

    with pytest.raises(SignatureInvalid):
        opened(sign_document(document, KEY, purpose=Purpose.POLICY) + document)


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "drawbridge-answer/2"},
        {"more": 1},
        {"tokens_in": -1},
        {"tokens_in": True},
        {"tokens_out": "1"},
        {"issued_at": "2026-01-02T03:04:05"},
        {"issued_at": "2026-01-02T11:04:05+08:00"},
        {"issued_at": "0001-01-01T00:00:00+08:00"},
        {"issued_at": 5},
        {"task_id": ""},
        {"audience": None},
    ],
)
def test_envelopes_are_refused_when_signed_but_odd(change: dict[str, object]) -> None:
    fields = json.loads(seal(ENVELOPE, KEY)[64:]) | change
    document = json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()

    with pytest.raises(SignatureInvalid):
        opened(sign_document(document, KEY, purpose=Purpose.ANSWER) + document)


@pytest.mark.parametrize("document", [b"", b"[]", b"null", b"{", b"\xff", b"[" * 100_000])
def test_envelopes_are_refused_when_signed_but_no_envelope(document: bytes) -> None:
    with pytest.raises(SignatureInvalid):
        opened(sign_document(document, KEY, purpose=Purpose.ANSWER) + document)


def test_envelopes_are_not_sealed_when_they_could_not_be_opened() -> None:
    for change in ({"tokens_in": -1}, {"task_id": ""}, {"issued_at": NOW.replace(tzinfo=None)}):
        with pytest.raises(ContractError):
            seal(replace(ENVELOPE, **change), KEY)
