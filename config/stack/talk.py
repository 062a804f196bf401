"""A question over the real HTTP API, its answer printed as the words come."""

import http.client
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from config.stack.errors import StackError
from config.stack.processes import LOOPBACK

ANSWER_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Door:
    """Where a tenant's API answers, and the key that opens it."""

    port: int
    host: str
    key: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was heard of one answer; times in seconds from the question."""

    text: str
    citations: int
    first_word_seconds: float
    seconds: float


def ask_aloud(door: Door, question: str) -> Spoken:
    """Ask, print the words as they come, then the sources, the times and the tokens.

    Raises: StackError when the run fails or the server refuses.
    """
    print(f"\n? {question}\n", flush=True)
    begun = time.monotonic()
    events = _post(door, "/api/v1/runs", {"question": question})["events"]
    text, first, ending = "", 0.0, None
    for kind, data in _events(door, events):
        if kind == "delta":
            first = first or time.monotonic() - begun
            text += data["text"]
            print(data["text"], end="", flush=True)
        elif kind == "restart":
            text = ""
            print("\n(the answer begins anew)")
        elif kind == "failed":
            raise StackError(f"the run failed: {data['message'] or data['code']}")
        elif kind == "done":
            ending = data
            break
    if ending is None:
        raise StackError("the stream ended before the answer did")
    seconds = time.monotonic() - begun
    _print_ending(ending, first, seconds)
    return Spoken(ending["text"], len(ending["citations"]), first, seconds)


def _print_ending(ending: dict[str, Any], first: float, seconds: float) -> None:
    print("\n")
    shown = set()
    for citation in ending["citations"]:
        place = f", page {citation['page']}" if citation["page"] else ""
        line = f"  [{citation['ordinal']}] {citation['document_name']}{place}"
        if line not in shown:
            print(line)
            shown.add(line)
    receipt = ending["receipt"]
    print(
        f"  {receipt['model']} · {receipt['passages_used']} of {receipt['passages_seen']} passages"
        f" · {receipt['tokens_in']} + {receipt['tokens_out']} tokens"
        f" · first word {first:.2f} s · whole answer {seconds:.2f} s",
        flush=True,
    )


def _post(door: Door, path: str, body: dict[str, str]) -> dict[str, Any]:
    connection = http.client.HTTPConnection(LOOPBACK, door.port, timeout=30)
    try:
        connection.request("POST", path, json.dumps(body), _headers(door))
        response = connection.getresponse()
        content = response.read()
    except OSError as error:
        raise StackError(f"the server does not answer on port {door.port}: {error}") from error
    finally:
        connection.close()
    if response.status != http.client.ACCEPTED:
        raise StackError(f"the question was refused ({response.status}): {content[:300]!r}")
    accepted: dict[str, Any] = json.loads(content)
    return accepted


def _events(door: Door, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    connection = http.client.HTTPConnection(LOOPBACK, door.port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", path, headers=_headers(door))
        response = connection.getresponse()
        if response.status != http.client.OK:
            raise StackError(f"the answer cannot be followed ({response.status})")
        kind = "message"
        while line := response.readline().decode():
            name, _, value = line.rstrip("\r\n").partition(": ")
            if name == "event":
                kind = value
            elif name == "data":
                yield kind, json.loads(value)
    except OSError as error:
        raise StackError(f"the stream broke: {error}") from error
    finally:
        connection.close()


def _headers(door: Door) -> dict[str, str]:
    return {
        "Host": f"{door.host}:{door.port}",
        "Authorization": f"Bearer {door.key}",
        "Content-Type": "application/json",
    }
