"""What the scripted provider can say, and how it writes it down."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

WORDS = ("The", " answer", " is", " forty", "-two", ".")


class Fault(StrEnum):
    """Ways of failing below the level of a status code."""

    NONE = "NONE"
    SLOW_HEADERS = "SLOW_HEADERS"
    DRIPPING_HEADERS = "DRIPPING_HEADERS"
    HALF_OPEN = "HALF_OPEN"
    RESET = "RESET"
    RESET_MID_STREAM = "RESET_MID_STREAM"
    TRUNCATED = "TRUNCATED"
    CUT_CLEANLY = "CUT_CLEANLY"
    STALL_MID_STREAM = "STALL_MID_STREAM"
    DRIP = "DRIP"
    BAD_JSON = "BAD_JSON"
    BAD_UTF8 = "BAD_UTF8"
    BAD_SHAPE = "BAD_SHAPE"
    DEEP_JSON = "DEEP_JSON"
    ERROR_EVENT = "ERROR_EVENT"
    ENDLESS_WORDS = "ENDLESS_WORDS"
    ENDLESS_LINE = "ENDLESS_LINE"
    ENDLESS_HEADERS = "ENDLESS_HEADERS"
    WRONG_TYPE = "WRONG_TYPE"
    NOT_HTTP = "NOT_HTTP"
    GZIP_BOMB = "GZIP_BOMB"
    REDIRECT = "REDIRECT"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `words` may look at the request; a gated reply waits for `release()`."""

    words: Sequence[str] | Callable[[dict[str, Any]], Sequence[str]] = WORDS
    is_gated: bool = False
    pause_seconds: float = 0.0
    fault: Fault = Fault.NONE
    status: int = 200
    error: dict[str, Any] | None = None
    retry_after: str = ""
    finish_reason: str = "stop"
    has_usage: bool = True
    location: str = ""

    def words_for(self, request: dict[str, Any]) -> Sequence[str]:
        return self.words(request) if callable(self.words) else self.words

    def error_for(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the error, by default one that repeats the prompt as careless servers do."""
        return self.error or {"message": f"cannot answer {request.get('messages')}"}

    def usage_for(self, request: dict[str, Any]) -> dict[str, int]:
        prompt = sum(len(each["content"].split()) for each in request["messages"])
        answer = len(self.words_for(request))
        return {
            "prompt_tokens": prompt,
            "completion_tokens": answer,
            "total_tokens": prompt + answer,
        }


def chunk_of(
    delta: dict[str, Any] | None,
    *,
    finish_reason: str | None = None,
    usage: dict[str, int] | None = None,
) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    body = {
        "id": "chatcmpl-scripted",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "scripted",
        "choices": [] if delta is None else [choice],
        "usage": usage,
    }
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def whole_of(request: dict[str, Any], reply: Reply) -> dict[str, Any]:
    message = {"role": "assistant", "content": "".join(reply.words_for(request))}
    return {
        "id": "chatcmpl-scripted",
        "object": "chat.completion",
        "created": 1,
        "model": "scripted",
        "choices": [{"index": 0, "message": message, "finish_reason": reply.finish_reason}],
        "usage": reply.usage_for(request),
    }
