"""Ask an endpoint which models it has, and remember the answer for half a minute."""

import logging
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tenants.base.addresses import peer_of
from tenants.base.egress import EgressRefused, fetch_json, http_client
from tenants.base.errors import Unavailable

REMEMBERED_SECONDS = 30.0
PROBE_SECONDS = 1.0
MODELS_MAX = 200
# Models that only make vectors, hear or paint cannot hold a conversation.
_NOT_FOR_CHAT = re.compile(
    r"embed|bge-|e5-|rerank|whisper|tts|dall-e|moderation|image|clip|transcribe|realtime"
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """The chat models of an endpoint, or none and not `is_answering`."""

    is_answering: bool
    models: tuple[str, ...] = ()


class Discovery:
    """The memory of one process; one caller asks, the others wait for its answer."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._found: dict[str, tuple[float, Found]] = {}

    def models_at(self, base_url: str, *, api_key: str = "") -> Found:
        with self._lock:
            known = self._found.get(base_url)
            if known and self._clock() - known[0] < REMEMBERED_SECONDS:
                return known[1]
            found = ask(base_url, api_key=api_key)
            self._found[base_url] = (self._clock(), found)
            return found


def ask(base_url: str, *, api_key: str) -> Found:
    try:
        body = fetch_json(
            client_for(base_url), f"{base_url}/models", timeout_seconds=PROBE_SECONDS, key=api_key
        )
    except (Unavailable, EgressRefused) as error:
        # The page that asks says so itself, to the one who can do something about it.
        logger.debug("models_not_listed reason=%s", type(error.__cause__ or error).__name__)
        return Found(is_answering=False)
    return Found(is_answering=True, models=chat_models(body))


def chat_models(body: Any) -> tuple[str, ...]:
    """Read the names out of an OpenAI model list, whatever else may have been sent."""
    rows = body.get("data") if isinstance(body, dict) else None
    names = [row.get("id") for row in rows or () if isinstance(row, dict)]
    wanted = [each for each in names if isinstance(each, str) and not _NOT_FOR_CHAT.search(each)]
    return tuple(dict.fromkeys(wanted))[:MODELS_MAX]


@lru_cache(maxsize=16)
def client_for(base_url: str) -> Any:
    return http_client(allow=[peer_of(base_url)], keeps_connections=False)
