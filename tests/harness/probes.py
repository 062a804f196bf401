"""Pages that exist only in trials: they read a canary, and go wrong on demand."""

import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any

from django.db import Error, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from rag.models import Collection
from tenants.base.context import current_scope, person_scope, scope

CANCEL_AFTER_SECONDS = 0.02


class ProbeBroke(RuntimeError):
    """What a view raises when it is asked to."""


def read_canary() -> str:
    return ",".join(Collection.objects.order_by("id").values_list("name", flat=True))


def _plain() -> None:
    pass


def _exception() -> None:
    with transaction.atomic():
        read_canary()
        raise ProbeBroke


def _timeout() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 20")
        cursor.execute("SELECT pg_sleep(2)")


def _savepoint() -> None:
    """Change the actor inside a savepoint that fails, and go on as that actor."""
    with transaction.atomic(), ExitStack() as stack:
        try:
            with transaction.atomic():
                stack.enter_context(scope(person_scope(current_scope().schema, "someone")))
                read_canary()
                _break()
        except ProbeBroke:
            assert read_actor() == "PERSON:someone"


def _cancelled() -> None:
    with connection.cursor():
        raw = connection.connection
    is_over = threading.Event()
    canceller = threading.Thread(target=_cancel_until, args=(raw, is_over))
    canceller.start()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")
    finally:
        is_over.set()
        canceller.join()
        # A second cancellation may still be on its way and must not hit what follows.
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.01)")


def _cancel_until(raw: Any, is_over: threading.Event) -> None:
    """Cancel until it hit: the query may not have begun when the first one arrives."""
    while not is_over.wait(CANCEL_AFTER_SECONDS):
        raw.cancel()


def _break() -> None:
    raise ProbeBroke


TROUBLES: dict[str, Callable[[], None]] = {
    "plain": _plain,
    "exception": _exception,
    "timeout": _timeout,
    "savepoint": _savepoint,
    "cancelled": _cancelled,
}


def read_actor() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.actor')")
        return str(cursor.fetchone()[0])


def canary(request: HttpRequest) -> HttpResponse:
    """Go through the trouble asked for, then answer with the canary all the same."""
    try:
        TROUBLES[request.GET["trouble"]]()
    except (Error, ProbeBroke):
        if "raise" in request.GET:
            raise
    with transaction.atomic():
        return HttpResponse(read_canary())


urlpatterns = [path("canary", canary)]
