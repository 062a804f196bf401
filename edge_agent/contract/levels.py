"""How secret a text is, and where it may be asked to go."""

from collections.abc import Iterable
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """A higher one is stricter, so the strictest of several is their maximum."""

    L0 = 0
    L1 = 1
    L2 = 2


class Destination(StrEnum):
    NODE = "NODE"
    PREMISES = "PREMISES"
    CLOUD = "CLOUD"
    PROVIDER = "PROVIDER"


class Passage(StrEnum):
    """Whether a text of some level may go to some destination."""

    YES = "YES"
    MASKED = "MASKED"
    NO = "NO"


def strictest(levels: Iterable[Level]) -> Level:
    """Return the strictest level; nothing at all is public."""
    return max(levels, default=Level.L0)
