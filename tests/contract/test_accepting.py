"""POL-09: who may say what is secret: the owner, and to be stricter the platform."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_agent.contract.accepting import accept_policy, canonical
from edge_agent.contract.errors import Expired, PolicyInvalid, SignatureInvalid
from edge_agent.contract.judging import Part, judge
from edge_agent.contract.policy import Policy
from edge_agent.contract.signing import Purpose, sign_document
from tests.contract.documents import NOW, document, policy

OWNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PLATFORM = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34)))
CURRENT = policy(version=3, default="L1")
TIGHTER: dict[str, Any] = {"version": 4, "default": "L2"}
LOOSER: dict[str, Any] = {"version": 4, "default": "L0"}


def accepted(
    written: bytes,
    signature: bytes,
    *,
    current: Policy | None = CURRENT,
    now: datetime = NOW,
    **others: Any,
) -> Policy:
    keys = {"owner_key": OWNER.public_key(), "platform_key": PLATFORM.public_key()} | others
    return accept_policy(written, signature, current=current, now=now, **keys)


def accepted_from(key: Ed25519PrivateKey, changes: dict[str, Any], **others: Any) -> Policy:
    written = canonical(document(**changes))
    return accepted(written, sign_document(written, key), **others)


def test_pol_09_the_owner_may_allow_more() -> None:
    assert accepted_from(OWNER, LOOSER) == policy(**LOOSER)
    assert accepted_from(OWNER, {}, current=None) == policy()
    assert accepted_from(OWNER, LOOSER, platform_key=None) == policy(**LOOSER)


def test_pol_09_the_platform_may_only_take_away() -> None:
    assert accepted_from(PLATFORM, TIGHTER) == policy(**TIGHTER)
    with pytest.raises(PolicyInvalid, match="looser than version 3: default"):
        accepted_from(PLATFORM, LOOSER)


def test_pol_09_the_platform_cannot_be_the_first() -> None:
    with pytest.raises(PolicyInvalid, match="signed by the owner"):
        accepted_from(PLATFORM, {"default": "L2"}, current=None)


def test_pol_09_the_platform_cannot_give_more_time() -> None:
    with pytest.raises(PolicyInvalid, match="valid_until: later"):
        accepted_from(PLATFORM, {**TIGHTER, "valid_until": "2036-01-01T00:00:01+00:00"})

    for begin, end in (("2026-01-01", "2026-11-20"), ("2026-11-22", "2036-01-01")):
        limits = {"valid_from": f"{begin}T00:00:00+00:00", "valid_until": f"{end}T00:00:00+00:00"}
        until = {"valid_until": f"{end}T00:00:00+00:00"}
        with pytest.raises(Expired):
            accepted_from(PLATFORM, TIGHTER | until, current=policy(version=3, **limits))


@pytest.mark.parametrize("key", [OWNER, PLATFORM])
@pytest.mark.parametrize("version", [1, 2, 3])
def test_pol_09_an_old_or_replayed_policy_is_refused(key: Ed25519PrivateKey, version: int) -> None:
    with pytest.raises(PolicyInvalid, match="version"):
        accepted_from(key, {"version": version, "default": "L2"})


@pytest.mark.parametrize("key", [OWNER, PLATFORM])
def test_pol_09_the_policy_of_another_tenant_is_refused(key: Ed25519PrivateKey) -> None:
    with pytest.raises(PolicyInvalid, match="tenant"):
        accepted_from(key, {**TIGHTER, "tenant": "school"})


def test_pol_09_the_first_policy_is_of_the_tenant_of_the_node() -> None:
    assert accepted_from(OWNER, {}, current=None, tenant="clinic").tenant == "clinic"
    with pytest.raises(PolicyInvalid, match="tenant"):
        accepted_from(OWNER, {}, current=None, tenant="school")


@pytest.mark.parametrize("key", [OWNER, PLATFORM])
@pytest.mark.parametrize(
    "now",
    [datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)],
)
def test_pol_09_a_policy_out_of_its_time_is_refused(key: Ed25519PrivateKey, now: datetime) -> None:
    with pytest.raises(Expired):
        accepted_from(key, TIGHTER, now=now)


def test_pol_09_a_moment_without_offset_is_no_time() -> None:
    with pytest.raises(Expired):
        accepted_from(OWNER, TIGHTER, now=NOW.replace(tzinfo=None))


def test_pol_09_a_key_that_is_both_is_nobodys() -> None:
    with pytest.raises(SignatureInvalid, match="the owner's key"):
        accepted_from(OWNER, TIGHTER, platform_key=OWNER.public_key())


def test_pol_09_without_a_platform_only_the_owner_counts() -> None:
    with pytest.raises(SignatureInvalid):
        accepted_from(PLATFORM, TIGHTER, platform_key=None)


WRITTEN = canonical(document(**TIGHTER))


@pytest.mark.parametrize("key", [OWNER, PLATFORM])
def test_pol_09_a_policy_with_a_flipped_bit_is_refused(key: Ed25519PrivateKey) -> None:
    signature = sign_document(WRITTEN, key)

    for bit in range(0, len(WRITTEN) * 8, 7):
        with pytest.raises(SignatureInvalid):
            accepted(_flipped(WRITTEN, bit), signature)
    for bit in range(len(signature) * 8):
        with pytest.raises(SignatureInvalid):
            accepted(WRITTEN, _flipped(signature, bit))


@given(st.just(WRITTEN) | st.binary(max_size=100), st.binary(max_size=70))
def test_pol_09_an_unsigned_policy_is_refused_whatever_it_says(
    written: bytes, signature: bytes
) -> None:
    with pytest.raises(SignatureInvalid):
        accepted(written, signature)


@given(
    st.just(WRITTEN) | st.binary(max_size=100),
    st.sampled_from([OWNER, PLATFORM, STRANGER]),
    st.sampled_from([None, *Purpose]),
)
def test_pol_09_what_was_signed_for_anything_else_is_refused(
    written: bytes, key: Ed25519PrivateKey, purpose: Purpose | None
) -> None:
    bare = key.sign(written)
    signature = bare if purpose is None else sign_document(written, key, purpose=purpose)

    if purpose is Purpose.POLICY and key is not STRANGER:
        if written != WRITTEN:
            with pytest.raises(PolicyInvalid):
                accepted(written, signature)
        return
    with pytest.raises(SignatureInvalid):
        accepted(written, signature)


SECRETS = (
    "mail li@example.cn",
    "password: hunter2!9x",
    "He was diagnosed with schizophrenia.",
    "Nothing to see here.",
)
LABELS = ("", "public", "internal", "confidential", "unknown")
CASES = [Part(text, label=label, collection="HR") for text in SECRETS for label in LABELS]
LEVELS = st.sampled_from(["L0", "L1", "L2"])
KINDS = st.fixed_dictionaries(
    {},
    optional={
        "EMAIL": LEVELS,
        "PASSWORD": LEVELS,
        "MEDICAL": st.sampled_from(["L2", {"level": "L1", "masked": False}]),
        "PERSON": st.builds(
            lambda level, score: {"level": level, "score_min": score},
            LEVELS,
            st.sampled_from([0.3, 0.75, 0.9]),
        ),
    },
)
WORD = {"name": "mail", "pattern": r"mail \S+|\S+: hunter\S+", "level": "L0"}
CHANGES = st.fixed_dictionaries(
    {"version": st.just(4), "default": LEVELS, "kinds": KINDS},
    optional={
        "tenant": st.sampled_from(["clinic", "school"]),
        "words": st.just([WORD]),
        "labels": st.fixed_dictionaries(
            {"public": LEVELS, "internal": LEVELS, "confidential": st.just("L2")}
        ),
        "collections": st.dictionaries(st.just("HR"), LEVELS),
        "valid_until": st.sampled_from(
            [f"{year}-01-01T00:00:00+00:00" for year in (2026, 2027, 2036, 2040)]
        ),
    },
)


@settings(max_examples=300, deadline=None)
@given(CHANGES)
def test_pol_09_no_policy_of_the_platform_lowers_any_judgement(changes: dict[str, Any]) -> None:
    kinds = {**document()["kinds"], **changes["kinds"]}
    try:
        new = accepted_from(PLATFORM, {**changes, "kinds": kinds})
    except (PolicyInvalid, Expired):
        return

    for moment in (NOW, datetime(2030, 1, 1, tzinfo=UTC), datetime(2039, 1, 1, tzinfo=UTC)):
        for each in CASES:
            was = judge([each], CURRENT, now=moment).level
            assert judge([each], new, now=moment).level >= was


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
        WRITTEN + b"\n",
        b"\xef\xbb\xbf" + WRITTEN,
        WRITTEN.decode().encode("utf-16"),
        json.dumps(document(**TIGHTER)).encode(),
        WRITTEN.replace(b'{"collections"', b'{"default":"L0","collections"'),
        WRITTEN.replace(b'"version":4', b'"version":4,"zone":1'),
        WRITTEN.replace(b'"version":4', b'"version":4e0'),
        WRITTEN.replace(b'"version":4', b'"version":' + b"9" * 5_000),
        canonical(document(words=[{"name": "x", "pattern": "a{99999999999}", "level": "L1"}])),
        canonical(document(valid_from="0001-01-01T00:00:00+23:59", valid_until="x")),
        WRITTEN.replace(b'"default":"L2"', b'"default":"L9"'),
        WRITTEN.replace(b'"default":"L2"', b'"default":"\\u004c2"'),
        WRITTEN.replace(b'"score_min":0.75', b'"score_min":1e999'),
        WRITTEN.replace(b'"score_min":0.75', b'"score_min":NaN'),
        WRITTEN.replace(b'"score_min":0.75', b'"score_min":0.750'),
    ],
)
def test_pol_09_what_is_signed_but_odd_is_refused(written: bytes) -> None:
    assert written != WRITTEN

    with pytest.raises(PolicyInvalid):
        accepted(written, sign_document(written, OWNER))


def test_pol_09_canonical_writes_the_same_policy_the_same_way() -> None:
    fields = document(valid_from=datetime(2026, 1, 1, tzinfo=UTC), words=())
    backwards = dict(reversed(fields.items()))

    assert canonical(fields) == canonical(backwards) == canonical(document())
    assert json.loads(canonical(fields)) == document()
    assert canonical({"b": "é\ud800", "a": [True, None, 0.5]}) == (
        b'{"a":[true,null,0.5],"b":"\\u00e9\\ud800"}'
    )


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), {1: "L0"}, {"L0"}, b"L0", NOW.date(), timedelta(1)]
)
def test_pol_09_canonical_refuses_what_could_be_read_otherwise(value: object) -> None:
    with pytest.raises(PolicyInvalid):
        canonical({"terms": value})


def _flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)
