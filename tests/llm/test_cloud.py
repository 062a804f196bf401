"""The adapter for endpoints: words, bills, refusals, stops; faults have a file of their own."""

import threading
import time
import traceback

import pytest

from assistant.llm.cloud import CloudModel
from assistant.llm.enums import Role
from assistant.llm.errors import (
    ProviderError,
    ProviderRateLimited,
    ProviderRejected,
    ProviderTimeout,
    ProviderUnavailable,
)
from assistant.llm.protocol import ChatMessage, ChatRequest, Delta, Usage
from edge_agent.contract.levels import Destination
from tests.harness.provider_replies import Reply
from tests.harness.scripted_provider import ScriptedProvider, scripted_provider

KEY = "sk-canary-9f3b"
PROMPT_CANARY = "prompt-canary-71"
REQUEST = ChatRequest((ChatMessage(Role.USER, f"say {PROMPT_CANARY}"),), max_tokens=50)


def model_at(provider: ScriptedProvider, *, name: str = "scripted") -> CloudModel:
    return CloudModel(
        name=name,
        base_url=provider.base_url,
        context_tokens=4096,
        destination=Destination.PREMISES,
        api_key=KEY,
    )


def ask(
    provider: ScriptedProvider, *, request: ChatRequest = REQUEST, seconds: float = 5.0
) -> list[Delta | Usage]:
    return list(
        model_at(provider).stream(request, deadline_seconds=seconds, cancelled=lambda: False)
    )


def test_words_come_one_by_one_then_the_bill() -> None:
    with scripted_provider(Reply(words=("One", " two", "三"))) as provider:
        answer = ask(provider)

    assert answer == [Delta("One"), Delta(" two"), Delta("三"), Usage(2, 3, estimated=False)]


def test_word_is_seen_before_the_next_is_sent() -> None:
    with scripted_provider(Reply(words=("One", " two"), is_gated=True)) as provider:
        stream = model_at(provider).stream(REQUEST, deadline_seconds=10, cancelled=lambda: False)
        provider.release()
        first = next(stream)
        sent_by_then = provider.words_sent
        provider.release()
        second = next(stream)

    assert (first, sent_by_then, second) == (Delta("One"), 1, Delta(" two"))


def test_request_carries_key_model_messages_and_limits() -> None:
    request = ChatRequest(
        (ChatMessage(Role.SYSTEM, "rules"), ChatMessage(Role.USER, "问题")),
        max_tokens=7,
        temperature=0.5,
        stop=("END",),
    )
    with scripted_provider() as provider:
        ask(provider, request=request)

    assert provider.keys == [KEY]
    assert provider.requests == [
        {
            "model": "scripted",
            "messages": [
                {"role": "system", "content": "rules"},
                {"role": "user", "content": "问题"},
            ],
            "stream": True,
            "max_tokens": 7,
            "temperature": 0.5,
            "stop": ["END"],
            "stream_options": {"include_usage": True},
        }
    ]


def test_bill_is_estimated_when_the_provider_sends_none() -> None:
    request = ChatRequest((ChatMessage(Role.USER, "x" * 47),), max_tokens=50)
    with scripted_provider(Reply(words=("y" * 94, "会议室在二楼"), has_usage=False)) as provider:
        answer = ask(provider, request=request)

    # 47 / 4.7 and 4 around the message; 94 / 4.7 and 6 / 1.3, rounded up.
    assert answer[-1] == Usage(14, 25, estimated=True)


def test_refused_parameters_are_left_out_and_remembered() -> None:
    refusals = [
        Reply(status=400, error={"message": "Unsupported", "param": "max_tokens"}),
        Reply(status=400, error={"message": "Unsupported value: 'temperature' is fixed"}),
        Reply(status=400, error={"message": "unknown field stream_options"}),
    ]
    with scripted_provider(*refusals) as provider:
        ask(provider)
        ask(provider)

    bodies = [set(request) - {"model", "messages", "stream"} for request in provider.requests]
    assert bodies == [
        {"max_tokens", "temperature", "stream_options"},
        {"max_completion_tokens", "temperature", "stream_options"},
        {"max_completion_tokens", "stream_options"},
        {"max_completion_tokens"},
        {"max_completion_tokens"},
    ]


@pytest.mark.parametrize(
    ("reply", "error_class", "permanent", "retry_after"),
    [
        (Reply(status=429), ProviderRateLimited, False, None),
        (Reply(status=429, retry_after="7"), ProviderRateLimited, False, 7.0),
        (Reply(status=429, retry_after="999999"), ProviderRateLimited, False, None),
        (
            Reply(status=429, error={"message": "pay", "code": "insufficient_quota"}),
            ProviderRateLimited,
            True,
            None,
        ),
        (Reply(status=500), ProviderUnavailable, False, None),
        (Reply(status=502), ProviderUnavailable, False, None),
        (Reply(status=503, retry_after="2"), ProviderUnavailable, False, 2.0),
        (Reply(status=504), ProviderTimeout, False, None),
        (Reply(status=400), ProviderRejected, True, None),
        (Reply(status=401), ProviderRejected, True, None),
        (Reply(status=404), ProviderRejected, True, None),
        (Reply(status=422), ProviderRejected, True, None),
    ],
)
def test_cld_04_statuses_become_named_errors_after_one_call(
    reply: Reply, error_class: type[ProviderError], permanent: bool, retry_after: float | None
) -> None:
    with scripted_provider(reply) as provider, pytest.raises(ProviderError) as caught:
        ask(provider)

    assert type(caught.value) is error_class
    assert caught.value.permanent is permanent
    assert caught.value.provider_status == reply.status
    assert caught.value.retry_after_seconds == retry_after
    assert provider.calls == 1


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_llm_06_errors_repeat_neither_key_nor_prompt(status: int) -> None:
    error = {"message": f"bad key {KEY} for {PROMPT_CANARY}", "code": KEY, "type": PROMPT_CANARY}
    reply = Reply(status=status, error=error)
    with scripted_provider(reply) as provider, pytest.raises(ProviderError) as caught:
        ask(provider)

    told = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
    assert KEY not in told
    assert PROMPT_CANARY not in told


def test_llm_06_model_does_not_show_its_key() -> None:
    with scripted_provider() as provider:
        shown = repr(model_at(provider))

    assert KEY not in shown
    assert "scripted" in shown


@pytest.mark.parametrize("words_before", [0, 2])
def test_stop_closes_the_connection_while_the_provider_is_silent(words_before: int) -> None:
    stopped = threading.Event()
    seen: list[Delta | Usage] = []
    with scripted_provider(Reply(words=("a", "b", "c"), is_gated=True)) as provider:
        stream = model_at(provider).stream(REQUEST, deadline_seconds=60, cancelled=stopped.is_set)
        provider.release(words_before)
        reader = threading.Thread(target=lambda: seen.extend(stream))
        reader.start()
        provider.wait_for("calls", 1)
        while len(seen) < words_before:
            time.sleep(0.01)
        asked_at = time.monotonic()
        stopped.set()
        reader.join(timeout=5)
        stop_seconds = time.monotonic() - asked_at
        provider.wait_for("disconnects", 1)
        provider.wait_for_no_connection()

    assert stop_seconds < 1
    words = [Delta(text) for text in ("a", "b")[:words_before]]
    assert seen[:-1] == words
    assert isinstance(seen[-1], Usage)
    assert seen[-1].estimated is True


def test_leaving_the_stream_closes_the_connection() -> None:
    with scripted_provider(Reply(words=("a", "b"), is_gated=True)) as provider:
        stream = model_at(provider).stream(REQUEST, deadline_seconds=60, cancelled=lambda: False)
        provider.release()
        first = next(stream)
        del stream
        provider.wait_for_no_connection()

    assert first == Delta("a")


def test_plain_connections_are_not_kept_for_the_next_question() -> None:
    with scripted_provider() as provider:
        for _ in range(3):
            ask(provider)
        provider.wait_for_no_connection()

    assert provider.connections_seen == 3


def test_two_streams_on_one_thread_keep_their_own_deadlines() -> None:
    reply = Reply(words=("a", "b"), is_gated=True)
    with scripted_provider(reply, reply) as provider:
        model = model_at(provider)
        patient = model.stream(REQUEST, deadline_seconds=30, cancelled=lambda: False)
        hasty = model.stream(REQUEST, deadline_seconds=0.5, cancelled=lambda: False)
        provider.release()
        words = [next(patient)]
        with pytest.raises(ProviderTimeout):
            next(hasty)
        # Only then is the next word surely meant for the patient one.
        provider.wait_for("disconnects", 1)
        provider.release()
        words.append(next(patient))

    assert words == [Delta("a"), Delta("b")]


def test_endpoint_in_a_private_network_is_reached_only_as_configured() -> None:
    with scripted_provider() as provider:
        elsewhere = CloudModel(
            name="m",
            base_url=provider.base_url.replace("127.0.0.1", "169.254.169.254"),
            context_tokens=4096,
            destination=Destination.PREMISES,
        )
        with pytest.raises(ProviderRejected) as caught:
            list(elsewhere.stream(REQUEST, deadline_seconds=5, cancelled=lambda: False))

    assert caught.value.reason == "EgressRefused"
    assert provider.calls == 0


def test_nobody_listening_is_unavailable() -> None:
    with scripted_provider() as provider:
        model = model_at(provider)
    with pytest.raises(ProviderUnavailable) as caught:
        list(model.stream(REQUEST, deadline_seconds=5, cancelled=lambda: False))

    assert caught.value.permanent is False


def test_unknown_name_is_unavailable_within_the_deadline() -> None:
    model = CloudModel("m", "http://no-such-host.invalid/v1", 4096, Destination.PROVIDER)
    begun_at = time.monotonic()
    with pytest.raises(ProviderError) as caught:
        list(model.stream(REQUEST, deadline_seconds=2, cancelled=lambda: False))

    assert time.monotonic() - begun_at < 3
    assert isinstance(caught.value, ProviderUnavailable | ProviderTimeout)
