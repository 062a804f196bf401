"""Signatures: of these bytes, by this key, for this purpose, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.contract.errors import Expired, Replayed, SignatureInvalid
from edge_agent.contract.replay import Window, remember
from edge_agent.contract.signing import Purpose, sign_document, verify_document

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@given(st.binary(max_size=200))
def test_signing_holds_for_what_was_signed(document: bytes) -> None:
    verify_document(document, sign_document(document, KEY), KEY.public_key())


def test_signing_fails_for_any_flipped_bit() -> None:
    document = b"schema: drawbridge-policy/1"
    signature = sign_document(document, KEY)

    for bit in range(len(document) * 8):
        with pytest.raises(SignatureInvalid):
            verify_document(flipped(document, bit), signature, KEY.public_key())
    for bit in range(len(signature) * 8):
        with pytest.raises(SignatureInvalid):
            verify_document(document, flipped(signature, bit), KEY.public_key())


@pytest.mark.parametrize("length", [0, 1, 63, 65])
def test_signing_fails_for_signatures_of_another_length(length: int) -> None:
    signature = (sign_document(b"policy", KEY) * 2)[:length]

    with pytest.raises(SignatureInvalid):
        verify_document(b"policy", signature, KEY.public_key())


def test_signing_fails_for_another_key() -> None:
    with pytest.raises(SignatureInvalid):
        verify_document(b"policy", sign_document(b"policy", KEY), OTHER_KEY.public_key())


def test_signing_fails_for_another_purpose() -> None:
    signature = sign_document(b"policy", KEY, purpose=Purpose.ANSWER)

    with pytest.raises(SignatureInvalid):
        verify_document(b"policy", signature, KEY.public_key())


def test_signing_fails_for_a_bare_signature_of_the_document() -> None:
    with pytest.raises(SignatureInvalid):
        verify_document(b"policy", KEY.sign(b"policy"), KEY.public_key())


def test_replay_takes_each_nonce_once() -> None:
    window = remember(Window(), "a", NOW, NOW)
    window = remember(window, "b", NOW, NOW)

    for nonce in ("a", "b"):
        with pytest.raises(Replayed):
            remember(window, nonce, NOW, NOW + SECOND)


@pytest.mark.parametrize("off", [timedelta(minutes=-5), timedelta(hours=-1), 31 * SECOND])
def test_replay_refuses_what_is_not_of_now(off: timedelta) -> None:
    with pytest.raises(Expired):
        remember(Window(), "a", NOW + off, NOW)


def test_replay_refuses_moments_without_an_offset() -> None:
    with pytest.raises(Expired):
        remember(Window(), "a", NOW.replace(tzinfo=None), NOW)


def test_replay_forgets_only_what_is_too_old_for_ever() -> None:
    window = remember(Window(), "a", NOW, NOW)
    later = NOW + timedelta(minutes=6)
    window = remember(window, "b", later, later)

    assert set(window.seen) == {"b"}
    with pytest.raises(Expired):
        # The clock was set back: the first request would look fresh again.
        remember(window, "a", NOW, NOW + SECOND)


@pytest.mark.parametrize("nonce", ["", "n" * 129])
def test_replay_refuses_nonces_that_cannot_be_kept(nonce: str) -> None:
    with pytest.raises(Replayed):
        remember(Window(), nonce, NOW, NOW)


def test_replay_refuses_when_it_can_keep_no_more() -> None:
    window = remember(Window(size_max=1), "a", NOW, NOW)

    with pytest.raises(Replayed):
        remember(window, "b", NOW, NOW)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 900), st.integers(-400, 60))))
def test_replay_never_takes_the_same_request_twice(steps: list[tuple[str, int, int]]) -> None:
    window, taken = Window(), set()

    for nonce, clock, age in steps:
        now = NOW + clock * SECOND
        request = (nonce, now + age * SECOND)
        try:
            window = remember(window, *request, now)
        except (Expired, Replayed):
            continue
        assert request not in taken
        taken.add(request)


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)
