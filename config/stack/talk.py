"""A question over the real HTTP API, its answer printed as the words come.

A thread reads what the server says, so that somebody can say how long it has said nothing.
"""

import http.client
import json
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from config.stack.errors import StackError
from config.stack.processes import LOOPBACK
from config.stack.progress import Signs, Wait

_LOOK_SECONDS = 0.5

Event = tuple[str, dict[str, Any]]


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


def ask_aloud(door: Door, question: str, *, signs: Signs) -> Spoken:
    """Ask, print the words as they come, then the sources, the times and the tokens.

    An answer is waited for as long as `signs` change or it grows.
    Raises: StackError when the run fails or the server refuses.
    """
    print(f"\n? {question}\n", flush=True)
    begun = time.monotonic()
    text, first, ending = "", 0.0, None
    for kind, data in _heard(lambda: _asked(door, question), signs):
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


def _heard(listen: Callable[[], Iterator[Event]], signs: Signs) -> Iterator[Event]:
    """Hand on what a thread hears, and say meanwhile what is waited for.

    Raises: StackError.
    """
    heard: queue.Queue[Event | StackError | None] = queue.Queue()

    def read() -> None:
        try:
            for event in listen():
                heard.put(event)
        except StackError as error:
            heard.put(error)
        finally:
            heard.put(None)

    threading.Thread(target=read, daemon=True).start()
    count = 0
    wait = Wait("the answer", lambda: (count, signs()))
    while True:
        try:
            found = heard.get(timeout=_LOOK_SECONDS)
        except queue.Empty:
            wait.look("the words stop" if count else "")
            continue
        count += 1
        if found is None:
            return
        if isinstance(found, StackError):
            raise found
        yield found


def _asked(door: Door, question: str) -> Iterator[Event]:
    return _events(door, _post(door, "/api/v1/runs", {"question": question})["events"])


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
    connection = http.client.HTTPConnection(LOOPBACK, door.port, timeout=None)
    try:
        connection.request("POST", path, json.dumps(body), _headers(door))
        response = connection.getresponse()
        content = response.read()
    except (OSError, http.client.HTTPException) as error:
        raise StackError(f"the server does not answer on port {door.port}: {error}") from error
    finally:
        connection.close()
    if response.status != http.client.ACCEPTED:
        raise StackError(f"the question was refused ({response.status}): {content[:300]!r}")
    accepted: dict[str, Any] = json.loads(content)
    return accepted


def _events(door: Door, path: str) -> Iterator[Event]:
    connection = http.client.HTTPConnection(LOOPBACK, door.port, timeout=None)
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
    except (OSError, http.client.HTTPException) as error:
        raise StackError(f"the stream broke: {error}") from error
    finally:
        connection.close()


def _headers(door: Door) -> dict[str, str]:
    return {
        "Host": f"{door.host}:{door.port}",
        "Authorization": f"Bearer {door.key}",
        "Content-Type": "application/json",
    }
