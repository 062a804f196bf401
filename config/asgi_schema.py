"""Words about the plain ASGI routes of the API, for its description."""

from typing import Any

_EVENTS = (
    "Follow a run as server-sent events: `state`, `delta`, `block`, `citation`, `restart`,"
    " `snapshot`, and at the end `done` or `failed`. After a cut, send `Last-Event-ID`."
)
_CHAT = (
    "Answer in the shape of the OpenAI API. The model `documents` answers from your documents,"
    " with `annotations`; other models answer by themselves. Nothing is kept."
)
_OPENAI_ERROR = {
    "description": "The request was refused.",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["error"],
                "properties": {
                    "error": {
                        "type": "object",
                        "required": ["message", "type", "param", "code"],
                        "properties": {
                            "message": {"type": "string"},
                            "type": {"type": "string"},
                            "param": {"type": "string", "nullable": True},
                            "code": {"type": "string", "nullable": True},
                        },
                    }
                },
            }
        }
    },
}
_MESSAGE = {
    "type": "object",
    "required": ["role", "content"],
    "properties": {
        "role": {"type": "string", "enum": ["system", "developer", "user", "assistant"]},
        "content": {"type": "string"},
    },
}
_COMPLETION_REQUEST = {
    "type": "object",
    "required": ["model", "messages"],
    "properties": {
        "model": {"type": "string", "example": "documents"},
        "messages": {"type": "array", "minItems": 1, "items": _MESSAGE},
        "stream": {"type": "boolean", "default": False},
        "stream_options": {
            "type": "object",
            "properties": {"include_usage": {"type": "boolean"}},
        },
        "max_tokens": {"type": "integer", "minimum": 1},
        "temperature": {"type": "number", "minimum": 0, "maximum": 2},
        "collection_ids": {
            "type": "array",
            "items": {"type": "integer", "minimum": 1},
            "description": "Ours: narrows the model `documents` to these collections.",
        },
    },
}
_UPLOAD = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "collection": {"type": "integer", "minimum": 1},
        "label": {
            "type": "string",
            "description": "How secret it is, by a name of the policy in force.",
        },
    },
}
_ACCEPTED_DOCUMENT = {
    "type": "object",
    "required": ["id", "name", "state"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "name": {"type": "string"},
        "state": {"type": "string"},
    },
}
_ANY_OBJECT = {"application/json": {"schema": {"type": "object"}}}
_TEXT_STREAM = {"text/event-stream": {"schema": {"type": "string"}}}

DESCRIPTIONS: dict[tuple[str, str], dict[str, Any]] = {
    ("GET", "/api/v1/runs/{run_id}/events"): {
        "operationId": "follow_run",
        "description": _EVENTS,
        "tags": ["runs"],
        "parameters": [
            {"in": "header", "name": "Last-Event-ID", "schema": {"type": "string"}},
        ],
        "responses": {"200": {"description": "The events.", "content": _TEXT_STREAM}},
    },
    ("POST", "/api/v1/documents"): {
        "operationId": "upload_document",
        "description": (
            "Upload one file: PDF, DOCX, Markdown, text or HTML. It is read in the background;"
            " follow its `state` at the address in `Location`."
        ),
        "tags": ["documents"],
        "requestBody": {
            "required": True,
            "content": {"multipart/form-data": {"schema": _UPLOAD}},
        },
        "responses": {
            "202": {
                "description": "Accepted.",
                "content": {"application/json": {"schema": _ACCEPTED_DOCUMENT}},
            },
            "507": {"description": "There is no room for the file."},
        },
    },
    ("POST", "/v1/chat/completions"): {
        "operationId": "chat_completions",
        "description": _CHAT,
        "tags": ["openai"],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _COMPLETION_REQUEST}},
        },
        "responses": {
            "200": {"description": "The answer.", "content": {**_ANY_OBJECT, **_TEXT_STREAM}},
            "4XX": _OPENAI_ERROR,
            "5XX": _OPENAI_ERROR,
        },
    },
    ("GET", "/v1/models"): {
        "operationId": "list_models",
        "description": "List the models that `/v1/chat/completions` takes.",
        "tags": ["openai"],
        "responses": {
            "200": {"description": "The models.", "content": _ANY_OBJECT},
            "4XX": _OPENAI_ERROR,
            "5XX": _OPENAI_ERROR,
        },
    },
}
