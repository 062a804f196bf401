"""Strict, typed readers of the environment; `NAME_FILE` names a file that holds the secret."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

# A transaction of the app holds vacuum back in every tenant; PostgreSQL ends one this long.
TRANSACTION_SECONDS_MAX = 120


class SettingMissingError(RuntimeError):
    """A setting this environment needs was not given, or cannot be read."""


def text(name: str, default: str | None = None) -> str:
    """Return the variable, or the content of the file that `NAME_FILE` names."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text().strip()
    value = os.environ.get(name, default)
    if value is None:
        raise SettingMissingError(f"{name} is not set")
    return value


def flag(name: str, *, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if value:
        raise SettingMissingError(f"{name} must be true or false, not {value!r}")
    return default


def integer(name: str, *, default: int) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isascii() or not value.isdigit():
        raise SettingMissingError(f"{name} must be a whole number, not {value!r}")
    return int(value)


def words(name: str, *, default: str = "") -> list[str]:
    """Read a list separated by commas."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def database(url: str, *, login: str) -> dict[str, Any]:
    """Read a libpq URI into Django's form; `login` is APP or OWNER (see tenants.base)."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SettingMissingError("the database URL must begin with postgresql://")
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    host = query.pop("host", parts.hostname or "")
    port = query.pop("port", str(parts.port or ""))
    # The owner migrates and builds indexes, which takes as long as it takes.
    longest_seconds = TRANSACTION_SECONDS_MAX if login == "APP" else 0
    session = f"{query.pop('options', '')} -c transaction_timeout={longest_seconds}s".strip()
    return {
        "ENGINE": "tenants.base.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "CONN_MAX_AGE": 60 if login == "APP" else 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, "options": session, **query},
        "LOGIN": login,
        "TEST": {"MIGRATE": False},
    }
