"""Who asks, before anybody is known: for sharing only, without the database, safe from invented names.

A request only claims a host and a credential, and claims cost nothing to make. So a host counts
as a tenant, and a credential as a person, once they were found good in this process; till then
all unknown hosts are one tenant, and a person is the address the request comes from.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import blake2b

from tenants.base.fair_line import Asker

STRANGERS = ""
# What was good once is only ever the name of a share; the oldest make room.
HOSTS_MAX = 65536
CREDENTIALS_MAX = 65536


@dataclass(frozen=True, slots=True)
class Claim:
    host: str
    credential: bytes
    address: str

    @property
    def asker(self) -> Asker:
        tenant = _tenants.get(self.host) or STRANGERS
        actor = _actors.get(f"{tenant}:{self.credential.hex()}") if self.credential else None
        return Asker(tenant, actor or f"address:{self.address}")


def claim_of(*, host: str, credentials: tuple[bytes, ...], address: str) -> Claim:
    """Return what a request claims; of its credentials only a hash is kept."""
    shown = b"\0".join(credentials)
    digest = blake2b(shown, digest_size=16).digest() if shown.strip(b"\0") else b""
    return Claim(host, digest, address)


def claimed_asker() -> Asker:
    """Return the asker of the request at hand."""
    found = _current.get()
    return found.asker if found is not None else Asker(STRANGERS, "")


@contextmanager
def claiming(claim: Claim) -> Iterator[None]:
    token = _current.set(claim)
    try:
        yield
    finally:
        _current.reset(token)


def know_host(host: str, schema: str) -> None:
    """Note that this host is this tenant's."""
    _tenants.put(host, schema)


def know_actor(schema: str, actor: str) -> None:
    """Note that the credential of the request at hand is this actor's."""
    found = _current.get()
    if found is not None and found.credential:
        _actors.put(f"{schema}:{found.credential.hex()}", actor)


class _Memory:
    """Names that were found good, at most so many."""

    def __init__(self, names_max: int) -> None:
        self._names_max = names_max
        self._lock = threading.Lock()
        self._names: OrderedDict[str, str] = OrderedDict()

    def get(self, key: str) -> str | None:
        return self._names.get(key)

    def put(self, key: str, name: str) -> None:
        with self._lock:
            self._names[key] = name
            self._names.move_to_end(key)
            if len(self._names) > self._names_max:
                self._names.popitem(last=False)


_current: ContextVar[Claim | None] = ContextVar("claim", default=None)
_tenants = _Memory(HOSTS_MAX)
_actors = _Memory(CREDENTIALS_MAX)
