"""Pages of a list by the last thing seen: steady while the list changes, fast at any depth."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from tenants.base.errors import BadRequest

M = TypeVar("M", bound=Model)

PAGE_DEFAULT = 50
PAGE_MAX = 200
_CURSOR_CHARS_MAX = 200

PAGE_PARAMETERS = [
    OpenApiParameter("cursor", str, description="`next_cursor` of the page before."),
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": PAGE_MAX, "default": PAGE_DEFAULT},
        description="How many at most.",
    ),
]


class BadCursor(BadRequest):
    code = "bad_cursor"
    message = _("This page marker is not one of ours.")


class BadLimit(BadRequest):
    code = "bad_limit"
    message = _("The limit is a whole number from 1 to %(limit_max)s.")


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    items: list[M]
    next_cursor: str | None


def page_of(rows: QuerySet[M], request: Request, *, moment: str) -> Page[M]:
    """Cut the page that the query asks for: newest `moment` first, then by id."""
    limit = _limit(request.query_params.get("limit"))
    cursor = request.query_params.get("cursor")
    if cursor:
        at, last_id = _decoded(cursor)
        rows = rows.filter(Q(**{f"{moment}__lt": at}) | Q(**{moment: at, "pk__gt": last_id}))
    # One more than asked for says whether there is a next page.
    found = list(rows.order_by(f"-{moment}", "pk")[: limit + 1])
    items = found[:limit]
    if len(found) <= limit:
        return Page(items, None)
    last = items[-1]
    return Page(items, _encoded(getattr(last, moment), last.pk))


def page_document(page: Page[M], represent: Callable[[M], object]) -> dict[str, object]:
    return {"items": [represent(item) for item in page.items], "next_cursor": page.next_cursor}


def _limit(wanted: str | None) -> int:
    if wanted is None:
        return PAGE_DEFAULT
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) <= 4):
        raise BadLimit(field="limit", limit_max=PAGE_MAX)
    if not 1 <= int(wanted) <= PAGE_MAX:
        raise BadLimit(field="limit", limit_max=PAGE_MAX)
    return int(wanted)


def _encoded(at: datetime, last_id: UUID) -> str:
    return base64.urlsafe_b64encode(f"{at.isoformat()} {last_id}".encode()).decode().rstrip("=")


def _decoded(cursor: str) -> tuple[datetime, UUID]:
    if len(cursor) > _CURSOR_CHARS_MAX:
        raise BadCursor(field="cursor")
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        at, last_id = base64.b64decode(padded, altchars=b"-_", validate=True).decode().split(" ")
        moment = datetime.fromisoformat(at)
        found = UUID(last_id)
    except (ValueError, binascii.Error) as error:
        raise BadCursor(field="cursor") from error
    if moment.tzinfo is None:
        raise BadCursor(field="cursor")
    return moment, found
