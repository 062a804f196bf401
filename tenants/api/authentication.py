"""Who calls a REST endpoint: the holder of a key, or a person with a session."""

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request

from tenants.people.gatekeeping import bearer_secret
from tenants.people.keys import KeyHolder, KeyRefused, verify_key
from tenants.people.models import Person


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer dbk_…`; a key that is shown and bad is not passed over."""

    def authenticate(self, request: Request) -> tuple[Person, KeyHolder] | None:
        authorization = request.headers.get("Authorization", "")
        if not authorization:
            return None
        holder = verify_key(bearer_secret(authorization))
        person = Person.objects.filter(pk=holder.person_id).first()
        if person is None:
            raise KeyRefused
        return person, holder

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class CookieAuthentication(SessionAuthentication):
    """The session of the pages, with its CSRF token for whatever changes something."""


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "tenants.api.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "dbk_…"}


class CookieScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "tenants.api.authentication.CookieAuthentication"
    name = "cookie"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
