"""What the pages of every app share: fragments for scripts, and errors said in the same place."""

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.base.errors import AppError, answer_headers

View = TypeVar("View", bound=Callable[..., HttpResponse])

FRAGMENT_HEADER = "X-Fragment"


def is_fragment(request: HttpRequest) -> bool:
    """Whether a script asks for a piece of a page instead of a person for the whole."""
    return FRAGMENT_HEADER in request.headers


def tells_errors(view: View) -> View:
    """Answer an AppError with its sentence and status, as a notice or a page."""

    @functools.wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except AppError as error:
            if error.status == HTTPStatus.NOT_FOUND and not is_fragment(request):
                raise Http404 from error
            return told_error(request, error)

    return cast("View", told)


def told_error(request: HttpRequest, error: AppError) -> HttpResponse:
    """Answer with the error's sentence, to a script as a notice and to a person as a page."""
    template = "components/notice.html" if is_fragment(request) else "error.html"
    answer = render(request, template, {"message": str(error)}, status=error.status)
    for name, value in answer_headers(error).items():
        answer.headers[name] = value
    return answer
