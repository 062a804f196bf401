"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id at the OWASP minimum: Django's own 100 MiB per sign-in invites exhaustion."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
