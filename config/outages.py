"""What is answered while a store is away, and what when the fault is our own."""

import logging
import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from redis import RedisError

from config.headers import Message, Send
from tenants.api.problems import PROBLEM_TYPE, problem_document
from tenants.base.errors import AppError, Unavailable, answer_headers

logger = logging.getLogger(__name__)

# For answers that do not say it themselves: an outage is short, a limit on attempts is not.
RETRY_AFTER_SECONDS: dict[int, int] = {
    HTTPStatus.SERVICE_UNAVAILABLE: 2,
    HTTPStatus.TOO_MANY_REQUESTS: 60,
}
_API = "/api/"


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for a view that broke; Django calls this while it handles the exception."""
    error: AppError = AppError()
    reason = sys.exc_info()[1]
    # Without Valkey nobody counts the attempts to sign in, so none is let through.
    if isinstance(reason, OperationalError | InterfaceError | RedisError):
        logger.warning("store_away path=%s reason=%s", request.path, type(reason).__name__)
        error = Unavailable()
    if request.path.startswith(_API):
        return HttpResponse(
            problem_document(error).encode(),
            content_type=PROBLEM_TYPE,
            status=error.status,
            headers=answer_headers(error),
        )
    # Rendered without a request: who is signed in would be asked of the database.
    page = loader.get_template(f"{error.status}.html").render()
    return HttpResponse(page, status=error.status)


def with_retry_after(send: Send) -> Send:
    """Say with every 429 and 503, whoever answers it, when to come back."""

    async def send_with_moment(message: Message) -> None:
        wait = RETRY_AFTER_SECONDS.get(message.get("status", 0))
        if wait is not None:
            headers = list(message.get("headers", ()))
            if all(name.lower() != b"retry-after" for name, _value in headers):
                headers.append((b"retry-after", str(wait).encode()))
            message = {**message, "headers": headers}
        await send(message)

    return send_with_moment
