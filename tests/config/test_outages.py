"""Whoever is turned away for now hears when to come back, whichever door answers."""

import asyncio
import json
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from assistant.openai_api.views import _refuse as refuse_in_their_words
from config.dispatching import _refuse
from config.outages import with_retry_after
from tenants.api.problems import exception_handler
from tenants.base.errors import AppError, NotFound, TooManyAtOnce, Unavailable
from tenants.base.pages import tells_errors


class Sent:
    """Collects what a door sends."""

    def __init__(self) -> None:
        self.start: Any = None
        self.body = b""

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.body += message["body"]

    @property
    def retry_after(self) -> str:
        return str(dict(self.start["headers"]).get(b"retry-after", b"").decode())


@pytest.mark.parametrize(("error", "wait"), [(TooManyAtOnce(), 5), (Unavailable(), 2)])
def test_every_door_says_when_to_come_back(error: AppError, wait: int) -> None:
    plain, theirs = Sent(), Sent()
    asyncio.run(_refuse(error, plain.send, has_begun=False))
    asyncio.run(refuse_in_their_words(theirs.send, error))
    rest = exception_handler(error, {})
    page = tells_errors(_raising(error))(RequestFactory().get("/", headers={"X-Fragment": "1"}))

    assert rest is not None
    told = [plain.retry_after, theirs.retry_after, rest["Retry-After"], page["Retry-After"]]
    assert told == [str(wait)] * 4
    assert json.loads(plain.body)["retry_after_seconds"] == wait
    assert rest.data["retry_after_seconds"] == wait
    assert json.loads(theirs.body)["error"]["code"] == error.code


def test_other_errors_promise_nothing() -> None:
    sent = Sent()
    asyncio.run(_refuse(NotFound(), sent.send, has_begun=False))

    assert sent.retry_after == ""
    assert "retry_after_seconds" not in json.loads(sent.body)


@pytest.mark.parametrize(
    ("status", "headers", "wanted"),
    [
        (503, [], "2"),
        (429, [], "60"),
        (429, [(b"Retry-After", b"7")], ""),
        (200, [], ""),
        (404, [], ""),
    ],
)
def test_who_forgot_it_is_reminded(
    status: int, headers: list[tuple[bytes, bytes]], wanted: str
) -> None:
    sent = Sent()
    start = {"type": "http.response.start", "status": status, "headers": headers}

    async def answer() -> None:
        await with_retry_after(sent.send)(start)

    asyncio.run(answer())

    assert sent.retry_after == wanted


def _raising(error: AppError) -> Any:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view
