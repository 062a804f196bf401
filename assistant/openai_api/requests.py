"""What a program may send to `/v1/chat/completions`, read strictly where it matters."""

from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from assistant.llm.enums import Role
from assistant.llm.protocol import ChatMessage
from tenants.api.parsers import parse_strictly
from tenants.base.errors import BadRequest

MESSAGES_MAX = 500
STOPS_MAX = 4
TOKENS_MAX = 128_000

Count = Annotated[int, Field(strict=True, ge=1, le=TOKENS_MAX)]
Stop = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200)]
CollectionId = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
# What an endpoint like this may ignore; what it may not ignore without changing the answer's
# meaning is refused by name.
_UNSUPPORTED = ("tools", "functions", "audio", "modalities", "logit_bias", "web_search_options")


class BadParameter(BadRequest):
    code = "invalid_value"
    message = _("The value of %(name)s cannot be used.")


class UnsupportedParameter(BadRequest):
    code = "unsupported_parameter"
    message = _("%(name)s is not supported here.")


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class TextPart(_Wire):
    type: Literal["text"]
    text: Annotated[str, Field(strict=True)]


class WireMessage(_Wire):
    role: Literal["system", "developer", "user", "assistant"]
    content: Annotated[str, Field(strict=True)] | list[TextPart]

    @property
    def text(self) -> str:
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content)

    def as_chat(self) -> ChatMessage:
        role = Role.SYSTEM if self.role == "developer" else Role(self.role)
        return ChatMessage(role, self.text)


class StreamOptions(_Wire):
    include_usage: Annotated[bool, Field(strict=True)] = False


class ResponseFormat(_Wire):
    type: Literal["text"]


class CompletionRequest(_Wire):
    """One call; `collection_ids` is ours and narrows the model `documents`."""

    model: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200)]
    messages: Annotated[list[WireMessage], Field(min_length=1, max_length=MESSAGES_MAX)]
    stream: Annotated[bool, Field(strict=True)] | None = None
    stream_options: StreamOptions | None = None
    max_tokens: Count | None = None
    max_completion_tokens: Count | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    stop: Stop | Annotated[list[Stop], Field(max_length=STOPS_MAX)] | None = None
    n: Literal[1] | None = None
    logprobs: Literal[False] | None = None
    response_format: ResponseFormat | None = None
    collection_ids: Annotated[list[CollectionId], Field(max_length=100)] | None = None

    @property
    def wants_stream(self) -> bool:
        return bool(self.stream)

    @property
    def wants_usage(self) -> bool:
        return self.stream_options is not None and self.stream_options.include_usage

    @property
    def tokens_wanted(self) -> int | None:
        return self.max_completion_tokens or self.max_tokens

    @property
    def stops(self) -> tuple[str, ...]:
        if self.stop is None:
            return ()
        return (self.stop,) if isinstance(self.stop, str) else tuple(self.stop)

    @property
    def talk(self) -> tuple[ChatMessage, ...]:
        return tuple(message.as_chat() for message in self.messages)


def parse_completion(body: bytes) -> CompletionRequest:
    """Raises: BadRequest, naming the parameter; TooLarge."""
    document = parse_strictly(body)
    if not isinstance(document, dict):
        raise BadRequest(_("The body must be a JSON object."))
    for name in _UNSUPPORTED:
        if document.get(name):
            raise UnsupportedParameter(field=name, name=name)
    try:
        return CompletionRequest.model_validate(document)
    except ValidationError as error:
        name = _first_place(error)
        raise BadParameter(field=name, name=name) from error


def _first_place(error: ValidationError) -> str:
    """Name the first offending place as clients know it, without the types tried on the way."""
    place: tuple[Any, ...] = error.errors(include_input=False, include_url=False)[0]["loc"]
    # A choice of types adds the name of each to the place: no client wrote those.
    known = [part for part in place if isinstance(part, int) or _is_name(part)]
    return ".".join(str(part) for part in known) or "body"


def _is_name(part: str) -> bool:
    return part.isidentifier() and part != "str"
