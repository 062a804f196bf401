"""Server-sent events on the wire: pure text in, pure bytes out."""

import json
import re
from collections.abc import Mapping

_ID = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
START = (0, 0)
BEAT = b": beat\n\n"


def encode_event(kind: str, data: Mapping[str, object], event_id: str = "") -> bytes:
    """Frame one event.

    The data are one line of ASCII JSON, so no answer can hold a line end of any kind and
    none can forge a field or a second event.
    """
    lines = [f"id: {event_id}"] if event_id else []
    lines += [f"event: {kind}", f"data: {to_json(data)}"]
    return ("\n".join(lines) + "\n\n").encode("ascii")


def to_json(data: Mapping[str, object]) -> str:
    return json.dumps(data, ensure_ascii=True, separators=(",", ":"))


def parse_event_id(value: str) -> tuple[int, int]:
    """Read `<fence>-<n>`; what is not one means the beginning, as if none had been sent."""
    match = _ID.fullmatch(value.strip())
    return (int(match[1]), int(match[2])) if match else START
