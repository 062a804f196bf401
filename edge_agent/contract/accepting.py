"""Whether a policy that was handed to the node is taken: whose it is, how new, how strict.

The owner may allow more than before, on the node and with a key that the platform never has. The
platform may only take away: also no more time than the owner gave.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from math import isfinite

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from edge_agent.contract.errors import Expired, PolicyInvalid, SignatureInvalid
from edge_agent.contract.policy import Policy, is_in_force
from edge_agent.contract.policy_document import policy_of
from edge_agent.contract.signing import Purpose, verify_document
from edge_agent.contract.tightening import check_tighter


def accept_policy(
    document: bytes,
    signature: bytes,
    *,
    owner_key: Ed25519PublicKey,
    platform_key: Ed25519PublicKey | None,
    current: Policy | None,
    now: datetime,
    tenant: str | None = None,
) -> Policy:
    """Return the policy to judge by from now on; `document` is canonical JSON.

    `current` is the newest one that was ever taken, in force or not; `tenant` says whose node
    this is, for where there is no `current` to tell.

    Raises: SignatureInvalid where neither key signed it as a policy; PolicyInvalid where it does
    not say what it must, is not newer, is another tenant's, or allows more than the platform may;
    Expired where it is not in force now.
    """
    is_owners = _is_of_owner(document, signature, owner_key, platform_key)
    new = _read(document)
    if tenant is not None and new.tenant != tenant:
        raise PolicyInvalid("tenant: the policy of another tenant")
    if is_owners:
        _check_newer(new, current)
    else:
        _check_pushed(new, current, now)
    _check_in_force(new, now)
    return new


def canonical(document: Mapping[str, object]) -> bytes:
    """Return the one way to write this policy: JSON in ASCII, keys sorted by code point, no spaces.

    Takes what YAML reads; a date and time becomes text.

    Raises: PolicyInvalid for what JSON cannot say.
    """
    try:
        plain = _plain(document)
        return json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()
    except (ValueError, RecursionError) as error:
        raise PolicyInvalid("policy: too deep or too large to be written") from error


def _is_of_owner(
    document: bytes,
    signature: bytes,
    owner_key: Ed25519PublicKey,
    platform_key: Ed25519PublicKey | None,
) -> bool:
    """Say whose it is: the owner's, or else the platform's."""
    if platform_key is not None and platform_key.public_bytes_raw() == owner_key.public_bytes_raw():
        raise SignatureInvalid("keys: the platform must not have the owner's key")
    try:
        verify_document(document, signature, owner_key, purpose=Purpose.POLICY)
    except SignatureInvalid:
        if platform_key is None:
            raise
        verify_document(document, signature, platform_key, purpose=Purpose.POLICY)
        return False
    return True


def _read(document: bytes) -> Policy:
    """Read what was signed. Even the right key may have signed what we do not understand."""
    try:
        fields = json.loads(document)
        policy = policy_of(fields)
    except (ValueError, RecursionError) as error:
        raise PolicyInvalid("policy: signed, but not understood") from error
    if canonical(fields) != document:
        raise PolicyInvalid("policy: signed, but not written as it must be")
    return policy


def _check_newer(new: Policy, current: Policy | None) -> None:
    if current is None:
        return
    if new.tenant != current.tenant:
        raise PolicyInvalid("tenant: the policy of another tenant")
    if new.version <= current.version:
        raise PolicyInvalid(f"version: must be above {current.version}, which is taken already")


def _check_pushed(new: Policy, current: Policy | None, now: datetime) -> None:
    """Check what the platform sends: outside the time the owner gave, nothing may travel at all."""
    if current is None:
        raise PolicyInvalid("the first policy must be signed by the owner")
    check_tighter(new, current)
    if current.valid_until is None or new.valid_until is None:
        raise PolicyInvalid("valid_until: missing")
    if new.valid_until > current.valid_until:
        raise PolicyInvalid(f"valid_until: later than that of version {current.version}")
    _check_in_force(current, now)


def _check_in_force(policy: Policy, now: datetime) -> None:
    if now.tzinfo is None:
        raise Expired("a moment without its offset from UTC is no moment")
    if not is_in_force(policy, now=now):
        raise Expired(
            f"version {policy.version}: in force from {policy.valid_from} until {policy.valid_until}"
        )


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise PolicyInvalid("policy: a field without a name")
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, str | int) or _is_finite(value):
        return value
    raise PolicyInvalid(f"policy: {type(value).__name__} is nothing that a policy may hold")


def _is_finite(value: object) -> bool:
    return isinstance(value, float) and isfinite(value)
