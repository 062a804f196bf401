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
from tenants.base.errors import AppError, Unavailable

logger = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 2
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
            problem_document(error).encode(), content_type=PROBLEM_TYPE, status=error.status
        )
    # Rendered without a request: who is signed in would be asked of the database.
    page = loader.get_template(f"{error.status}.html").render()
    return HttpResponse(page, status=error.status)


def with_retry_after(send: Send) -> Send:
    """Say with every 503, whoever answers it, when to come back."""

    async def send_with_moment(message: Message) -> None:
        is_start = message["type"] == "http.response.start"
        if is_start and message["status"] == HTTPStatus.SERVICE_UNAVAILABLE:
            headers = list(message.get("headers", ()))
            if all(name.lower() != b"retry-after" for name, _value in headers):
                headers.append((b"retry-after", str(RETRY_AFTER_SECONDS).encode()))
            message = {**message, "headers": headers}
        await send(message)

    return send_with_moment
