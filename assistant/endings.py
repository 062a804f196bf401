"""What is told of a run at its end, and on the way to it: one shape for stream, page and API."""

from assistant.enums import EventKind
from assistant.marks import plain_html, with_sources
from assistant.models import RunState
from assistant.renditions import kept_html
from assistant.selectors import CitationView, RunView

EventData = dict[str, object]


def ending_of(view: RunView) -> tuple[EventKind, EventData]:
    """Return the last event of a finished run, complete in itself."""
    if view.state == RunState.FAILED:
        return EventKind.FAILED, {
            "code": view.error_code,
            "message": view.error_detail,
            "kept_text": view.text,
        }
    return EventKind.DONE, {
        "state": view.state.value,
        "message_id": view.answer_message_id,
        "text": view.text,
        "html": with_sources(kept_html(view), {item.ordinal: item for item in view.citations}),
        "citations": [citation_data(citation) for citation in view.citations],
        "receipt": receipt_of(view),
    }


def receipt_of(view: RunView) -> EventData:
    return {
        "model": view.model,
        "mode": view.mode,
        "boundary": dict(view.boundary),
        "passages_used": view.passages_used,
        "passages_seen": view.passages_seen,
        "tokens_in": view.tokens_in,
        "tokens_out": view.tokens_out,
        "seconds": view.seconds,
    }


def citation_data(citation: CitationView) -> EventData:
    return {
        "ordinal": citation.ordinal,
        "chunk_id": citation.chunk_id,
        "document_id": citation.document_id,
        "document_name": citation.document_name,
        "page": citation.page,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
    }


def snapshot_of(text: str) -> EventData:
    """Return the words so far as they were written: every reader asks, so nothing is rendered."""
    return {"text": text, "html": plain_html(text)}


def state_of(view: RunView, position: int) -> EventData:
    data: EventData = {"state": view.state.value}
    return {**data, "position": position} if position else data
