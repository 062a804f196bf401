"""The embedded language model: whether one is wanted, which, and its server process."""

import http.client
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from assistant.llm.embedded import (
    SMALL,
    STANDARD,
    EmbeddedModel,
    small_model_path,
    standard_model_path,
)
from assistant.llm.standard import StandardModelUnavailable, fetch_standard_model
from config.stack.children import Child, python_command, wait_until_ready
from config.stack.errors import SettingUnreadable
from config.stack.folders import Folders
from config.stack.passwords import Passwords, write_private
from config.stack.ports import LOOPBACK, any_free

START_SECONDS = 90.0
OLLAMA_URL = "http://localhost:11434"
OLLAMA_SECONDS = 0.5
WISHES = ("auto", "small", "standard", "quote")

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ModelFile:
    model: EmbeddedModel
    path: Path


@dataclass(frozen=True, slots=True)
class ModelServer:
    """A running server, and what those who ask it must know."""

    child: Child
    port: int
    name: str

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"


def wanted_model(environ: Mapping[str, str], say: Say) -> ModelFile | None:
    """Return the weights to serve; `auto` wants none when a better model is within reach.

    Raises: SettingUnreadable.
    """
    wish = environ.get("LOCAL_MODEL", "auto").strip().lower()
    if wish not in WISHES:
        raise SettingUnreadable(f"LOCAL_MODEL must be one of {', '.join(WISHES)}, not {wish!r}")
    if wish == "quote":
        return None
    if wish == "auto" and _has_better(environ):
        return None
    if wish == "standard" and (found := _standard(say)):
        return found
    path = small_model_path()
    if path is None:
        say("no small model is installed; answers are quotations (`make setup` installs it)")
        return None
    return ModelFile(SMALL, path)


def launch_model(
    file: ModelFile, folders: Folders, passwords: Passwords, root: Path
) -> ModelServer:
    """Start loading the weights; `wait_for_model` waits until they answer."""
    key_file = folders.state / "model-key"
    write_private(key_file, passwords.model)
    port = any_free()
    child = Child(
        name="model",
        command=python_command(
            *("-m", "assistant.llm.local", "--port", str(port), "--model", str(file.path)),
            *("--key-file", str(key_file), "--alias", file.model.name),
        ),
        log=folders.logs / "model.log",
        cwd=root,
    )
    child.start()
    return ModelServer(child, port, file.model.name)


def wait_for_model(server: ModelServer) -> None:
    """Raises: ServerFailed."""
    wait_until_ready(
        server.child,
        lambda: _status(server.url, "/health", 2.0) == 200,
        timeout_seconds=START_SECONDS,
    )


def _has_better(environ: Mapping[str, str]) -> bool:
    if environ.get("OPENAI_BASE_URL"):
        return True
    url = environ.get("OLLAMA_URL", OLLAMA_URL)
    return _status(url, "/api/version", OLLAMA_SECONDS) == 200


def _standard(say: Say) -> ModelFile | None:
    path = standard_model_path()
    if path is None:
        say("fetching the standard model, about 1 GB, once …")
        try:
            path = fetch_standard_model(report=lambda progress: say(str(progress)))
        except StandardModelUnavailable as error:
            say(f"{error}; going on with the small one")
            return None
    return ModelFile(STANDARD, path)


def _status(url: str, path: str, timeout_seconds: float) -> int:
    """Return the status of a GET, 0 when nobody answers."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(
        parts.hostname or LOOPBACK, parts.port or 80, timeout=timeout_seconds
    )
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def say_on_stderr(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
