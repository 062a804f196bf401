"""JSON bodies, read strictly."""

import json

import pytest

from tenants.api.parsers import BODY_BYTES_MAX, DEPTH_MAX, MalformedJSON, parse_strictly
from tenants.base.errors import TooLarge


def test_parse_strictly_reads_what_json_can_say() -> None:
    document = {"a": [1, 2.5, None, True, "中文 😀"], "b": {"c": ""}}

    assert parse_strictly(json.dumps(document).encode()) == document
    assert parse_strictly(json.dumps(document, ensure_ascii=False).encode()) == document


def test_parse_strictly_takes_the_last_allowed_depth() -> None:
    body = b"[" * (DEPTH_MAX - 1) + b"1" + b"]" * (DEPTH_MAX - 1)

    assert json.dumps(parse_strictly(body)).encode() == body


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e400}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b'{"a": "\\ud800"}',
        b'{"\\udfff": 1}',
        b'{"a": "x\\u0000y"}',
        b'{"\\u0000": 1}',
        b'{"a": "\xff"}',
        b'{"a": "\xed\xa0\x80"}',
        b'\xef\xbb\xbf{"a": 1}',
        b"[" * DEPTH_MAX + b"1" + b"]" * DEPTH_MAX,
        b"[" * 10_000 + b"]" * 10_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b"[" * 100_000,
    ],
)
def test_parse_strictly_refuses(body: bytes) -> None:
    with pytest.raises(MalformedJSON):
        parse_strictly(body)


def test_parse_strictly_refuses_more_than_a_megabyte() -> None:
    with pytest.raises(TooLarge):
        parse_strictly(b'"' + b"a" * BODY_BYTES_MAX + b'"')
