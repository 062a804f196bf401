"""Personal API keys: `dbk_<8 characters to recognise it by>_<43 random characters>`."""

import hashlib
import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.base.errors import BadRequest, Conflict, NotFound, Unauthorized
from tenants.base.text import clean_text
from tenants.people.models import ApiKey, KeyScope, Person

NAME_CHARS_MAX = 80
KEYS_PER_PERSON_MAX = 50
# A key in use would otherwise cost one write for every request.
USE_NOTED_EVERY = timedelta(minutes=1)
_SHAPE = re.compile(r"dbk_[a-z0-9]{8}_[A-Za-z0-9_-]{43}")
_PREFIX_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


class KeyRefused(Unauthorized):
    """One sentence for every reason: the reasons are nobody's business but the owner's."""

    code = "key_refused"
    message = _("This key is not valid here.")


class TooManyKeys(Conflict):
    code = "too_many_keys"
    message = _("There are too many keys. Revoke one that is no longer needed.")


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Who holds a key that is good right now, and what it may be used for."""

    key_id: str
    person_id: str
    scopes: frozenset[KeyScope]


def issue_key(
    person: Person, *, name: str, scopes: Collection[str], expires_at: datetime | None
) -> tuple[ApiKey, str]:
    """Make a key and return it with its secret, which is never to be seen again.

    Raises: BadRequest, TooManyKeys.
    """
    called = clean_text(name, max_chars=NAME_CHARS_MAX, allow_newlines=False, field="name")
    if not scopes or not set(scopes) <= set(KeyScope.values):
        raise BadRequest(_("Choose what the key may be used for."), field="scopes")
    if expires_at is not None and expires_at <= timezone.now():
        raise BadRequest(_("The key would have expired already."), field="expires_at")
    prefix = f"dbk_{''.join(secrets.choice(_PREFIX_LETTERS) for _letter in range(8))}"
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey(
        person=person,
        name=called,
        prefix=prefix,
        digest=_digest(secret),
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
    )
    with transaction.atomic():
        # The row of the person is the turnstile: two at a time would both count one too few.
        Person.objects.select_for_update().get(pk=person.pk)
        if keys_of(person).count() >= KEYS_PER_PERSON_MAX:
            raise TooManyKeys
        key.save(force_insert=True)
    return key, secret


def verify_key(secret: str) -> KeyHolder:
    """Return the holder and note the use.

    Raises: KeyRefused, whatever the reason.
    """
    if not _SHAPE.fullmatch(secret):
        raise KeyRefused
    key = ApiKey.objects.select_related("person").filter(digest=_digest(secret)).first()
    if key is None or not _is_good(key):
        raise KeyRefused
    _note_use(key)
    return KeyHolder(
        key_id=str(key.pk),
        person_id=str(key.person_id),
        scopes=frozenset(KeyScope(scope) for scope in key.scopes),
    )


def alive_keys(key_ids: Sequence[str]) -> frozenset[str]:
    """Return which of the keys that opened a stream would still open it."""
    keys = ApiKey.objects.select_related("person").filter(pk__in=key_ids)
    return frozenset(str(key.pk) for key in keys if _is_good(key))


def revoke_key(person: Person, key_id: str) -> None:
    """Raises: NotFound, also for a key of somebody else."""
    revoked = keys_of(person).filter(pk=key_id).update(revoked_at=timezone.now())
    if not revoked:
        raise NotFound


def keys_of(person: Person) -> QuerySet[ApiKey]:
    """Return the person's keys that were not revoked, newest first."""
    return ApiKey.objects.filter(person=person, revoked_at=None).order_by("-created_at", "id")


def _is_good(key: ApiKey) -> bool:
    now = timezone.now()
    is_expired = key.expires_at is not None and key.expires_at <= now
    return key.revoked_at is None and not is_expired and key.person.is_active


def _note_use(key: ApiKey) -> None:
    now = timezone.now()
    if key.last_used_at is None or key.last_used_at < now - USE_NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)


def _digest(secret: str) -> str:
    # The secret holds 256 random bits, so a plain hash cannot be guessed backwards.
    return hashlib.sha256(secret.encode()).hexdigest()
