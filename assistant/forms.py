"""What the pages send about conversations, read strictly."""

from django import forms
from django.http import QueryDict

from tenants.base.errors import BadRequest

COLLECTIONS_MAX = 100


class AskForm(forms.Form):
    """Lengths and characters are judged where they matter, in `ask`; here only shapes are."""

    question = forms.CharField(strip=False, required=False)
    conversation_id = forms.CharField(required=False, max_length=36)
    key = forms.CharField(required=False, max_length=200)
    keep_in_house = forms.BooleanField(required=False)


def collection_ids_in(data: QueryDict) -> tuple[int, ...]:
    """Raises: BadRequest when an id is no number."""
    values = data.getlist("collection_ids")
    if len(values) > COLLECTIONS_MAX or not all(_is_number(value) for value in values):
        raise BadRequest(field="collection_ids")
    return tuple(int(value) for value in values)


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 10
