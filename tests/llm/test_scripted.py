"""The in-memory twin keeps the promises of the protocol."""

import pytest

from assistant.llm.enums import Role
from assistant.llm.errors import ProviderCut, ProviderTimeout
from assistant.llm.protocol import ChatMessage, ChatModel, ChatRequest, Delta, Usage
from assistant.llm.scripted import ScriptedModel

REQUEST = ChatRequest((ChatMessage(Role.USER, "x" * 47),), max_tokens=9)


def ask(model: ChatModel, *, stop_after: int = 99) -> list[Delta | Usage]:
    pieces: list[Delta | Usage] = []
    stream = model.stream(REQUEST, deadline_seconds=5, cancelled=lambda: len(pieces) >= stop_after)
    pieces.extend(stream)
    return pieces


def test_words_are_said_then_counted() -> None:
    model = ScriptedModel([["One", " two"]])

    assert ask(model) == [Delta("One"), Delta(" two"), Usage(14, 2, estimated=False)]
    assert model.requests == [REQUEST]


def test_scripts_serve_one_call_each_and_the_last_one_stays() -> None:
    model = ScriptedModel([["a"], ["b"]])

    assert [ask(model)[0] for _ in range(3)] == [Delta("a"), Delta("b"), Delta("b")]


def test_stop_ends_the_words_with_an_estimate() -> None:
    assert ask(ScriptedModel([["a", "b", "c"]]), stop_after=2)[-2:] == [
        Delta("b"),
        Usage(14, 1, estimated=True),
    ]


def test_errors_come_where_the_script_has_them() -> None:
    model = ScriptedModel([["a", ProviderCut()]])
    stream = model.stream(REQUEST, deadline_seconds=5, cancelled=lambda: False)

    assert next(stream) == Delta("a")
    with pytest.raises(ProviderCut):
        next(stream)


def test_deadline_passes_by_the_clock_of_the_test() -> None:
    now = [0.0]
    model = ScriptedModel(
        [["a", lambda: now.__setitem__(0, 6.0), "b"]], elapsed_seconds=lambda: now[0]
    )

    with pytest.raises(ProviderTimeout):
        ask(model)
