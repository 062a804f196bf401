"""People who ask for far too much: `python -m tests.bench.flood`, a process of its own.

Reads one line of JSON (where, who, how many at each door), floods until its input ends, and prints
what came back. Whoever is refused comes again at once, whatever `Retry-After` says.
"""

import http.client
import json
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

TIMEOUT_SECONDS = 60
# A moment only, or the flood would measure how fast Python refuses.
AFTER_REFUSAL_SECONDS = 0.25
STREAM_SECONDS = 5.0
BOUNDARY = "flood-boundary"
FILE = "The canteen opens at half past eleven, and on Fridays at noon. " * 40


@dataclass(frozen=True, slots=True)
class Flooder:
    """One of the people; the key opens the doors of programs, the cookie those of pages."""

    port: int
    host: str
    key: str
    cookie: str

    def send(
        self, method: str, path: str, body: str | None = None, kind: str = "application/json"
    ) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        headers = {"Host": self.host, "Content-Type": kind, "Connection": "close"}
        who = {"Cookie": self.cookie} if path == "/documents/" else {"Authorization": self.key}
        connection.request(method, path, body, headers | who)
        return connection.getresponse()


def question(who: Flooder) -> int:
    return _read(who.send("POST", "/api/v1/runs", json.dumps({"question": "When is lunch?"})))


def upload(who: Flooder) -> int:
    name = f"flood-{time.monotonic_ns()}.txt"
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    body = f"{head}Content-Type: text/plain\r\n\r\n{name} {FILE}\r\n--{BOUNDARY}--\r\n"
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return _read(who.send("POST", "/api/v1/documents", body, kind))


def completion(who: Flooder) -> int:
    asked = {"model": "scripted", "messages": [{"role": "user", "content": "When is lunch?"}]}
    return _read(who.send("POST", "/v1/chat/completions", json.dumps(asked)))


def stream(who: Flooder) -> int:
    accepted = who.send("POST", "/api/v1/runs", json.dumps({"question": "When is lunch?"}))
    told = accepted.read()
    if accepted.status != http.client.ACCEPTED:
        return accepted.status
    events = who.send("GET", json.loads(told)["events"])
    ends_at = time.monotonic() + STREAM_SECONDS
    while time.monotonic() < ends_at and events.readline():
        pass
    events.close()
    return events.status


def page(who: Flooder) -> int:
    return _read(who.send("GET", "/documents/"))


DOORS: dict[str, Callable[[Flooder], int]] = {
    "questions": question,
    "uploads": upload,
    "completions": completion,
    "streams": stream,
    "pages": page,
}


class Flood:
    def __init__(self, people: list[Flooder], clients: dict[str, int]) -> None:
        self._people = people
        self._clients = clients
        self._is_over = threading.Event()
        self._lock = threading.Lock()
        self._answers: defaultdict[tuple[str, int], list[float]] = defaultdict(list)

    def run_until(self, wait: Callable[[], object]) -> dict[str, dict[str, Any]]:
        """Flood while `wait` runs; return for each door and status how many, and how soon."""
        threads = [
            threading.Thread(target=self._client, args=(door, number), daemon=True)
            for door, count in self._clients.items()
            for number in range(count)
        ]
        for thread in threads:
            thread.start()
        wait()
        self._is_over.set()
        for thread in threads:
            thread.join(TIMEOUT_SECONDS)
        found: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        for (door, status), milliseconds in sorted(self._answers.items()):
            found[door][str(status)] = _summary(milliseconds)
        return dict(found)

    def _client(self, door: str, number: int) -> None:
        who = self._people[number % len(self._people)]
        while not self._is_over.is_set():
            started = time.perf_counter()
            try:
                status = DOORS[door](who)
            except (OSError, http.client.HTTPException):
                # Cut off: neither an answer nor a refusal.
                status = 0
            with self._lock:
                self._answers[door, status].append((time.perf_counter() - started) * 1000)
            if status not in {200, 202}:
                self._is_over.wait(AFTER_REFUSAL_SECONDS)


def _read(response: http.client.HTTPResponse) -> int:
    response.read()
    return response.status


def _summary(milliseconds: list[float]) -> dict[str, float]:
    ordered = sorted(milliseconds)
    last = len(ordered) - 1
    return {
        "count": len(ordered),
        "p50_ms": round(ordered[last // 2], 1),
        "p95_ms": round(ordered[round(last * 0.95)], 1),
    }


def main() -> None:
    orders = json.loads(sys.stdin.readline())
    people = [Flooder(**person) for person in orders["people"]]
    found = Flood(people, orders["clients"]).run_until(sys.stdin.read)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
