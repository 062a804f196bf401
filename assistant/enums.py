"""The words in which a run is told while it happens; stored states live with the models."""

from enum import StrEnum


class Stage(StrEnum):
    """What a running turn is busy with, shown to the person who waits."""

    SEARCHING = "SEARCHING"
    READING = "READING"
    WRITING = "WRITING"


class EventKind(StrEnum):
    """Names on the wire: they are SSE event names, hence lower case."""

    STATE = "state"
    DELTA = "delta"
    BLOCK = "block"
    CITATION = "citation"
    RESTART = "restart"
    SNAPSHOT = "snapshot"
    DONE = "done"
    FAILED = "failed"

    @property
    def is_ending(self) -> bool:
        return self in {EventKind.DONE, EventKind.FAILED}

    @property
    def stands_alone(self) -> bool:
        """Whether a reader who missed everything before it has lost nothing."""
        return self in {EventKind.RESTART, EventKind.SNAPSHOT} or self.is_ending
