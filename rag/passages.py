"""A passage as the reader sees it beside an answer: its neighbours dimmed, the quote marked."""

from dataclasses import dataclass

from rag.selectors import passage_context

QUOTE_CHARS_MAX = 400
NEIGHBOUR_CHARS = 400


@dataclass(frozen=True, slots=True)
class PassagePage:
    """`lead`, `marked` and `rest` are the passage in three pieces."""

    chunk_id: int
    document_id: str
    document_name: str
    page: int | None
    heading: str
    before: str
    lead: str
    marked: str
    rest: str
    after: str


def passage_page(chunk_id: int, *, quote: str = "") -> PassagePage:
    """Raises: NotFound when the passage is gone."""
    found = passage_context(chunk_id)
    lead, marked, rest = split_at_quote(found.text, quote[:QUOTE_CHARS_MAX])
    return PassagePage(
        chunk_id=found.chunk_id,
        document_id=found.document_id,
        document_name=found.document_name,
        page=found.page,
        heading=found.heading,
        before=_end_of(found.before),
        lead=lead,
        marked=marked,
        rest=rest,
        after=_start_of(found.after),
    )


def split_at_quote(text: str, quote: str) -> tuple[str, str, str]:
    """Cut the text around the quote; a quote that is not in it marks nothing."""
    if not quote or quote not in text:
        return text, "", ""
    return text.partition(quote)


def _end_of(text: str) -> str:
    return text if len(text) <= NEIGHBOUR_CHARS else f"…{text[-NEIGHBOUR_CHARS:]}"


def _start_of(text: str) -> str:
    return text if len(text) <= NEIGHBOUR_CHARS else f"{text[:NEIGHBOUR_CHARS]}…"
