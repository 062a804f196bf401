"""Signed requests have one form: whatever could be read in two ways is refused."""

from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest

from edge_agent.contract.errors import SignatureInvalid
from edge_agent.contract.request_signing import TAG, Request, signature_base
from tests.contract.signed_requests import (
    IMPORTANT,
    KEY,
    KEYID,
    NONCE,
    NOW,
    PLAIN,
    SIGNED,
    signed,
    verified,
    with_header,
)

CREATED = f"created={NOW.timestamp():.0f}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # Another tag, another algorithm, and such as nobody knows.
        ('tag="drawbridge-edge/1"', 'tag="drawbridge-edge/2"'),
        ('tag="drawbridge-edge/1"', 'tag="Drawbridge-Edge/1"'),
        ("ed25519", "hmac-sha256"),
        ("ed25519", "Ed25519"),
        # Missing, unknown, twice there, or without a value.
        (f';nonce="{NONCE}"', ""),
        (f';keyid="{KEYID}"', ""),
        (';alg="ed25519"', ""),
        (f';tag="{TAG}"', ""),
        (f';keyid="{KEYID}"', f';keyid="{KEYID}";expires=1999999999'),
        (f';keyid="{KEYID}"', f';keyid="{KEYID}";keyid="{KEYID}"'),
        (f';keyid="{KEYID}"', ';keyid="node-2";keyid="node-1"'),
        (f'nonce="{NONCE}"', "nonce"),
        (f'nonce="{NONCE}"', 'nonce=""'),
        (f'nonce="{NONCE}"', f"nonce={NONCE}"),
        (f'nonce="{NONCE}"', f'nonce="{NONCE}'),
        (f'nonce="{NONCE}"', f'nonce="{NONCE}\\""'),
        (f'nonce="{NONCE}"', f'nonce="{"n" * 129}"'),
        (f'nonce="{NONCE}"', f"nonce=:{NONCE}=:"),
        ("created=", "created=0"),
        ("created=", "created=+"),
        ("created=", "created=-"),
        ("created=", "created=9999"),
        ("created=", 'created="'),
        # Named, because workers that collect them in different seconds must agree.
        pytest.param(CREATED, f"created={NOW.timestamp():.1f}", id="created as a decimal"),
        pytest.param(CREATED, f"created=@{NOW.timestamp():.0f}", id="created as a date"),
        (";keyid", "; keyid"),
        (";keyid", " ;keyid"),
        (";keyid", ";KeyID"),
        # Other components, in another order, case or spacing, or with parameters.
        ('"@method" ', ""),
        ('"@method" "@authority"', '"@authority" "@method"'),
        ('"@method"', '"@METHOD"'),
        ('"@method"', '"@method" "@method"'),
        ('"content-digest"', '"Content-Digest"'),
        ('"content-digest"', '"content-digest";sf'),
        ('"content-digest"', '"content-digest";req'),
        ('"@query"', '"@query-param";name="after"'),
        ('"@path" "@query"', '"@path"  "@query"'),
        ('"idempotency-key")', '"idempotency-key" )'),
        ('"idempotency-key")', '"idempotency-key" "user-agent")'),
    ],
)
def test_requests_are_refused_when_signed_in_another_form(old: str, new: str) -> None:
    with pytest.raises(SignatureInvalid):
        verified(signed_oddly(old, new))


def test_requests_may_have_their_parameters_in_any_order() -> None:
    swapped = f'alg="ed25519";tag="{TAG}"', f'tag="{TAG}";alg="ed25519"'

    assert verified(signed_oddly(*swapped)).seen


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Content-Type", "application/json, application/json"),
        ("Content-Type", ""),
        ("Content-Type", " application/json"),
        ("Content-Type", "application/json\r\n text/html"),
        ("Content-Type", "application/jsön"),
        ("Idempotency-Key", ""),
        ("Idempotency-Key", "a, b"),
        ("Idempotency-Key", "a\n"),
        ("Idempotency-Key", "n" * 129),
        ("User-Agent", "a\r\n b"),
        ("User-Agent", "a\0b"),
        ("User-Agent ", "a"),
        ("", "a"),
        ("Idempotency-Key", "tab\tin"),
    ],
)
def test_requests_with_odd_headers_are_neither_signed_nor_verified(name: str, value: str) -> None:
    def oddly(request: Request) -> Request:
        others = (line for line in request.headers if line[0] != name.strip())
        return replace(request, headers=((name, value), *others))

    with pytest.raises(SignatureInvalid):
        signed(oddly(PLAIN))
    with pytest.raises(SignatureInvalid):
        verified(oddly(SIGNED))


@pytest.mark.parametrize(
    "change",
    [
        {"method": "post"},
        {"method": ""},
        {"method": "GET\n"},
        {"authority": ""},
        {"authority": "edge.example.com:"},
        {"authority": "edge.example.com:0443"},
        {"authority": "user@edge.example.com"},
        {"authority": "edge.example.com/x"},
        {"authority": "edge.example.\u212aom"},
        {"path": "api"},
        {"path": "/a b"},
        {"path": "/a?b"},
        {"path": "/%zz"},
        {"path": "/桥"},
        {"query": "a#b"},
        {"query": "a b"},
        {"query": "a=桥"},
    ],
)
def test_requests_to_odd_places_are_not_signed(change: dict[str, Any]) -> None:
    with pytest.raises(SignatureInvalid):
        signed(replace(PLAIN, **change))


@pytest.mark.parametrize("index", IMPORTANT)
def test_requests_are_refused_when_a_header_is_missing_or_twice_there(index: int) -> None:
    headers = SIGNED.headers

    for changed in (
        headers[:index] + headers[index + 1 :],
        (*headers, headers[index]),
        (*headers, (headers[index][0].upper(), headers[index][1])),
        (*headers, (headers[index][0], "")),
    ):
        with pytest.raises(SignatureInvalid):
            verified(replace(SIGNED, headers=changed))


def test_requests_with_two_signatures_are_refused() -> None:
    odd = SIGNED
    for name in ("Signature-Input", "Signature"):
        value = dict(odd.headers)[name]
        odd = with_header(odd, name, value, f"{value}, {value.replace('drawbridge=', 'b=', 1)}")

    with pytest.raises(SignatureInvalid):
        verified(odd)


def test_requests_are_refused_when_base64_ends_in_other_bits() -> None:
    signature = dict(SIGNED.headers)["Signature"]
    last = signature[-4]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    # The last letter tells two bits; the other four must be nothing.
    twin = alphabet[alphabet.index(last) + 1]

    with pytest.raises(SignatureInvalid, match="not written as it must be"):
        verified(with_header(SIGNED, "Signature", f"{last}==:", f"{twin}==:"))


def test_requests_already_signed_are_not_signed_again() -> None:
    with pytest.raises(SignatureInvalid, match="already has content-digest, signature, sig"):
        signed(SIGNED)


def signed_oddly(old: str, new: str) -> Request:
    """Return a request that the right key signed, with this in its signature's parameters."""
    request = signed()
    written = dict(request.headers)["Signature-Input"].partition("=")[2]
    assert old in written
    base = signature_base(request).replace(written.encode(), written.replace(old, new).encode())
    signature = KEY.sign(base)
    odd = with_header(request, "Signature-Input", written, written.replace(old, new))
    was = dict(request.headers)["Signature"].split(":")[1]
    return with_header(odd, "Signature", was, b64encode(signature).decode())
