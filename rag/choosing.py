"""What the pages offer to choose from: collections to search or to put files into, and levels."""

from collections.abc import Collection as Ids
from dataclasses import dataclass

from django.utils.functional import Promise

from edge_agent.contract.levels import Level
from rag.selectors import collections
from tenants.policies.wording import LEVEL_LABELS


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


@dataclass(frozen=True, slots=True)
class LevelChoice:
    name: str
    label: str | Promise
    is_chosen: bool


def level_choices(chosen: Level | None) -> tuple[LevelChoice, ...]:
    """List the levels a document may have, the least strict first."""
    return tuple(LevelChoice(each.name, LEVEL_LABELS[each], each is chosen) for each in Level)
