"""Embedders: the one inside, the remote one over a real socket, and the twin."""

import json
import math
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest

from rag.embeddings import InProcessEmbedder, RemoteEmbedder, ScriptedEmbedder, Vector, cleaned
from rag.errors import EmbeddingsUnavailable


def likeness(one: Vector, two: Vector) -> float:
    return sum(a * b for a, b in zip(one, two, strict=True))


@pytest.fixture(scope="module")
def inside() -> InProcessEmbedder:
    return InProcessEmbedder()


def test_near_meanings_are_near_also_across_languages(inside: InProcessEmbedder) -> None:
    question = inside.embed_query("How many days of annual leave are there?")
    english, chinese, stranger = inside.embed_passages(
        ["Annual leave is 24 days a year.", "每年有二十四天年假。", "The printer is out of paper."]
    )

    assert likeness(question, english) > likeness(question, stranger) + 0.05
    assert likeness(question, chinese) > likeness(question, stranger)
    assert math.isclose(likeness(english, english), 1, abs_tol=0.001)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00",
        "a\x00b",
        "\ud800",
        pytest.param("长" * 20_000, marks=pytest.mark.slow),
    ],
)
def test_any_text_can_be_embedded(inside: InProcessEmbedder, text: str) -> None:
    vector = inside.embed_query(text)

    assert len(vector) == 384
    assert math.isclose(likeness(vector, vector), 1, abs_tol=0.001)


def test_what_follows_a_nul_is_read_as_well(inside: InProcessEmbedder) -> None:
    assert cleaned("a\x00b\ud800") == "a b?"
    with_nul = inside.embed_query("annual\x00leave")
    assert likeness(with_nul, inside.embed_query("annual leave")) > 0.999


def test_twin_is_the_same_everywhere() -> None:
    twin = ScriptedEmbedder()

    [one, two] = twin.embed_passages(["annual leave", "leave, annual"])

    assert one == two == twin.embed_query("ANNUAL leave")
    assert math.isclose(likeness(one, one), 1)


class _Endpoint(BaseHTTPRequestHandler):
    status: ClassVar[int] = 200
    asked: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.asked.append(body)
        # Out of order, as the protocol allows, and longer than one.
        rows = [
            {"object": "embedding", "index": index, "embedding": [3.0, 4.0, float(index)]}
            for index in reversed(range(len(body["input"])))
        ]
        answer = {"object": "list", "data": rows, "model": body["model"]}
        answer["usage"] = {"prompt_tokens": 1, "total_tokens": 1}
        content = json.dumps(answer).encode()
        self.send_response(self.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its own name
        """Say nothing."""


@pytest.fixture
def endpoint() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Endpoint)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    _Endpoint.status = 200
    _Endpoint.asked.clear()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


def test_remote_vectors_come_in_order_and_at_length_one(endpoint: str) -> None:
    remote = RemoteEmbedder(endpoint, "key", "any-model")

    vectors = remote.embed_passages([f"text {number}" for number in range(70)])

    assert [len(asked["input"]) for asked in _Endpoint.asked] == [64, 6]
    assert vectors[0] == pytest.approx([0.6, 0.8, 0.0])
    assert all(math.isclose(likeness(vector, vector), 1) for vector in vectors)
    assert vectors[1][2] > 0


@pytest.mark.parametrize("status", [400, 401, 404])
def test_remote_refusal_has_a_name(endpoint: str, status: int) -> None:
    _Endpoint.status = status
    remote = RemoteEmbedder(endpoint, "key", "any-model")

    with pytest.raises(EmbeddingsUnavailable):
        remote.embed_query("text")


def test_remote_nobody_there_has_a_name() -> None:
    remote = RemoteEmbedder("http://127.0.0.1:9/v1", "key", "any-model")

    with pytest.raises(EmbeddingsUnavailable):
        remote.embed_query("text")


@pytest.mark.parametrize("text", ["a" + "\u0301" * 3999, "a@" * 2000, "4111 " * 800, "磁盘" * 2000])
def test_a_text_is_cut_to_about_what_the_model_reads(text: str) -> None:
    """What is left takes the engine less than a second; it would else work through all of it."""
    assert 500 < len(cleaned(text)) <= 1000


@pytest.mark.parametrize("text", ["Why is the locker closed? " * 60, "储物柜什么时候开门。" * 60])
def test_a_passage_is_read_as_a_whole(text: str) -> None:
    assert cleaned(text) == text
