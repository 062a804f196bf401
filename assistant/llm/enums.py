"""The closed vocabularies of the model layer."""

from enum import StrEnum


class Role(StrEnum):
    """Who speaks in a prompt; the values are the ones of the OpenAI wire format."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class LocalModel(StrEnum):
    """What answers when no endpoint is configured; the values are those of LOCAL_MODEL."""

    AUTO = "auto"
    SMALL = "small"
    STANDARD = "standard"
    QUOTE = "quote"
