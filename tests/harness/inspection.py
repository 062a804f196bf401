"""All that a file holds, at once: what the product reads line by line."""

from dataclasses import dataclass
from pathlib import Path

from rag.loaders.blocks import Aside, Block, Unread
from rag.parsing import found_in


@dataclass(frozen=True, slots=True)
class Inspection:
    """The text that is searched, the text beside it, and what nobody could read."""

    blocks: tuple[Block, ...]
    asides: tuple[Aside, ...]
    unread: tuple[Unread, ...]


def inspect(path: Path, *, name: str, is_trial: bool = False) -> Inspection:
    """Raises: DocumentUnreadable, with the named reason."""
    found = [*found_in(path, name=name, is_trial=is_trial)]
    return Inspection(
        tuple(each for each in found if isinstance(each, Block)),
        tuple(each for each in found if isinstance(each, Aside)),
        tuple(each for each in found if isinstance(each, Unread)),
    )
