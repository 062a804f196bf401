"""What the operator has set, in the environment or in the file `.env` beside `manage.py`."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from config.stack.errors import StackError

_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")


def given_environ(root: Path) -> dict[str, str]:
    """Return the file's values under those of the environment, which win; empty means unset."""
    path = root / ".env"
    written = read_env_file(path) if path.is_file() else {}
    return {name: value for name, value in {**written, **os.environ}.items() if value != ""}


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


def secret_of(environ: Mapping[str, str], name: str) -> str:
    """Return the variable, or what the file that `NAME_FILE` points at holds, or nothing."""
    path = environ.get(f"{name}_FILE")
    if not path:
        return environ.get(name, "")
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise StackError(f"{name}_FILE: {path} cannot be read: {error.strerror}") from error


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value.split(" #", 1)[0].strip()
