"""What the documents page sends, read strictly."""

from edge_agent.contract.levels import Level
from tenants.base.errors import BadRequest


def collection_id_in(value: str) -> int | None:
    """Raises: BadRequest when an id is given and is no number."""
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise BadRequest(field="collection")
    return int(value)


def level_in(value: str) -> Level | None:
    """Raises: BadRequest when a level is given that there is not."""
    if not value:
        return None
    if value not in Level.__members__:
        raise BadRequest(field="level")
    return Level[value]
