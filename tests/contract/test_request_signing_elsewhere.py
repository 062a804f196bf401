"""Signed requests are understood by another implementation of the standard, and the other way round."""

from dataclasses import dataclass, field, replace

from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, MappingKeyResolver
from http_message_signatures.algorithms import ED25519
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.contract.request_signing import COMPONENTS, TAG, Request, content_digest
from tests.contract.signed_requests import (
    KEY,
    KEYID,
    NONCE,
    NOW,
    PLAIN,
    signed,
    verified,
)


@dataclass
class Message:
    """A request as the other implementation takes it."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)


PATHS = st.from_regex(r"(/[a-z0-9._~!$&'()*+,;=:@-]{0,5}(%[0-9A-F]{2})?){1,3}", fullmatch=True)
QUERIES = st.from_regex(r"[a-z0-9._~!$'()*+,;:@/?=&-]{0,8}", fullmatch=True)
AUTHORITIES = st.sampled_from(
    ["edge.example.com", "Edge.Example.COM:443", "localhost:8443", "127.0.0.1:80", "[::1]:8443"]
)
RESOLVER = MappingKeyResolver(public_keys={KEYID: KEY.public_key()}, private_keys={KEYID: KEY})


def _message(request: Request) -> Message:
    query = f"?{request.query}" if request.query else ""
    url = f"https://{request.authority}{request.path}{query}"
    return Message(request.method, url, dict(request.headers))


@given(AUTHORITIES, PATHS | st.just(""), QUERIES, st.binary(max_size=50))
def test_requests_of_ours_are_verified_by_another_implementation(
    authority: str, path: str, query: str, body: bytes
) -> None:
    request = signed(replace(PLAIN, authority=authority, path=path, query=query, body=body))

    verifier = HTTPMessageVerifier(signature_algorithm=ED25519, key_resolver=RESOLVER)
    [result] = verifier.verify(_message(request), expect_tag=TAG, body=body)

    assert [each.strip('"') for each in result.covered_components][:-1] == list(COMPONENTS)
    assert (result.nonce, result.parameters["keyid"]) == (NONCE, KEYID)


@given(AUTHORITIES, PATHS | st.just(""), QUERIES, st.binary(max_size=50))
def test_requests_of_another_implementation_are_verified_by_ours(
    authority: str, path: str, query: str, body: bytes
) -> None:
    plain = replace(PLAIN, authority=authority, path=path, query=query, body=body)
    message = _message(plain)
    message.headers["Content-Digest"] = content_digest(body)
    signer = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=RESOLVER)

    signer.sign(
        message,
        key_id=KEYID,
        created=NOW,
        nonce=NONCE,
        tag=TAG,
        covered_component_ids=COMPONENTS,
        body=body,
        use_existing_digest=True,
    )

    assert verified(replace(plain, headers=tuple(message.headers.items()))).seen
