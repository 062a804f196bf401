"""Events on the wire: no answer can break out of its line."""

import json

import pytest

from assistant.sse import START, encode_event, parse_event_id

NASTY = "a\n\nevent: evil\ndata: x\r\rb\u2028c\u2029d\x85e\x00f😀"


def test_llm_07_no_text_forges_an_event() -> None:
    encoded = encode_event("delta", {"text": NASTY}, "1-2").decode("ascii")

    lines = encoded.splitlines()
    assert lines[:2] == ["id: 1-2", "event: delta"]
    assert [line.partition(":")[0] for line in lines] == ["id", "event", "data", ""]
    assert json.loads(lines[2].removeprefix("data: ")) == {"text": NASTY}
    assert encoded.endswith("\n\n")
    assert encoded.count("\n") == 4


def test_events_made_from_the_row_have_no_id() -> None:
    assert encode_event("state", {}) == b"event: state\ndata: {}\n\n"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("3-17", (3, 17)),
        (" 3-17 ", (3, 17)),
        ("", START),
        ("3", START),
        ("-1-2", START),
        ("1-2\nevent: x", START),
        ("9" * 30 + "-1", START),
        ("١-٢", START),
    ],
)
def test_last_event_ids_that_are_none_mean_the_beginning(
    value: str, expected: tuple[int, int]
) -> None:
    assert parse_event_id(value) == expected
