"""A JSON body, read strictly: what stores and clients disagree about never comes in."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import BaseParser

from tenants.base.errors import BadRequest, TooLarge
from tenants.base.text import is_storable

BODY_BYTES_MAX = 1024 * 1024
DEPTH_MAX = 100


class MalformedJSON(BadRequest):
    code = "malformed_json"
    message = _("The body is not well-formed JSON.")


class StrictJSONParser(BaseParser):
    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return parse_strictly(stream.read(BODY_BYTES_MAX + 1))


def parse_strictly(body: bytes) -> Any:
    """Return the document.

    Raises:
        TooLarge: more than 1 MB.
        MalformedJSON: no UTF-8, no JSON, NaN or Infinity, a key given twice, more than 100
            levels, or text holding NUL or half a surrogate pair.
    """
    if len(body) > BODY_BYTES_MAX:
        raise TooLarge
    try:
        document = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_refuse,
            parse_float=_finite,
        )
    except (ValueError, RecursionError) as error:
        raise MalformedJSON from error
    _check(document)
    return document


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedJSON(_("The body names a field twice."))
    return found


def _refuse(constant: str) -> Any:
    raise MalformedJSON


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise MalformedJSON
    return number


def _check(document: Any) -> None:
    """Walk without recursion: depth is the very thing that is not trusted."""
    waiting: list[tuple[Any, int]] = [(document, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEPTH_MAX:
            raise MalformedJSON(_("The body is nested too deeply."))
        if isinstance(value, str):
            _check_text(value)
        elif isinstance(value, dict):
            waiting.extend((key, depth) for key in value)
            waiting.extend((inner, depth + 1) for inner in value.values())
        elif isinstance(value, list):
            waiting.extend((inner, depth + 1) for inner in value)


def _check_text(text: str) -> None:
    if not is_storable(text):
        raise MalformedJSON(_("The body holds characters that cannot be stored."))
