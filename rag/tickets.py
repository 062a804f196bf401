"""Upload tickets: a page may send files through the plain ASGI route without its cookie.

That route takes no cookie for writing, because it has no CSRF token. The page is given a
signed word instead: for one person of one tenant, for ten minutes.
"""

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from rag.errors import TicketInvalid
from tenants.base.context import current_scope
from tenants.people.models import Person

TICKET_SECONDS = 600
_TICKET_CHARS_MAX = 500


def issue_ticket(person_id: str) -> str:
    return signing.dumps({"person": str(person_id)}, salt=_salt())


def redeem_ticket(ticket: str) -> str:
    """Return the id of the person the ticket was given to, if still active in this tenant.

    Raises: TicketInvalid.
    """
    if len(ticket) > _TICKET_CHARS_MAX:
        raise TicketInvalid
    try:
        person_id = signing.loads(ticket, salt=_salt(), max_age=TICKET_SECONDS)["person"]
    except (signing.BadSignature, KeyError, TypeError) as error:
        raise TicketInvalid from error
    if not Person.objects.filter(pk=person_id, is_active=True).exists():
        raise TicketInvalid
    return str(person_id)


def upload_context(request: HttpRequest) -> dict[str, Any]:
    """Return what a page with an upload field needs."""
    return {
        "upload_ticket": issue_ticket(str(request.user.pk)),
        "upload_bytes_max": settings.UPLOAD_BYTES_MAX,
    }


def _salt() -> str:
    # The schema is part of the key: a ticket of one tenant is nothing at another.
    return f"rag.upload.{current_scope().schema}"
