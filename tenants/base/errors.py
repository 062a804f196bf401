"""Every error a caller may see grows from one root.

AppError
├── BadRequest (400)
├── Unauthorized (401)
├── Forbidden (403)
├── NotFound (404)
├── Conflict (409)
├── TooLarge (413)
├── Unprocessable (422)
├── TooManyAtOnce (429)
├── ScopeMissing (500)
└── Unavailable (503)
"""

import math
from http import HTTPStatus
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class AppError(Exception):
    """A condition with a stable code, an HTTP status and a sentence safe to show."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    message: str | Promise = _("Something went wrong.")
    # When it is worth trying again; None says nothing about it.
    retry_after_seconds: float | None = None

    def __init__(
        self, message: str | Promise | None = None, *, field: str = "", **params: object
    ) -> None:
        if message is not None:
            self.message = message
        self.field = field
        self.params = params
        super().__init__(self.code)

    def __str__(self) -> str:
        """Return the sentence in the reader's language, with its numbers filled in."""
        text = str(self.message)
        return text % self.params if self.params else text


class BadRequest(AppError):
    code = "bad_request"
    status = 400
    message = _("The request could not be understood.")


class Unauthorized(AppError):
    code = "unauthorized"
    status = 401
    message = _("Please sign in.")


class Forbidden(AppError):
    code = "forbidden"
    status = 403
    message = _("You may not do this.")


class NotFound(AppError):
    code = "not_found"
    status = 404
    message = _("There is nothing here.")


class Conflict(AppError):
    code = "conflict"
    status = 409
    message = _("This does not fit the present state.")


class TooLarge(AppError):
    code = "too_large"
    status = 413
    message = _("This is too large.")


class Unprocessable(AppError):
    code = "unprocessable"
    status = 422
    message = _("This cannot be processed.")


class TooManyAtOnce(AppError):
    """Somebody holds as many of something as one may; what is held ends by itself."""

    code = "too_many_at_once"
    status = 429
    message = _("Too much is going on at once. Please try again in a moment.")
    retry_after_seconds = 5.0


class ScopeMissing(AppError):
    code = "scope_missing"
    status = 500
    message = _("Something went wrong.")


class Unavailable(AppError):
    code = "unavailable"
    status = 503
    message = _("The service is not available right now. Please try again.")
    retry_after_seconds = 2.0


def answer_headers(error: AppError) -> dict[str, str]:
    """Return what every answer of this error says beside its body."""
    headers = {}
    if error.retry_after_seconds is not None:
        headers["Retry-After"] = str(math.ceil(error.retry_after_seconds))
    if error.status == HTTPStatus.REQUEST_TIMEOUT:
        # The rest of the request may come at any time: nothing can follow it.
        headers["Connection"] = "close"
    return headers
