"""People of one tenant, the keys they made and the codes they guess at."""

from tenants.people.models.api_key import ApiKey, KeyScope
from tenants.people.models.code_guess import CodeGuess
from tenants.people.models.person import Person, Role

__all__ = ["ApiKey", "CodeGuess", "KeyScope", "Person", "Role"]
