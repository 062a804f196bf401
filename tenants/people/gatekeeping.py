"""Who stands before an ASGI route: host, then cookie or key, in one trip to the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, parse_cookie
from django.utils.translation import gettext_lazy as _

from tenants.base.claims import know_actor
from tenants.base.context import Scope, person_scope, scope, visitor_scope
from tenants.base.errors import Forbidden, NotFound, Unauthorized
from tenants.base.lanes import in_registry, in_tenant
from tenants.hosts import TenantRef, resolve_host
from tenants.people.keys import alive_keys, verify_key
from tenants.people.models import KeyScope, Person
from tenants.people.sessions import SessionStore

Auth = Literal["COOKIE", "KEY", "COOKIE_OR_KEY", "NONE"]

ALL_SCOPES = frozenset(KeyScope)
_BEARER = "bearer "
_KEY = "KEY"
_SESSION = "SESSION"
_SAFE_METHODS = frozenset({"GET", "HEAD"})


class ScopeLacking(Forbidden):
    code = "key_scope_lacking"
    message = _("This key may not be used for this.")


@dataclass(frozen=True, slots=True)
class Principal:
    """Someone who may enter: `scope` is what `in_tenant` wants.

    `credential` is `KEY:<id>`, `SESSION:<session key>` or empty; it is never to be logged.
    """

    tenant: TenantRef
    scope: Scope
    person_id: str
    scopes: frozenset[KeyScope]
    credential: str = field(repr=False)

    def require(self, wanted: KeyScope) -> None:
        """Raises: ScopeLacking."""
        if wanted not in self.scopes:
            raise ScopeLacking


async def authenticate_asgi(asgi_scope: Mapping[str, Any], auth: Auth) -> Principal:
    """Return who is asking, or refuse.

    A cookie is taken for reading only: a plain ASGI route has no CSRF token. A key that is
    shown is used or refused, never passed over for a cookie.

    Raises:
        NotFound: the host is no tenant's.
        Unauthorized: nobody we know, or not by a way this route takes.
    """
    headers = asgi_scope["headers"]
    secret = bearer_secret(_header(headers, b"authorization"))
    cookie = _header(headers, b"cookie")
    takes_cookie = auth in {"COOKIE", "COOKIE_OR_KEY"} and (
        asgi_scope["type"] == "websocket" or asgi_scope["method"] in _SAFE_METHODS
    )
    principal = await in_registry(
        _authenticate,
        host=_header(headers, b"host"),
        secret=secret if auth in {"KEY", "COOKIE_OR_KEY"} else "",
        session_key=_session_key(cookie) if takes_cookie else "",
        is_open=auth == "NONE",
    )
    if principal.person_id:
        know_actor(principal.scope.schema, principal.scope.actor)
    return principal


async def still_welcome(principals: Sequence[Principal]) -> frozenset[str]:
    """Return which credentials of these, all of one tenant, would open a stream again now."""
    visitor = visitor_scope(principals[0].tenant.schema)
    return await in_tenant(visitor, _alive, principals)


def bearer_secret(authorization: str) -> str:
    """Return the key of an Authorization header, or nothing when it holds another kind."""
    if authorization[: len(_BEARER)].lower() != _BEARER:
        return ""
    return authorization[len(_BEARER) :].strip()


def _authenticate(*, host: str, secret: str, session_key: str, is_open: bool) -> Principal:
    tenant = resolve_host(host)
    if tenant is None:
        raise NotFound
    with scope(visitor_scope(tenant.schema)):
        if is_open:
            return Principal(tenant, visitor_scope(tenant.schema), "", frozenset(), "")
        if secret:
            holder = verify_key(secret)
            return _principal(tenant, holder.person_id, holder.scopes, f"{_KEY}:{holder.key_id}")
        person_id = _person_of_session(session_key)
    if not person_id:
        raise Unauthorized
    return _principal(tenant, person_id, ALL_SCOPES, f"{_SESSION}:{session_key}")


def _principal(
    tenant: TenantRef, person_id: str, scopes: Iterable[KeyScope], credential: str
) -> Principal:
    entered = person_scope(tenant.schema, person_id)
    return Principal(tenant, entered, person_id, frozenset(scopes), credential)


def _person_of_session(session_key: str) -> str:
    """Return the id of the active person who signed in to this session, or nothing."""
    if not session_key:
        return ""
    request = HttpRequest()
    request.session = SessionStore(session_key)
    person = get_user(request)
    # Django's own check of backend and password hash; the inactive are not given back.
    return str(person.pk) if isinstance(person, Person) and person.is_active else ""


def _alive(principals: Sequence[Principal]) -> frozenset[str]:
    keys = alive_keys([_key_id(principal) for principal in principals if _key_id(principal)])
    return frozenset(
        principal.credential
        for principal in principals
        if _key_id(principal) in keys or _is_session_alive(principal)
    )


def _key_id(principal: Principal) -> str:
    kind, _colon, value = principal.credential.partition(":")
    return value if kind == _KEY else ""


def _is_session_alive(principal: Principal) -> bool:
    kind, _colon, value = principal.credential.partition(":")
    return kind == _SESSION and _person_of_session(value) == principal.person_id


def _header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    """Return a header that is sent once; sent twice, it is as good as not sent."""
    found = [value for key, value in headers if key.lower() == name]
    return found[0].decode("latin-1") if len(found) == 1 else ""


def _session_key(cookie_header: str) -> str:
    return parse_cookie(cookie_header).get(settings.SESSION_COOKIE_NAME, "")
