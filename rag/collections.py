"""Verbs on collections: named sets of documents that are searched together."""

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from rag.models import Collection
from tenants.base.errors import Conflict, NotFound
from tenants.base.text import clean_text

NAME_CHARS_MAX = 120


class CollectionMissing(NotFound):
    code = "collection_missing"
    message = _("There is no such collection.")


class CollectionExists(Conflict):
    code = "collection_exists"
    message = _("A collection of this name exists already.")


class CollectionInUse(Conflict):
    code = "collection_in_use"
    message = _("Only an empty collection that is not the default one can be deleted.")


def create_collection(name: str) -> Collection:
    """Raises: BadRequest, CollectionExists."""
    called = clean_text(name, max_chars=NAME_CHARS_MAX, allow_newlines=False, field="name")
    try:
        with transaction.atomic():
            return Collection.objects.create(name=called)
    except IntegrityError as error:
        raise CollectionExists from error


def delete_collection(collection_id: int) -> None:
    """Raises: CollectionMissing, CollectionInUse."""
    try:
        with transaction.atomic():
            found = Collection.objects.select_for_update().get(pk=collection_id)
            if found.is_default:
                raise CollectionInUse
            found.delete()
    except Collection.DoesNotExist as error:
        raise CollectionMissing from error
    except (ProtectedError, IntegrityError) as error:
        raise CollectionInUse from error
