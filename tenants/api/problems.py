"""Errors of the REST API as problem documents (RFC 9457)."""

import json
import math
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from tenants.base.errors import AppError, Forbidden, NotFound, TooLarge, answer_headers

PROBLEM_TYPE = "application/problem+json"


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Turn what a view raised into a problem; what nobody foresaw is left to the 500 page."""
    problem = _problem_of(_translated(error))
    if problem is None:
        return None
    set_rollback()
    headers = _headers_of(error, context)
    return Response(problem, status=problem["status"], headers=headers, content_type=PROBLEM_TYPE)


def problem_document(error: AppError) -> str:
    """Write the problem of an error, for answers made outside the REST framework."""
    return json.dumps(_problem_of_app(error), ensure_ascii=False)


def _translated(error: Exception) -> Exception:
    if isinstance(error, Http404):
        return NotFound()
    if isinstance(error, PermissionDenied):
        return Forbidden()
    if isinstance(error, RequestDataTooBig):
        return TooLarge()
    return error


def _problem_of(error: Exception) -> dict[str, Any] | None:
    if isinstance(error, AppError):
        return _problem_of_app(error)
    if isinstance(error, exceptions.ValidationError):
        problem = _problem("invalid", error.status_code, str(error.default_detail))
        return {**problem, "errors": list(_field_errors(error.detail))}
    if isinstance(error, exceptions.APIException):
        return _problem(error.default_code, error.status_code, str(error.detail))
    return None


def _problem_of_app(error: AppError) -> dict[str, Any]:
    problem = _problem(error.code, error.status, str(error))
    if error.retry_after_seconds is not None:
        problem["retry_after_seconds"] = math.ceil(error.retry_after_seconds)
    if error.field:
        problem["errors"] = [{"field": error.field, "code": error.code, "detail": str(error)}]
    return problem


def _problem(code: str, status: int, detail: str) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }


def _field_errors(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """Flatten the framework's nested details into one list with dotted field names."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _field_errors(inner, _joined(path, str(name)))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _field_errors(inner, path)
    else:
        code = str(getattr(detail, "code", "invalid"))
        yield {"field": path, "code": code, "detail": str(detail)}


def _joined(path: str, name: str) -> str:
    if name == "non_field_errors":
        return path
    return f"{path}.{name}" if path else name


def _headers_of(error: Exception, context: Mapping[str, Any]) -> dict[str, str]:
    headers = answer_headers(error) if isinstance(error, AppError) else {}
    status = getattr(error, "status", getattr(error, "status_code", 0))
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, exceptions.MethodNotAllowed):
        headers["Allow"] = ", ".join(context["view"].allowed_methods)
    wait = getattr(error, "wait", None)
    if wait:
        headers["Retry-After"] = str(int(wait))
    return headers
