"""What a newcomer may ask: headings of the tenant's own documents."""

from rag.models import Chunk, DocumentState

CHUNKS_LOOKED_AT = 400
HEADING_CHARS = range(3, 60)


def starter_headings(*, limit: int) -> tuple[str, ...]:
    """Return headings of the newest readable documents, one of each document."""
    rows = (
        Chunk.objects.filter(document__state=DocumentState.READY)
        .exclude(heading="")
        .order_by("-document__created_at", "document_id", "ordinal")
        .values_list("document_id", "heading")
    )
    headings: dict[object, list[str]] = {}
    for document_id, heading in rows[:CHUNKS_LOOKED_AT]:
        words = heading.strip().lstrip("#0123456789. ")
        if len(words) in HEADING_CHARS:
            headings.setdefault(document_id, []).append(words)
    # The first heading of a document is its title; the one after it says more.
    told = (
        next((each for each in found if each != found[0]), found[0]) for found in headings.values()
    )
    return tuple(dict.fromkeys(told))[:limit]
