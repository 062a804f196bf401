"""What `/v1` writes on the wire: pure text, in the shapes of the OpenAI API."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answers import Support
from assistant.llm.protocol import Usage
from tenants.base.errors import AppError

DONE = b"data: [DONE]\n\n"
_RATE_LIMITED = 429
_TYPES = {401: "authentication_error", 403: "permission_error", _RATE_LIMITED: "rate_limit_error"}
_CODES = {"key_refused": "invalid_api_key", "unauthorized": "invalid_api_key"}

Document = dict[str, object]


@dataclass(frozen=True, slots=True)
class Envelope:
    """What every part of one completion repeats; `origin` begins the addresses of sources."""

    id: str
    created: int
    model: str
    origin: str

    def chunk(self, delta: Document, *, finish_reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return sse(self._document("chat.completion.chunk", [choice]))

    def usage_chunk(self, usage: Usage) -> bytes:
        document = self._document("chat.completion.chunk", [])
        return sse({**document, "usage": usage_document(usage)})

    def completion(
        self, text: str, supports: Sequence[Support], usage: Usage, *, finish_reason: str
    ) -> Document:
        message = {
            "role": "assistant",
            "content": text,
            "refusal": None,
            "annotations": [self.annotation(support) for support in supports],
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish_reason}
        document = self._document("chat.completion", [choice])
        return {**document, "usage": usage_document(usage)}

    def annotation(self, support: Support) -> Document:
        """Say which passage supports which characters of the answer, as a citation of its page."""
        passage = support.passage
        page = f"#page={passage.page}" if passage.page else ""
        return {
            "type": "url_citation",
            "url_citation": {
                "start_index": support.start,
                "end_index": support.end,
                "title": passage.document_name,
                "url": f"{self.origin}/documents/{passage.document_id}/file{page}",
                "document_id": str(passage.document_id),
                "chunk_id": passage.chunk_id,
                "page": passage.page,
                "quote": support.quote,
            },
        }

    def _document(self, kind: str, choices: Sequence[Document]) -> Document:
        return {
            "id": self.id,
            "object": kind,
            "created": self.created,
            "model": self.model,
            "choices": list(choices),
        }


def usage_document(usage: Usage) -> Document:
    return {
        "prompt_tokens": usage.tokens_in,
        "completion_tokens": usage.tokens_out,
        "total_tokens": usage.tokens_in + usage.tokens_out,
    }


def error_document(error: AppError) -> Document:
    kind = _TYPES.get(error.status)
    if kind is None:
        kind = "invalid_request_error" if error.status < 500 else "server_error"
    return {
        "error": {
            "message": str(error),
            "type": kind,
            "param": error.field or None,
            "code": _CODES.get(error.code, error.code),
        }
    }


def sse(document: Mapping[str, object]) -> bytes:
    return b"data: " + json_bytes(document) + b"\n\n"


def json_bytes(document: Mapping[str, object]) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
