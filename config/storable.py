"""Refuse a request any string of which no store can keep, before any code of ours reads it.

Percent signs, octal escapes in cookies, part headers and odd encodings all lead to a NUL or to
half a surrogate pair, which PostgreSQL and the file system answer with an exception. The strings
of JSON are judged by `tenants.api.parsers`, those of an upload's form by `rag.multipart`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse, QueryDict, parse_cookie
from django.http.response import HttpResponseBase

from tenants.api.problems import PROBLEM_TYPE, problem_document
from tenants.base.pages import told_error
from tenants.base.text import Unstorable, is_storable

_UTF8 = frozenset({"utf-8", "utf8"})
_PROGRAMS = ("/api/", "/v1/")


class StorableTextMiddleware:
    """Judges what comes with every page before the session is read, and forms before the view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _is_utf8(request) and _are_storable(_surroundings(request)):
            return self.get_response(request)
        error = Unstorable()
        if request.path.startswith(_PROGRAMS):
            problem = problem_document(error).encode()
            return HttpResponse(problem, content_type=PROBLEM_TYPE, status=error.status)
        # Nothing that the request says is believed, so no page is drawn for whoever sent it.
        return HttpResponse(f"{error}\n", content_type="text/plain; charset=utf-8", status=400)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Judge a form; whatever takes no forms is spared the reading of its body."""
        if getattr(view, "csrf_exempt", False) or _are_storable(_form(request)):
            return None
        return told_error(request, Unstorable())


def check_surroundings(asgi_scope: Mapping[str, Any]) -> None:
    """Judge path, query and headers of what Django does not answer.

    Raises: Unstorable.
    """
    headers = [(name, value.decode("latin-1")) for name, value in asgi_scope["headers"]]
    query = asgi_scope.get("query_string", b"").decode("latin-1")
    texts = chain(
        [asgi_scope["path"]],
        chain.from_iterable(parse_qsl(query, keep_blank_values=True)),
        (value for _name, value in headers),
        *(parse_cookie(value).values() for name, value in headers if name == b"cookie"),
    )
    if not _are_storable(texts):
        raise Unstorable


def _is_utf8(request: HttpRequest) -> bool:
    """Return whether the sender says no other encoding: some make surrogates out of letters."""
    return request.encoding is None or request.encoding.lower() in _UTF8


def _surroundings(request: HttpRequest) -> Iterator[str]:
    yield request.path
    yield from _pairs(request.GET)
    yield from request.COOKIES.values()
    yield from request.headers.values()


def _form(request: HttpRequest) -> Iterator[str]:
    yield from _pairs(request.POST)
    for name, files in request.FILES.lists():
        yield name
        for file in files:
            yield from (file.name or "", file.content_type or "")
            # The parameters of a media type come as the bytes they were.
            parameters: Mapping[str, Any] = file.content_type_extra or {}
            yield from (bytes(value).decode("latin-1") for value in parameters.values())


def _pairs(fields: QueryDict) -> Iterator[str]:
    for name, values in fields.lists():
        yield name
        yield from map(str, values)


def _are_storable(texts: Iterable[str]) -> bool:
    return all(map(is_storable, texts))
