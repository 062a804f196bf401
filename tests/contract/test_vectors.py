"""The vectors, which any implementation of the contract must fulfil, run on this one."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge_agent.contract.accepting import accept_policy, canonical
from edge_agent.contract.default_policy import default_document
from edge_agent.contract.envelopes import envelope_for, open_envelope, seal
from edge_agent.contract.errors import ContractError
from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.judging import Judgement, Part, judge
from edge_agent.contract.levels import Destination, Level
from edge_agent.contract.masking import book_from_json, book_to_json, mask
from edge_agent.contract.policy import DENY_ALL, Policy, decide
from edge_agent.contract.policy_document import policy_of
from edge_agent.contract.replay import Window
from edge_agent.contract.request_signing import (
    Request,
    sign_request,
    signature_base,
    verify_request,
)
from edge_agent.contract.restoring import Restorer
from edge_agent.contract.signing import SIGNATURE_BYTES, Purpose, sign_document

Fields = dict[str, Any]
FOLDER = Path(__file__).with_name("vectors")
JUDGED, DECIDED, MASKED, SIGNED = (
    json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    for name in ("judgements", "decisions", "masks", "signed")
)
KEYS = {
    name: Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
    for name, seed in SIGNED["seeds"].items()
}
POLICY = policy_of(JUDGED["policy"])


def each_of(cases: list[Fields]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case["name"] for case in cases])


def test_vectors_say_what_they_are() -> None:
    for path in sorted(FOLDER.iterdir()):
        document = json.loads(path.read_text(encoding="utf-8"))
        assert document["schema"] == f"drawbridge-vectors-{path.stem}/1"
        assert document["source"]
        assert document["about"]
        for cases in (value for value in document.values() if isinstance(value, list)):
            assert len({case["name"] for case in cases}) == len(cases)


def test_vectors_judge_enough_in_both_languages() -> None:
    names = [case["name"] for case in JUDGED["cases"]]
    quiet = [case for case in JUDGED["cases"] if case["level"] == "L0"]

    assert sum("-en-" in name for name in names) >= 60
    assert sum("-zh-" in name for name in names) >= 60
    assert len(quiet) >= 60
    assert sum("not_met_yet" in case for case in JUDGED["cases"]) <= 4


@each_of(JUDGED["cases"])
def test_vectors_are_judged_as_promised(case: Fields, request: pytest.FixtureRequest) -> None:
    if "not_met_yet" in case:
        request.applymarker(pytest.mark.xfail(reason=case["not_met_yet"], strict=False))

    judgement = judged(case, POLICY)

    kinds = {each.kind for findings in judgement.findings for each in findings}
    assert (judgement.level.name, sorted(kinds)) == (case["level"], case["kinds"])


@each_of([case for case in JUDGED["cases"] if not case["name"].startswith(("origin", "words"))])
def test_vectors_hold_for_the_default_policy_of_today(
    case: Fields, request: pytest.FixtureRequest
) -> None:
    if "not_met_yet" in case:
        request.applymarker(pytest.mark.xfail(reason=case["not_met_yet"], strict=False))

    assert judged(case, policy_of(default_document("clinic"))).level.name == case["level"]


def judged(case: Fields, policy: Policy) -> Judgement:
    now = datetime.fromisoformat(JUDGED["now"])
    return judge([part_of(part) for part in case["parts"]], policy, now=now)


def part_of(part: Fields) -> Part:
    text = part["text"]
    others = {key: part[key] for key in ("label", "path", "collection") if key in part}
    floor = Level[part.get("floor", "L0")]
    return Part(text if isinstance(text, str) else "".join(text), floor=floor, **others)


@each_of(DECIDED["cases"])
def test_vectors_are_decided_as_the_table_says(case: Fields) -> None:
    document = case.get("policy", DECIDED["policy"])
    policy = DENY_ALL if document is None else policy_of(document)
    level, destination = Level[case["level"]], Destination[case["destination"]]

    decision = decide(level, destination, policy, now=datetime.fromisoformat(case["now"]))

    assert (decision.level.name, decision.passage.name, decision.rule) == (
        case["decided_level"],
        case["passage"],
        case["rule"],
    )


@each_of(MASKED["cases"])
def test_vectors_are_masked_byte_for_byte(case: Fields) -> None:
    text, book = masked(case)

    assert (text, book) == (case["masked"], case["book_after"])
    restorer = Restorer(book_from_json(book.encode()))
    assert restorer.feed(text) + restorer.close() == case["text"]


@each_of(MASKED["refused"])
def test_vectors_that_cannot_be_masked_are_refused(case: Fields) -> None:
    assert result_of(lambda: masked(case)) == case["error"]


def masked(case: Fields) -> tuple[str, str]:
    book = book_from_json(case.get("book", '{"schema":"drawbridge-masks/1","masks":[]}').encode())
    findings = [
        Finding(start, end, Kind(kind), 1.0, "vector") for start, end, kind in case["findings"]
    ]
    text, after = mask(case["text"], findings, book, entropy=bytes.fromhex(case["entropy"]))
    return text, book_to_json(after).decode()


@each_of(MASKED["restored"])
def test_vectors_are_restored_from_a_stream(case: Fields) -> None:
    restorer = Restorer(book_from_json(MASKED["restoring_book"].encode()))

    pieces = [restorer.feed(piece) for piece in case["pieces"]]

    assert "".join(pieces) + restorer.close() == case["restored"]


def test_vectors_are_signed_by_the_keys_they_name() -> None:
    assert SIGNED["purposes"] == {purpose.name: purpose.value for purpose in Purpose}
    assert SIGNED["public"] == {
        name: key.public_key().public_bytes_raw().hex() for name, key in KEYS.items()
    }


@each_of(SIGNED["accept"])
def test_vectors_of_policies_are_taken_or_refused(case: Fields) -> None:
    document = case["document"].encode()
    current = case["current"]

    result = result_of(
        lambda: accept_policy(
            document,
            bytes.fromhex(case["signature"]),
            owner_key=KEYS["owner"].public_key(),
            platform_key=KEYS["platform"].public_key() if case["has_platform_key"] else None,
            current=None if current is None else policy_of(json.loads(current)),
            now=datetime.fromisoformat(case["now"]),
        )
    )

    assert result == (None if case["result"] == "accepted" else case["result"])


@each_of([case for case in SIGNED["accept"] if case["result"] == "accepted"])
def test_vectors_of_policies_are_signed_byte_for_byte(case: Fields) -> None:
    document = canonical(json.loads(case["document"]))

    assert document.decode() == case["document"]
    assert sign_document(document, KEYS[case["signed_by"]]).hex() == case["signature"]


def test_vectors_of_envelopes_are_sealed_byte_for_byte() -> None:
    vector = SIGNED["envelope"]
    fields = vector["fields"]
    issued_at = datetime.fromisoformat(fields["issued_at"])

    sealed = seal(envelope_for(**fields | {"issued_at": issued_at}), KEYS[vector["sealed_by"]])

    assert sealed.hex() == vector["sealed"]
    assert sealed[SIGNATURE_BYTES:].decode() == vector["document"]


@each_of(SIGNED["open"])
def test_vectors_of_envelopes_are_opened_or_refused(case: Fields) -> None:
    key, sealed = KEYS[case["key"]].public_key(), bytes.fromhex(case["sealed"])
    expected = {name: case[name] for name in ("task_id", "audience", "text")}

    result = result_of(lambda: open_envelope(sealed, key, **expected))

    assert result == (None if case["result"] == "opened" else case["result"])


@each_of(SIGNED["sign"])
def test_vectors_of_requests_are_signed_byte_for_byte(case: Fields) -> None:
    signed = sign_request(
        request_of(case["request"]),
        KEYS[case["key"]],
        keyid=case["keyid"],
        created=datetime.fromisoformat(case["created"]),
        nonce=case["nonce"],
    )

    assert signature_base(signed).decode() == case["base"]
    assert signed == request_of(case["signed"])


@each_of(SIGNED["verify"])
def test_vectors_of_requests_are_verified_or_refused(case: Fields) -> None:
    window = Window(
        seen={nonce: datetime.fromisoformat(moment) for nonce, moment in case["seen"].items()}
    )

    result = result_of(
        lambda: verify_request(
            request_of(case["request"]),
            KEYS[case["key"]].public_key(),
            keyid=case["keyid"],
            window=window,
            now=datetime.fromisoformat(case["now"]),
        )
    )

    assert result == (None if case["result"] == "verified" else case["result"])


def request_of(fields: Fields) -> Request:
    headers = tuple((name, value) for name, value in fields["headers"])
    return Request(**fields | {"headers": headers, "body": fields["body"].encode()})


def result_of(attempt: Callable[[], object]) -> str | None:
    """Return the code of what was raised, or nothing."""
    try:
        attempt()
    except ContractError as error:
        return error.code
    return None
