"""The first and the middle gate of a page: which tenant, then which person."""

from collections.abc import Callable
from functools import partial
from urllib.parse import urljoin

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.http.response import HttpResponseBase

from tenants.base.claims import know_actor
from tenants.base.context import current_scope, person_scope, scope, visitor_scope
from tenants.hosts import TenantRef, resolve_host

Handler = Callable[[HttpRequest], HttpResponseBase]


class TenantMiddleware:
    """Enter the tenant that the host names; an unknown host ends here with a plain 404."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # The raw header, not get_host(): one trusted source, and no forwarded header.
        tenant = resolve_host(request.META.get("HTTP_HOST", ""))
        if tenant is None:
            return unknown_host()
        request.tenant = tenant  # type: ignore[attr-defined]
        # Whatever builds an address of ours gets the tenant's own; the header is no source.
        request.build_absolute_uri = partial(_address, tenant, request)  # type: ignore[method-assign]
        with scope(visitor_scope(tenant.schema)):
            return self.get_response(request)


class ActorMiddleware:
    """Act as the person who signed in, so that row-level security can tell."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        with scope(person_scope(current_scope().schema, str(user.pk))) as entered:
            know_actor(entered.schema, entered.actor)
            return self.get_response(request)


def _address(tenant: TenantRef, request: HttpRequest, location: str | None = None) -> str:
    """Return what is at the location, as it is reached from outside."""
    return urljoin(f"{tenant.origin}{request.path}", location or request.get_full_path())


def unknown_host() -> HttpResponse:
    return HttpResponseNotFound("Nothing is here.\n", content_type="text/plain; charset=utf-8")
