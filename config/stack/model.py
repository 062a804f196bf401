"""The embedded language model, served in a process of its own when no endpoint is given."""

import http.client
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from assistant.llm.embedded import (
    SMALL,
    STANDARD,
    EmbeddedModel,
    small_model_path,
    standard_model_path,
)
from assistant.llm.standard import StandardModelUnavailable, fetch_standard_model
from config.stack.errors import StackError
from config.stack.places import Places
from config.stack.processes import LOOPBACK, free_port, spawn, stop, wait_until
from config.stack.progress import say_aloud
from config.stack.records import write_private

STOP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Choice:
    model: EmbeddedModel
    path: Path


def chosen_model() -> Choice | None:
    """Return the model LOCAL_MODEL asks for, or None when another answers or none is there."""
    wish = os.environ.get("LOCAL_MODEL", "auto")
    if wish not in {"auto", "small", "standard", "quote"}:
        raise StackError(f"LOCAL_MODEL must be auto, small, standard or quote, not {wish!r}")
    if wish == "quote" or (wish == "auto" and os.environ.get("OPENAI_BASE_URL")):
        return None
    if wish == "standard" and (path := _standard_weights()):
        return Choice(STANDARD, path)
    small = small_model_path()
    return Choice(SMALL, small) if small else None


def _standard_weights() -> Path | None:
    """Fetch them the first time; when that fails the wish is not worth the whole stack."""
    found = standard_model_path()
    if found is not None:
        return found
    say_aloud("fetching the standard model, about 1 GB, once")
    try:
        return fetch_standard_model(report=lambda progress: say_aloud(str(progress)))
    except StandardModelUnavailable as error:
        say_aloud(f"{error}; going on with what there is")
        return None


class ModelServer:
    """An OpenAI-compatible server on the loopback address, behind a key."""

    def __init__(self, places: Places, root: Path, key: str, choice: Choice) -> None:
        self._places = places
        self._root = root
        self._key = key
        self._choice = choice
        self._port = free_port()
        self.log = places.logs / "model.log"
        self.child: subprocess.Popen[str] | None = None

    @property
    def environ(self) -> dict[str, str]:
        return {
            "LOCAL_MODEL_URL": f"http://{LOOPBACK}:{self._port}/v1",
            "LOCAL_MODEL_KEY": self._key,
            "LOCAL_MODEL_NAME": self._choice.model.name,
        }

    def start(self) -> None:
        key_file = self._places.state / "model-key"
        write_private(key_file, self._key)
        command: list[str | Path] = [sys.executable, "-m", "assistant.llm.local"]
        command += ["--port", str(self._port), "--model", self._choice.path]
        command += ["--key-file", key_file, "--alias", self._choice.model.name]
        self.child = spawn(command, log=self.log, cwd=self._root)
        wait_until(self._answers, self.child, name="the model", log=self.log)

    def stop(self) -> None:
        if self.child is not None:
            stop(self.child, with_signal=signal.SIGTERM, seconds=STOP_SECONDS)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(LOOPBACK, self._port, timeout=2)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == http.client.OK
        except OSError:
            return False
        finally:
            connection.close()
