"""CLD-04 for the adapter: whatever a provider does to the stream, the call ends in time."""

import socket
import time
from dataclasses import replace

import pytest

from assistant.llm.cloud import CloudModel
from assistant.llm.errors import (
    ProviderCut,
    ProviderError,
    ProviderRejected,
    ProviderTimeout,
    ProviderUnavailable,
)
from assistant.llm.protocol import Delta, Usage
from edge_agent.contract.levels import Destination
from tests.harness.provider_replies import Fault, Reply
from tests.harness.scripted_provider import scripted_provider
from tests.llm.test_cloud import REQUEST, ask, model_at

DEADLINE_SECONDS = 2.0
GRACE_SECONDS = 1.0

OUTCOMES: dict[Fault, tuple[type[ProviderError], int]] = {
    Fault.SLOW_HEADERS: (ProviderTimeout, 0),
    Fault.DRIPPING_HEADERS: (ProviderTimeout, 0),
    Fault.HALF_OPEN: (ProviderTimeout, 0),
    Fault.RESET: (ProviderUnavailable, 0),
    Fault.RESET_MID_STREAM: (ProviderCut, 3),
    Fault.TRUNCATED: (ProviderCut, 2),
    Fault.CUT_CLEANLY: (ProviderCut, 3),
    Fault.STALL_MID_STREAM: (ProviderTimeout, 3),
    Fault.DRIP: (ProviderTimeout, 0),
    Fault.BAD_JSON: (ProviderCut, 1),
    Fault.BAD_UTF8: (ProviderCut, 1),
    Fault.BAD_SHAPE: (ProviderCut, 1),
    Fault.DEEP_JSON: (ProviderCut, 1),
    Fault.ERROR_EVENT: (ProviderCut, 1),
    Fault.ENDLESS_LINE: (ProviderCut, 0),
    Fault.ENDLESS_HEADERS: (ProviderUnavailable, 0),
    Fault.WRONG_TYPE: (ProviderCut, 0),
    Fault.NOT_HTTP: (ProviderUnavailable, 0),
    Fault.GZIP_BOMB: (ProviderUnavailable, 0),
    Fault.REDIRECT: (ProviderRejected, 0),
}


def test_every_fault_is_probed() -> None:
    assert set(OUTCOMES) == set(Fault) - {Fault.NONE, Fault.ENDLESS_WORDS}


@pytest.mark.parametrize("fault", OUTCOMES)
def test_cld_04_fault_ends_in_time_with_its_name(fault: Fault) -> None:
    error_class, words_expected = OUTCOMES[fault]
    words: list[Delta | Usage] = []
    with scripted_provider(Reply(fault=fault)) as provider:
        begun_at = time.monotonic()
        with pytest.raises(ProviderError) as caught:
            words.extend(
                model_at(provider).stream(
                    REQUEST, deadline_seconds=DEADLINE_SECONDS, cancelled=lambda: False
                )
            )
        seconds = time.monotonic() - begun_at
        provider.wait_for_no_connection()
        calls = provider.calls

    assert type(caught.value) is error_class
    assert len(words) == words_expected
    assert bool(caught.value.tokens_out) is bool(words_expected)
    assert seconds < DEADLINE_SECONDS + GRACE_SECONDS
    assert calls == 1


@pytest.mark.parametrize("fault", [Fault.CUT_CLEANLY, Fault.STALL_MID_STREAM, Fault.HALF_OPEN])
def test_cld_04_next_call_after_a_fault_is_answered(fault: Fault) -> None:
    with scripted_provider(Reply(fault=fault)) as provider:
        with pytest.raises(ProviderError):
            ask(provider, seconds=0.5)
        answer = ask(provider)

    assert answer[0] == Delta("The")
    assert isinstance(answer[-1], Usage)


def test_cld_04_overrun_is_cut_off_without_an_error() -> None:
    with scripted_provider(Reply(fault=Fault.ENDLESS_WORDS)) as provider:
        answer = ask(provider, seconds=DEADLINE_SECONDS)
        provider.wait_for_no_connection()

    text = "".join(piece.text for piece in answer if isinstance(piece, Delta))
    assert 16 * REQUEST.max_tokens < len(text) < 17 * REQUEST.max_tokens
    assert isinstance(answer[-1], Usage)
    assert answer[-1].estimated is True


def test_cld_04_plain_answer_under_tls_is_unavailable() -> None:
    with scripted_provider() as provider:
        model = replace(model_at(provider), base_url=provider.base_url.replace("http:", "https:"))
        with pytest.raises(ProviderUnavailable):
            list(model.stream(REQUEST, deadline_seconds=2, cancelled=lambda: False))
        provider.wait_for_no_connection()
        calls = provider.calls

    assert calls == 0


def test_cld_04_silent_tls_handshake_ends_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/v1"
        model = CloudModel("m", url, 4096, Destination.PREMISES)
        begun_at = time.monotonic()
        with pytest.raises(ProviderError) as caught:
            list(model.stream(REQUEST, deadline_seconds=1, cancelled=lambda: False))
        seconds = time.monotonic() - begun_at

    assert caught.value.permanent is False
    assert seconds < 2


def test_redirect_is_not_followed_with_the_prompt() -> None:
    with scripted_provider() as elsewhere:
        reply = Reply(fault=Fault.REDIRECT, location=f"{elsewhere.base_url}/chat/completions")
        with scripted_provider(reply) as provider, pytest.raises(ProviderRejected):
            ask(provider)

    assert elsewhere.calls == 0


def test_spent_quota_inside_the_stream_is_permanent() -> None:
    error = {"message": "no money", "code": "insufficient_quota"}
    reply = Reply(fault=Fault.ERROR_EVENT, error=error)
    with scripted_provider(reply) as provider, pytest.raises(ProviderError) as caught:
        ask(provider)

    assert caught.value.permanent is True
