"""Signed requests: for what was signed, by whom, and for one time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.contract.errors import Expired, Replayed, SignatureInvalid
from edge_agent.contract.replay import Window
from edge_agent.contract.request_signing import (
    Request,
    claimed_keyid,
    sign_request,
    signature_base,
    verify_request,
)
from tests.contract.signed_requests import (
    BODY,
    IMPORTANT,
    KEY,
    KEYID,
    NONCE,
    NOW,
    OTHER_KEY,
    PLAIN,
    SECOND,
    SIGNED,
    signed,
    verified,
)


def test_requests_are_verified_as_they_were_signed() -> None:
    window = verified(signed())

    assert dict(window.seen) == {NONCE: NOW}
    assert claimed_keyid(signed()) == KEYID


def test_requests_are_signed_over_what_the_standard_says() -> None:
    request = sign_request(
        replace(PLAIN, authority="EDGE.example.com:443", path="", query="", body=b""),
        KEY,
        keyid=KEYID,
        created=datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC),
        nonce="n",
    )

    parameters = (
        '("@method" "@authority" "@path" "@query" "content-digest" "content-type"'
        ' "idempotency-key");created=1767323045;nonce="n";keyid="node-1";alg="ed25519"'
        ';tag="drawbridge-edge/1"'
    )
    assert signature_base(request).decode().split("\n") == [
        '"@method": POST',
        '"@authority": edge.example.com',
        '"@path": /',
        '"@query": ?',
        # The digest of nothing, as RFC 9530 and everybody else has it.
        '"content-digest": sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:',
        '"content-type": application/json; charset=utf-8',
        '"idempotency-key": 4c1b7f52-0001',
        f'"@signature-params": {parameters}',
    ]


@pytest.mark.parametrize(
    "same",
    [
        {"authority": "EDGE.Example.com:8443"},
        {"headers": tuple((name.lower(), value) for name, value in signed().headers)},
        {"headers": (*signed().headers, ("X-Request-Id", "a, b"), ("X-Request-Id", "c"))},
    ],
)
def test_requests_are_the_same_where_the_standard_says_so(same: dict[str, Any]) -> None:
    assert verified(replace(signed(), **same)).seen


def test_requests_without_path_or_port_are_those_with_the_default() -> None:
    short = signed(replace(PLAIN, authority="edge.example.com", path="", query=""))

    assert verified(replace(short, authority="edge.example.com:443", path="/")).seen


@given(
    st.sampled_from(["method", "authority", "path", "query"]), st.integers(0), st.integers(1, 255)
)
def test_requests_are_refused_when_a_byte_of_the_target_changes(
    name: str, place: int, change: int
) -> None:
    value = str(getattr(SIGNED, name))
    changed = _changed(value, place, change)
    same = name == "authority" and changed.lower() == value and changed.isascii()

    if not same:
        with pytest.raises(SignatureInvalid):
            verified(_with(name, changed))


@given(st.sampled_from(IMPORTANT), st.booleans(), st.integers(0), st.integers(1, 255))
def test_requests_are_refused_when_a_byte_of_a_header_changes(
    index: int, is_name: bool, place: int, change: int
) -> None:
    name, value = SIGNED.headers[index]
    line = (_changed(name, place, change), value)
    if not is_name:
        line = (name, _changed(value, place, change))
    headers = (*SIGNED.headers[:index], line, *SIGNED.headers[index + 1 :])

    # Names of headers are the same in both cases; to lower case alone, as ſ and K are no s and k.
    if line[0] != name and line[0].isascii() and line[0].lower() == name.lower():
        assert verified(replace(SIGNED, headers=headers)).seen
        return
    with pytest.raises(SignatureInvalid):
        verified(replace(SIGNED, headers=headers))


def test_requests_are_refused_for_any_flipped_bit_of_the_body() -> None:
    for bit in range(len(BODY) * 8):
        changed = bytearray(BODY)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SignatureInvalid, match="content-digest"):
            verified(replace(SIGNED, body=bytes(changed)))


@given(st.data())
def test_requests_are_refused_when_anything_is_put_in_or_left_out(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["method", "authority", "path", "query", "body"]))
    value = getattr(SIGNED, name)
    place = data.draw(st.integers(0, len(value)))
    more = data.draw(st.binary(max_size=2) if name == "body" else st.text(max_size=2))
    changed = value[:place] + more + value[place + data.draw(st.integers(0, 2)) :]
    if changed == value or (name == "authority" and changed.lower() == value):
        return

    with pytest.raises(SignatureInvalid):
        verified(_with(name, changed))


@given(st.binary(max_size=300), st.from_regex(r"[A-Za-z0-9._~:/+=@-]{1,128}", fullmatch=True))
def test_requests_of_any_body_and_nonce_are_taken_once(body: bytes, nonce: str) -> None:
    request = signed(replace(PLAIN, body=body), nonce=nonce)

    window = verified(request)

    with pytest.raises(Replayed):
        verified(request, window)
    with pytest.raises(Replayed):
        verified(request, window, now=NOW + 2 * SECOND)


def test_requests_are_refused_when_another_request_had_their_nonce() -> None:
    window = verified(signed())

    with pytest.raises(Replayed):
        verified(signed(replace(PLAIN, body=b"other")), window)


@pytest.mark.parametrize("off", [-301 * SECOND, timedelta(days=-400), 31 * SECOND])
def test_requests_are_refused_when_too_old_or_from_the_future(off: timedelta) -> None:
    with pytest.raises(Expired):
        verified(signed(created=NOW + off))


def test_requests_are_not_signed_for_a_moment_without_offset() -> None:
    with pytest.raises(SignatureInvalid, match="offset"):
        signed(created=NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    "nonce", ["", "n" * 129, 'n";keyid="x', "n\n", "nö", "a b", "a;b", "\ud800"]
)
def test_requests_are_not_signed_with_a_nonce_that_says_more(nonce: str) -> None:
    with pytest.raises(SignatureInvalid):
        signed(nonce=nonce)


def test_requests_by_another_key_are_refused_before_they_are_remembered() -> None:
    with pytest.raises(SignatureInvalid, match="not signed by this key"):
        verified(signed(key=OTHER_KEY, created=NOW - timedelta(days=1)))


def test_requests_are_refused_under_the_name_of_another_key() -> None:
    with pytest.raises(SignatureInvalid, match="another key"):
        verify_request(SIGNED, KEY.public_key(), keyid="node-2", window=Window(), now=NOW)


def _changed(value: str, place: int, change: int) -> str:
    place %= len(value)
    return value[:place] + chr(ord(value[place]) ^ change) + value[place + 1 :]


def _with(name: str, value: object) -> Request:
    changes: dict[str, Any] = {name: value}
    return replace(SIGNED, **changes)


LINES = st.lists(st.tuples(st.sampled_from([*dict(SIGNED.headers), "", "x"]), st.text(max_size=9)))


@given(st.text(), st.text(), st.text(), st.text(), LINES, st.booleans())
def test_requests_of_any_kind_are_refused_and_break_nothing(
    method: str, authority: str, path: str, query: str, lines: list[tuple[str, str]], keep: bool
) -> None:
    headers = (*SIGNED.headers, *lines) if keep else tuple(lines)

    with pytest.raises(SignatureInvalid):
        verified(Request(method, authority, path, query, headers, BODY))
