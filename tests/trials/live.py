"""The whole road over real HTTP: web server, worker, provider, and a person with a key."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests
from django.conf import settings

from assistant.models import Message, MessageRole, Run, RunState
from tenants.base.context import REGISTRY, platform_scope, scope
from tenants.hosts import TenantRef
from tenants.models import WorkItem
from tenants.people.keys import issue_key
from tenants.people.models import Person
from tests.harness.processes import LiveServer, LiveWorker
from tests.harness.scripted_provider import ScriptedProvider
from tests.harness.web import WebClient

WAIT_SECONDS = 60.0


@dataclass(frozen=True)
class Told:
    """One event as a client hears it."""

    id: str
    kind: str
    data: dict[str, Any]


@dataclass
class Listener:
    """Reads a run's events in a thread; may leave early and come back with the last id."""

    response: requests.Response
    events: list[Told] = field(default_factory=list)
    beats: int = 0
    is_over: bool = False

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    @property
    def last_id(self) -> str:
        return next((event.id for event in reversed(self.events) if event.id), "")

    @property
    def text(self) -> str:
        return text_of(self.events)

    def leave(self) -> None:
        self.response.close()
        self.thread.join(5)

    def wait_for(self, kind: str, count: int = 1) -> None:
        eventually(
            lambda: sum(event.kind == kind for event in list(self.events)) >= count,
            f"{count} × {kind} in {[event.kind for event in self.events]}",
        )

    def _read(self) -> None:
        fields: dict[str, str] = {}
        try:
            for raw in self.response.iter_lines(chunk_size=1):
                line = raw.decode("utf-8")
                if not line and fields:
                    self.events.append(_told(fields))
                    fields = {}
                elif line.startswith(":"):
                    self.beats += 1
                elif line:
                    name, _colon, value = line.partition(": ")
                    fields[name] = value
        except (requests.RequestException, AttributeError, ValueError):
            # The connection was closed under the reader, by the test or by the server.
            pass
        self.is_over = True


class Caller:
    """A program of one person: asks, follows, stops."""

    def __init__(self, server: LiveServer, tenant: TenantRef, person: Person) -> None:
        self.server = server
        self.tenant = tenant
        self.person = person
        with scope(platform_scope(tenant.schema, "trials")):
            self.key, secret = issue_key(
                person, name="trial", scopes=["READ", "WRITE"], expires_at=None
            )
        self.headers = {"Authorization": f"Bearer {secret}"}

    def call(self, method: str, path: str, **options: Any) -> Any:
        headers = {**self.headers, **options.pop("headers", {})}
        return self.server.request(self.tenant, method, path, headers=headers, **options)

    def cookie(self) -> str:
        """Sign in anew and return the Cookie header of that session."""
        web = WebClient(self.tenant)
        web.sign_in(self.person)
        morsel = web.cookies[settings.SESSION_COOKIE_NAME]
        return f"{morsel.key}={morsel.value}"

    def ask(self, question: str = "Hello!", *, key: str = "") -> str:
        headers = {"Idempotency-Key": key} if key else {}
        answer = self.call("POST", "/api/v1/runs", json={"question": question}, headers=headers)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    def follow(self, run_id: str, last_id: str = "") -> Listener:
        headers = {"Last-Event-ID": last_id} if last_id else {}
        response = self.call(
            "GET", f"/api/v1/runs/{run_id}/events", headers=headers, stream=True, timeout=(10, 60)
        )
        assert response.status_code == 200, response.text
        return Listener(response)

    def run(self, run_id: str) -> Run:
        with scope(platform_scope(self.tenant.schema)):
            return Run.objects.get(id=run_id)

    def wait_for_end(self, run_id: str, *, timeout_seconds: float = WAIT_SECONDS) -> Run:
        eventually(
            lambda: self.run(run_id).is_finished,
            f"run {run_id} does not end",
            timeout_seconds=timeout_seconds,
        )
        return self.run(run_id)

    def answers(self, run_id: str) -> list[str]:
        with scope(platform_scope(self.tenant.schema)):
            messages = Message.objects.filter(
                conversation__runs__id=run_id, role=MessageRole.ASSISTANT
            )
            return [message.text for message in messages]

    def open_work(self) -> int:
        with scope(REGISTRY):
            return WorkItem.objects.filter(schema=self.tenant.schema).count()


def text_of(events: list[Told]) -> str:
    """Put the answer together as a page does."""
    text = ""
    for event in events:
        if event.kind == "restart":
            text = ""
        elif event.kind == "delta":
            text += event.data["text"]
        elif event.kind == "snapshot":
            text = event.data["text"]
    return text


def eventually(
    holds: Callable[[], bool], otherwise: str, *, timeout_seconds: float = WAIT_SECONDS
) -> None:
    ends_at = time.monotonic() + timeout_seconds
    while not holds():
        if time.monotonic() > ends_at:
            raise AssertionError(otherwise)
        time.sleep(0.05)


def model_environment(provider: ScriptedProvider) -> dict[str, str]:
    return {
        "OPENAI_BASE_URL": provider.base_url,
        "OPENAI_API_KEY": "scripted-key",
        "OPENAI_MODEL": "scripted",
        "LOCAL_MODEL": "auto",
        "DRAWBRIDGE_RUN_LEASE_SECONDS": "5",
    }


def worker_for(
    provider: ScriptedProvider, *, queue: str = "celery", **environment: str
) -> LiveWorker:
    """Return a worker that asks this provider and whose runs are soon taken when it dies."""
    worker = LiveWorker(queue=queue)
    worker.environment |= model_environment(provider) | environment
    return worker


def assert_ended_once(caller: Caller, run_id: str, text: str, provider: ScriptedProvider) -> Run:
    """One assistant message, one terminal state, provider calls at most the attempts."""
    run = caller.wait_for_end(run_id)
    assert caller.answers(run_id) == [text]
    assert (run.state, run.answer_id is not None) == (RunState.DONE, True)
    assert provider.calls <= run.attempt
    eventually(lambda: caller.open_work() == 0, "the work item stays", timeout_seconds=10)
    return run


def _told(fields: dict[str, str]) -> Told:
    return Told(fields.get("id", ""), fields["event"], json.loads(fields["data"]))
