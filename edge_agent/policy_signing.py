"""The owner's side of a policy: make a key, sign with it, and see what was signed.

A signed policy is a file: the signature, 64 bytes, and after it the policy as canonical JSON.
"""

import argparse
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from edge_agent.contract.accepting import accept_policy, canonical
from edge_agent.contract.errors import ContractError, PolicyInvalid
from edge_agent.contract.policy import Policy
from edge_agent.contract.policy_document import policy_of
from edge_agent.contract.signing import SIGNATURE_BYTES, sign_document

KEY_BYTES_MAX = 10_000
POLICY_BYTES_MAX = 1_000_000
# What YAML writes in two bytes, canonical JSON may write in six.
SIGNED_BYTES_MAX = 4_000_000
SIGNED_SUFFIX = ".signed"
PUBLIC_SUFFIX = ".pub"
_PRIVATE, _PUBLIC = 0o600, 0o644
_NO_PRIVATE_KEY = "no private key as policy-keygen makes it (Ed25519, PEM, without a passphrase)."
_NO_PUBLIC_KEY = "no public key as policy-keygen makes it (Ed25519, PEM). Name the .pub file."
_ELSEWHERE = "Nothing was written; name a new file in a folder with space that you may write to."


class PolicySigningFailed(Exception):
    """The message says what happened and what to do; nothing was written then."""


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `policy-keygen`, `policy-sign` and `policy-check`; `run` carries them out."""
    keygen = subparsers.add_parser("policy-keygen", help="make the owner's key")
    keygen.add_argument("key", type=Path, help="where to write it; the public one goes beside it")
    sign = subparsers.add_parser("policy-sign", help="sign a policy with the owner's key")
    sign.add_argument("policy", type=Path, help="a YAML file; FILE.signed is written beside it")
    sign.add_argument("--key", type=Path, required=True, help="the owner's private key")
    check = subparsers.add_parser("policy-check", help="say whether a signed policy would be taken")
    check.add_argument("signed", type=Path, help="what policy-sign wrote")
    check.add_argument("--key", type=Path, required=True, help="the owner's public key")


def run(options: argparse.Namespace) -> int:
    """Carry out the command that `options.command` names; return the exit status, 0 or 1."""
    commands: dict[str, Callable[[argparse.Namespace], str]] = {
        "policy-keygen": lambda given: _keygen(given.key),
        "policy-sign": lambda given: _sign(given.policy, given.key),
        "policy-check": lambda given: _check(given.signed, given.key),
    }
    try:
        said = commands[options.command](options)
    except PolicySigningFailed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{said}\n")
    return 0


def make_key(path: Path) -> Path:
    """Write a new private key, for its owner alone to read, and return where the public one is.

    Raises: PolicySigningFailed where either file is there already or cannot be written.
    """
    public_path = path.with_name(path.name + PUBLIC_SUFFIX)
    for each in (path, public_path):
        if each.is_symlink() or each.exists():
            raise PolicySigningFailed(
                f"{each}: is there already. Keys are never overwritten; name another file."
            )
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    _write_new(path, private, _PRIVATE)
    try:
        _write_new(public_path, public, _PUBLIC)
    except PolicySigningFailed:
        path.unlink()
        raise
    return public_path


def read_private_key(path: Path) -> Ed25519PrivateKey:
    """Raises: PolicySigningFailed, also where others than the owner may read the file."""
    data = _read(path, KEY_BYTES_MAX)
    if path.stat().st_mode & 0o077:
        raise PolicySigningFailed(
            f"{path}: others may read this key. Run chmod 600 on it; if others have read it, "
            "make a new one with policy-keygen."
        )
    try:
        key = load_pem_private_key(data, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise PolicySigningFailed(f"{path}: {_NO_PRIVATE_KEY}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise PolicySigningFailed(f"{path}: {_NO_PRIVATE_KEY}")
    return key


def read_public_key(path: Path) -> Ed25519PublicKey:
    """Raises: PolicySigningFailed."""
    try:
        key = load_pem_public_key(_read(path, KEY_BYTES_MAX))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise PolicySigningFailed(f"{path}: {_NO_PUBLIC_KEY}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise PolicySigningFailed(f"{path}: {_NO_PUBLIC_KEY}")
    return key


def signed_policy(text: str, key: Ed25519PrivateKey, *, now: datetime) -> bytes:
    """Return the policy that this YAML holds, signed.

    Raises: PolicyInvalid, also where its time is over already.
    """
    try:
        fields: Any = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise PolicyInvalid("not YAML") from error
    policy = policy_of(fields)
    if policy.valid_until is None or policy.valid_until <= now:
        raise PolicyInvalid(f"valid_until: {policy.valid_until} is over")
    document = canonical(fields)
    signed = sign_document(document, key) + document
    if len(signed) > SIGNED_BYTES_MAX:
        raise PolicyInvalid(f"signed, it is larger than {SIGNED_BYTES_MAX} bytes")
    return signed


def open_signed(
    signed: bytes, owner_key: Ed25519PublicKey, *, current: Policy | None, now: datetime
) -> Policy:
    """Return the policy of a signed file, if the owner signed it and it is in force.

    Raises: SignatureInvalid, PolicyInvalid, Expired.
    """
    signature, document = signed[:SIGNATURE_BYTES], signed[SIGNATURE_BYTES:]
    return accept_policy(
        document, signature, owner_key=owner_key, platform_key=None, current=current, now=now
    )


def _keygen(path: Path) -> str:
    public_path = make_key(path)
    return (
        f"{path}: the owner's private key. Keep it off the node and off the platform.\n"
        f"{public_path}: the public key. The node verifies policies with it."
    )


def _sign(policy_path: Path, key_path: Path) -> str:
    key = read_private_key(key_path)
    try:
        text = _read(policy_path, POLICY_BYTES_MAX).decode()
        signed = signed_policy(text, key, now=datetime.now(UTC))
    except (ContractError, UnicodeDecodeError) as error:
        raise PolicySigningFailed(
            f"{policy_path}: {error}. Nothing was signed; correct the file and sign again."
        ) from error
    signed_path = policy_path.with_name(policy_path.name + SIGNED_SUFFIX)
    _replace(signed_path, signed)
    return f"{signed_path}: signed. policy-check tells what it says and whether it is in force."


def _check(signed_path: Path, key_path: Path) -> str:
    key = read_public_key(key_path)
    signed = _read(signed_path, SIGNED_BYTES_MAX)
    try:
        policy = open_signed(signed, key, current=None, now=datetime.now(UTC))
    except ContractError as error:
        raise PolicySigningFailed(
            f"{signed_path}: {error}. The node would refuse it; sign the policy again with "
            "policy-sign and the key that belongs to this one."
        ) from error
    return f"{signed_path}: {_told(policy)}. Signed by the owner, in force."


def _told(policy: Policy) -> str:
    return (
        f"version {policy.version}, tenant {policy.tenant}, "
        f"valid from {policy.valid_from} until {policy.valid_until}"
    )


def _read(path: Path, bytes_max: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(bytes_max + 1)
    except OSError as error:
        raise PolicySigningFailed(f"{path}: {error.strerror}. Name a file to read.") from error
    if len(data) > bytes_max:
        raise PolicySigningFailed(f"{path}: larger than {bytes_max} bytes. Name the right file.")
    return data


def _write_new(path: Path, data: bytes, mode: int) -> None:
    """Write a file that is not there yet, all of it or nothing."""
    try:
        # With O_EXCL no link is followed, and from its first moment the file has its mode.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except OSError as error:
        raise PolicySigningFailed(f"{path}: {error.strerror}. {_ELSEWHERE}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise PolicySigningFailed(f"{path}: {error.strerror}. {_ELSEWHERE}") from error


def _replace(path: Path, data: bytes) -> None:
    """Write all or nothing: a node that reads meanwhile finds the old policy or the new one."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    _write_new(beside, data, _PUBLIC)
    try:
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise PolicySigningFailed(f"{path}: {error.strerror}. {_ELSEWHERE}") from error
