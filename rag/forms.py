"""What the documents page sends, read strictly."""

from tenants.base.errors import BadRequest


def collection_id_in(value: str) -> int | None:
    """Raises: BadRequest when an id is given and is no number."""
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise BadRequest(field="collection")
    return int(value)
