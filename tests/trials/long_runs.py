"""Runs with many events, told by the trial itself, and requests for them over raw wires."""

import asyncio
import resource
from collections.abc import Sequence
from pathlib import Path

from assistant.enums import EventKind
from tenants.base.context import scope
from tests.assistant.following import Writing
from tests.trials.live import Caller

WORD = "word " * 8


class LongRun:
    """A run of one person whose words come as fast as they can."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self._writing = Writing(caller.tenant, caller.person)
        asyncio.run(self._writing.claim())

    @property
    def id(self) -> str:
        return self._writing.run_id

    def say(self, count: int, word: str = WORD) -> None:
        with scope(self._writing.platform):
            for _number in range(count):
                self._writing.publisher.emit(EventKind.DELTA, {"text": word})

    def finish(self) -> None:
        asyncio.run(self._writing.finish())

    def request(self, headers: Sequence[str] = ()) -> bytes:
        lines = [
            f"GET /api/v1/runs/{self.id}/events HTTP/1.1",
            f"Host: {self.caller.server.host_of(self.caller.tenant)}",
            *(f"{name}: {value}" for name, value in self.caller.headers.items()),
            *headers,
        ]
        return "\r\n".join([*lines, "", ""]).encode()


def resident_bytes(pid: int) -> int:
    pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    return int(pages) * resource.getpagesize()


def descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))
