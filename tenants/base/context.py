"""Who is asking, for which tenant: the one variable that every other module reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

from tenants.base.errors import ScopeMissing
from tenants.base.roles import PUBLIC_SCHEMA, check_schema


class ActorKind(StrEnum):
    PERSON = "PERSON"
    SERVICE = "SERVICE"
    DEVICE = "DEVICE"
    PLATFORM = "PLATFORM"


@dataclass(frozen=True, slots=True)
class Scope:
    """A tenant's schema and the actor inside it; an empty actor id is a visitor."""

    schema: str
    actor_kind: ActorKind
    actor_id: str = ""

    def __post_init__(self) -> None:
        check_schema(self.schema)

    @property
    def actor(self) -> str:
        """What row-level security compares, sent to the database as `app.actor`."""
        return f"{self.actor_kind}:{self.actor_id}"


REGISTRY = Scope(PUBLIC_SCHEMA, ActorKind.PLATFORM, "registry")

_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current_scope() -> Scope:
    """Return the scope of this context.

    Raises:
        ScopeMissing: nobody said who is asking; there is no default, not even `public`.
    """
    found = _current.get()
    if found is None:
        raise ScopeMissing
    return found


def scope_or_none() -> Scope | None:
    """Return the scope if there is one; for log lines only, never for access."""
    return _current.get()


@contextmanager
def scope(wanted: Scope) -> Iterator[Scope]:
    """Run the block as this scope and restore the previous one after it."""
    token = _current.set(wanted)
    try:
        yield wanted
    finally:
        _current.reset(token)


def person_scope(schema: str, person_id: str) -> Scope:
    return Scope(schema, ActorKind.PERSON, str(person_id))


def visitor_scope(schema: str) -> Scope:
    """Return the scope of someone who has not signed in: sees no one's rows."""
    return Scope(schema, ActorKind.PERSON)


def platform_scope(schema: str, what: str = "worker") -> Scope:
    """Return the scope of the platform itself, which sees every row of that tenant."""
    return Scope(schema, ActorKind.PLATFORM, what)
