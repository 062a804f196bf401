"""A file's text in portions of a bounded length, each for a child process of its own."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import chain
from typing import Any

from rag.loaders.blocks import Aside, Block, Unread

# With what a portion brings along it stays below the 200,000 bytes of a piece of the contract.
PORTION_BYTES_MAX = 140_000
TEXTS_MAX = 4_000
# So many are asked of one child: starting one costs as much as judging a portion.
PORTIONS_MAX = 8


@dataclass(frozen=True, slots=True)
class Portion:
    """Some of what was found in a file; with `goes_on`, the next one goes on with its last block."""

    found: tuple[Block | Aside, ...] = ()
    unread: tuple[Unread, ...] = ()
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What a child is asked; `carried` is what the portion before told to bring along.

    `policy` is its document; without one nothing is judged. `origin` holds the fields of the part
    that says where the file comes from.
    """

    portion: Portion
    policy: Mapping[str, Any] | None = None
    origin: Mapping[str, Any] | None = None
    carried: Mapping[str, Any] = field(default_factory=dict)
    is_cut: bool = True

    def to_json(self) -> bytes:
        return json.dumps(
            {
                "found": [_as_fields(found) for found in self.portion.found],
                "goes_on": self.portion.goes_on,
                "policy": self.policy,
                "origin": self.origin,
                "carried": self.carried,
                "is_cut": self.is_cut,
            }
        ).encode()


def portions_of(found: Iterable[Block | Aside | Unread]) -> Iterator[Portion]:
    """Yield all of it, in order; at least one portion, for a file may hold nothing but its name."""
    held: list[Block | Aside] = []
    unread: list[Unread] = []
    size_bytes = 0
    for each in chain(found, [None]):
        if isinstance(each, Unread):
            unread.append(each)
            continue
        more_bytes = 0 if each is None else len(each.text.encode("utf-8", "surrogatepass"))
        is_full = size_bytes + more_bytes > PORTION_BYTES_MAX or len(held) >= TEXTS_MAX
        if each is None or (held and is_full):
            goes_on = isinstance(each, Block) and each.goes_on
            yield Portion(tuple(held), tuple(unread), goes_on)
            held, unread, size_bytes = [], [], 0
        if each is not None:
            held.append(each)
            size_bytes += more_bytes


def found_of(fields: Mapping[str, Any]) -> Block | Aside:
    """Return what a line of a request describes."""
    return Aside(**fields) if "where" in fields else Block(**fields)


def _as_fields(found: Block | Aside) -> dict[str, Any]:
    return asdict(found)
