"""Personal API keys: shown once, kept as a digest, refused with one sentence."""

import hashlib
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tenants.base.context import platform_scope, scope
from tenants.base.errors import BadRequest, NotFound
from tenants.hosts import TenantRef
from tenants.people.keys import (
    KEYS_PER_PERSON_MAX,
    KeyRefused,
    TooManyKeys,
    alive_keys,
    issue_key,
    keys_of,
    revoke_key,
    verify_key,
)
from tenants.people.models import ApiKey, KeyScope, Person

BOTH = [KeyScope.READ, KeyScope.WRITE]


def test_issue_key_keeps_only_a_digest(tenant: TenantRef, owner: Person) -> None:
    with scope(platform_scope(tenant.schema)):
        key, secret = issue_key(owner, name="ci", scopes=BOTH, expires_at=None)
        row = ApiKey.objects.filter(pk=key.pk).values().get()

    assert secret.startswith(f"{key.prefix}_")
    assert row["digest"] == hashlib.sha256(secret.encode()).hexdigest()
    assert not any(secret in str(value) for value in row.values())


def test_verify_key_says_who_and_what_for(tenant: TenantRef, owner: Person) -> None:
    with scope(platform_scope(tenant.schema)):
        key, secret = issue_key(owner, name="ci", scopes=[KeyScope.READ], expires_at=None)
        holder = verify_key(secret)

    assert (holder.key_id, holder.person_id) == (str(key.pk), str(owner.pk))
    assert holder.scopes == {KeyScope.READ}


def test_verify_key_notes_its_use_once_a_minute(tenant: TenantRef, owner: Person) -> None:
    with scope(platform_scope(tenant.schema)):
        key, secret = issue_key(owner, name="ci", scopes=BOTH, expires_at=None)
        verify_key(secret)
        first = ApiKey.objects.get(pk=key.pk).last_used_at
        verify_key(secret)
        second = ApiKey.objects.get(pk=key.pk).last_used_at
        long_ago = timezone.now() - timedelta(minutes=2)
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=long_ago)
        verify_key(secret)
        third = ApiKey.objects.get(pk=key.pk).last_used_at

    assert first is not None
    assert second == first
    assert third is not None
    assert third > first


def _expire(key: ApiKey) -> None:
    ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def _revoke(key: ApiKey) -> None:
    revoke_key(key.person, str(key.pk))


def _deactivate(key: ApiKey) -> None:
    Person.objects.filter(pk=key.person_id).update(is_active=False)


@pytest.mark.parametrize("spoil", [_expire, _revoke, _deactivate, ApiKey.delete])
def test_verify_key_refuses_a_spoiled_key_in_one_sentence(
    tenant: TenantRef, member: Person, spoil: object
) -> None:
    assert callable(spoil)
    with scope(platform_scope(tenant.schema)):
        key, secret = issue_key(member, name="ci", scopes=BOTH, expires_at=None)
        key_id = str(key.pk)
        assert alive_keys([key_id]) == {key_id}
        spoil(key)

        assert not alive_keys([key_id])
        with pytest.raises(KeyRefused) as caught:
            verify_key(secret)
    assert str(caught.value) == "This key is not valid here."


def test_verify_key_refuses_the_key_of_another_tenant(
    tenant: TenantRef, other_tenant: TenantRef, owner: Person
) -> None:
    with scope(platform_scope(tenant.schema)):
        _key, secret = issue_key(owner, name="ci", scopes=BOTH, expires_at=None)

    with scope(platform_scope(other_tenant.schema)), pytest.raises(KeyRefused):
        verify_key(secret)


@pytest.mark.parametrize("secret", ["", "dbk_", "x" * 100, "dbk_abcdefgh_" + "é" * 43, "\x00"])
def test_verify_key_refuses_what_is_no_key(tenant: TenantRef, secret: str) -> None:
    with scope(platform_scope(tenant.schema)), pytest.raises(KeyRefused):
        verify_key(secret)


def test_issue_key_refuses_no_scope_a_strange_one_and_the_past(
    tenant: TenantRef, owner: Person
) -> None:
    past = timezone.now() - timedelta(days=1)
    with scope(platform_scope(tenant.schema)):
        for scopes, expires_at in (([], None), (["ADMIN"], None), (BOTH, past)):
            with pytest.raises(BadRequest):
                issue_key(owner, name="ci", scopes=scopes, expires_at=expires_at)
        with pytest.raises(BadRequest):
            issue_key(owner, name=" ", scopes=BOTH, expires_at=None)

        assert not keys_of(owner).exists()


def test_issue_key_has_a_bound_that_revoking_frees(tenant: TenantRef, owner: Person) -> None:
    with scope(platform_scope(tenant.schema)):
        for number in range(KEYS_PER_PERSON_MAX):
            key, _secret = issue_key(owner, name=f"k{number}", scopes=BOTH, expires_at=None)
        with pytest.raises(TooManyKeys):
            issue_key(owner, name="one more", scopes=BOTH, expires_at=None)
        revoke_key(owner, str(key.pk))
        issue_key(owner, name="one more", scopes=BOTH, expires_at=None)


def test_keys_made_at_once_keep_to_the_bound(tenant: TenantRef, owner: Person) -> None:
    with scope(platform_scope(tenant.schema)):
        for number in range(KEYS_PER_PERSON_MAX - 2):
            issue_key(owner, name=f"k{number}", scopes=BOTH, expires_at=None)
    start, made = threading.Barrier(12), []

    def make() -> None:
        try:
            with scope(platform_scope(tenant.schema)):
                # A connection takes longer to make than a key.
                connection.ensure_connection()
                start.wait(30)
                made.append(issue_key(owner, name="at once", scopes=BOTH, expires_at=None))
        except TooManyKeys:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 2
    with scope(platform_scope(tenant.schema)):
        assert keys_of(owner).count() == KEYS_PER_PERSON_MAX


def test_revoke_key_leaves_the_keys_of_others(
    tenant: TenantRef, owner: Person, member: Person
) -> None:
    with scope(platform_scope(tenant.schema)):
        key, secret = issue_key(owner, name="ci", scopes=BOTH, expires_at=None)
        with pytest.raises(NotFound):
            revoke_key(member, str(key.pk))

        assert verify_key(secret).person_id == str(owner.pk)
