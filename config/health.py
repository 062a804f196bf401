"""Whether this process lives, and whether the house can work: plain ASGI, for any host.

Neither names a tenant, and both stand outside the lines in which pages wait.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.db import DatabaseError

from config.headers import Receive, Send
from tenants.base import valkey
from tenants.base.beats import ProcessState, processes, states
from tenants.base.errors import Unavailable
from tenants.base.jobs import Queue
from tenants.base.lanes import in_registry
from tenants.base.line_state import KindState, line_of_all

Report = dict[str, Any]


async def healthz(asgi_scope: Any, receive: Receive, send: Send, params: Mapping[str, str]) -> None:
    """Answer 200 as long as this process answers: what it needs may be away."""
    await _reply(send, HTTPStatus.OK, b"ok\n", b"text/plain")


async def readyz(asgi_scope: Any, receive: Receive, send: Send, params: Mapping[str, str]) -> None:
    """Tell stores, loops and lines; 503 without a database or with a loop that stands still."""
    try:
        report = await in_registry(_report)
    except (DatabaseError, Unavailable):
        report = {"ready": False, "database": "away", "loops": _loops()}
    status = HTTPStatus.OK if report["ready"] else HTTPStatus.SERVICE_UNAVAILABLE
    await _reply(send, status, json.dumps(report).encode(), b"application/json")


def _report() -> Report:
    work = line_of_all()
    try:
        found = processes()
    except valkey.Away:
        found = None
    return {
        "ready": not any(loop.is_standing for loop in states()),
        "database": "ok",
        "valkey": "away" if found is None else "ok",
        "loops": _loops(),
        "work": [asdict(kind) for kind in work],
        "longest_lease_seconds": _longest(work),
        "processes": None if found is None else [_told(each) for each in found],
        "served": None if found is None else {queue: _serve(queue, found) for queue in Queue},
    }


def _told(process: ProcessState) -> dict[str, Any]:
    """Leave out the machine's name and the process number: strangers may ask."""
    told = asdict(process)
    del told["name"]
    return told


def _loops() -> list[dict[str, Any]]:
    return [asdict(loop) for loop in states()]


def _longest(work: list[KindState]) -> float:
    return max((kind.longest_seconds for kind in work), default=0.0)


def _serve(queue: Queue, found: list[ProcessState]) -> int:
    """Return how many processes take work from this line now."""
    wanted = f"poller-{queue.lower()}"
    return sum(
        any(loop.name == wanted and not loop.is_standing for loop in process.loops)
        for process in found
        if not process.is_gone
    )


async def _reply(send: Send, status: int, body: bytes, kind: bytes) -> None:
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})
