"""People of one tenant and the keys they made."""

from tenants.people.models.api_key import ApiKey, KeyScope
from tenants.people.models.person import Person, Role

__all__ = ["ApiKey", "KeyScope", "Person", "Role"]
