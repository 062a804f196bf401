"""Why a document could not be read, and what a search looks at; pure, shared with the parser."""

from enum import StrEnum


class Reason(StrEnum):
    """Why ingestion failed; kept on the document as `reason_code`."""

    EMPTY = "EMPTY"
    ENCRYPTED = "ENCRYPTED"
    CORRUPT = "CORRUPT"
    MISLABELLED = "MISLABELLED"
    TOO_LARGE = "TOO_LARGE"
    BOMB = "BOMB"
    UNSUPPORTED = "UNSUPPORTED"
    NO_TEXT = "NO_TEXT"
    TIMEOUT = "TIMEOUT"
    OUT_OF_MEMORY = "OUT_OF_MEMORY"
    FILE_MISSING = "FILE_MISSING"
    EMBEDDINGS_UNAVAILABLE = "EMBEDDINGS_UNAVAILABLE"
    INTERRUPTED = "INTERRUPTED"


class Kind(StrEnum):
    """The formats that can be read."""

    PDF = "PDF"
    DOCX = "DOCX"
    MARKDOWN = "MARKDOWN"
    TEXT = "TEXT"
    HTML = "HTML"
