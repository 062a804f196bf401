"""What the operator has set, in the environment or in the file `.env` beside `manage.py`."""

import os
import re
from pathlib import Path

from config.stack.errors import StackError

_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")


# What decides whether a server of ours is needed; the settings read other `_FILE`s themselves.
_PLACES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "OPENAI_BASE_URL")


def load_given(root: Path) -> None:
    """Put the file's values into the environment, whose own win, and read `NAME_FILE`s.

    Raises: StackError.
    """
    path = root / ".env"
    written = read_env_file(path) if path.is_file() else {}
    for name, value in written.items():
        if value and not os.environ.get(name):
            os.environ[name] = value
    for name in _PLACES:
        secret_file = os.environ.get(f"{name}_FILE")
        if secret_file:
            os.environ[name] = _content(name, Path(secret_file))


def read_env_file(path: Path) -> dict[str, str]:
    """Raises: StackError."""
    values = {}
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        match = _LINE.fullmatch(text)
        if match is None:
            raise StackError(f"{path}, line {number}: expected NAME=value")
        values[match[1]] = _unquoted(match[2])
    return values


def _content(name: str, path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError as error:
        raise StackError(f"{name}_FILE: {path} cannot be read: {error.strerror}") from error


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value.split(" #", 1)[0].strip()
