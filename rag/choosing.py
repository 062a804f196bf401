"""What the pages offer to choose from: collections to search or to put files into."""

from collections.abc import Collection as Ids
from dataclasses import dataclass

from rag.selectors import collections


@dataclass(frozen=True, slots=True)
class CollectionChoice:
    id: int
    name: str
    is_default: bool
    is_chosen: bool


def collection_choices(chosen_ids: Ids[int] = ()) -> tuple[CollectionChoice, ...]:
    """List the collections, the default one first; none chosen means all are searched."""
    return tuple(
        CollectionChoice(row.id, row.name, row.is_default, row.id in chosen_ids)
        for row in collections()
    )
