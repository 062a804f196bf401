"""What production refuses to start with."""

from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from config.environment import SettingMissingError

SECRET_CHARS_MIN = 32
PASSWORD_CHARS_MIN = 16
_PUBLISHED = ("django-insecure", "changeme", "secret", "password", "drawbridge", "no-stack")


def refuse_weak_settings(
    *, secret_key: str, database_urls: Sequence[str], redis_url: str, hosts: Sequence[str]
) -> None:
    """Raise when a secret is short, published or repetitive, or a host pattern is open."""
    if _is_weak(secret_key, chars_min=SECRET_CHARS_MIN):
        raise SettingMissingError("DRAWBRIDGE_SECRET_KEY is short, well known or repetitive")
    for url in (*database_urls, redis_url):
        password = unquote(urlsplit(url).password or "")
        if _is_weak(password, chars_min=PASSWORD_CHARS_MIN):
            raise SettingMissingError("a database or Valkey password is missing or weak")
    if "*" in hosts:
        raise SettingMissingError("DRAWBRIDGE_HOSTS must not contain *")


def _is_weak(secret: str, *, chars_min: int) -> bool:
    lowered = secret.lower()
    few_letters = len(set(secret)) < chars_min // 3
    return len(secret) < chars_min or few_letters or lowered.startswith(_PUBLISHED)
