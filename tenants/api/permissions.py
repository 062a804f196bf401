"""What the caller of a REST endpoint may do with the credential that was shown."""

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from tenants.base.errors import Unauthorized
from tenants.people.gatekeeping import ALL_SCOPES, ScopeLacking
from tenants.people.keys import KeyHolder
from tenants.people.models import KeyScope, Person


class HasScope(BasePermission):
    """A signed-in person may all; a key may what it was made for.

    Safe methods need READ and all others WRITE, unless the view names its `scope_needed`.
    """

    def has_permission(self, request: Request, view: object) -> bool:
        if not isinstance(request.user, Person):
            raise Unauthorized
        if scope_needed(request, view) not in scopes_of(request):
            raise ScopeLacking
        return True


def scope_needed(request: Request, view: object) -> KeyScope:
    by_method = KeyScope.READ if request.method in SAFE_METHODS else KeyScope.WRITE
    return getattr(view, "scope_needed", None) or by_method


def scopes_of(request: Request) -> frozenset[KeyScope]:
    return request.auth.scopes if isinstance(request.auth, KeyHolder) else ALL_SCOPES


def person_of(request: Request) -> Person:
    """Return who calls; views behind `HasScope` always have somebody."""
    if not isinstance(request.user, Person):
        raise Unauthorized
    return request.user
