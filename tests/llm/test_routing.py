"""Who answers under which settings."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from assistant.llm import routing
from assistant.llm.cloud import CloudModel
from assistant.llm.configuration import Endpoint
from assistant.llm.discovery import Discovery, Found, chat_models
from assistant.llm.embedded import SMALL, STANDARD
from assistant.llm.errors import ModelUnknown
from assistant.llm.gate import GuardedModel
from assistant.llm.routing import (
    QuoteMode,
    available_models,
    describe_model,
    route,
)
from edge_agent.contract.levels import Destination
from tests.harness.scripted_provider import ScriptedProvider

NOTHING = {
    "OPENAI_BASE_URL": "",
    "OPENAI_API_KEY": "",
    "OPENAI_MODEL": "",
    "OPENAI_CONTEXT_TOKENS": 16384,
    "OPENAI_DESTINATION": "",
    "OLLAMA_URL": "",
    "LOCAL_MODEL": "auto",
    "LOCAL_MODEL_URL": "",
    "LOCAL_MODEL_KEY": "",
    "LOCAL_MODEL_NAME": "",
}
CONFIGURED = {"OPENAI_BASE_URL": "https://api.example/v1/", "OPENAI_API_KEY": "sk-canary"}
EMBEDDED = {"LOCAL_MODEL_URL": "http://127.0.0.1:8123", "LOCAL_MODEL_KEY": "k"}
SMALL_RUNS = {**EMBEDDED, "LOCAL_MODEL_NAME": SMALL.name}
STANDARD_RUNS = {**EMBEDDED, "LOCAL_MODEL_NAME": STANDARD.name}

CLOUD_MODEL = GuardedModel(
    CloudModel("big", "https://api.example/v1", 16384, Destination.PROVIDER, "sk-canary")
)
SMALL_MODEL = CloudModel(SMALL.name, "http://127.0.0.1:8123/v1", 4096, Destination.PREMISES, "k")
STANDARD_MODEL = CloudModel(
    STANDARD.name, "http://127.0.0.1:8123/v1", 4096, Destination.PREMISES, "k"
)


@pytest.fixture(autouse=True)
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routing, "_discovery", Discovery())


@pytest.fixture
def ollama() -> Iterator[ScriptedProvider]:
    with ScriptedProvider(models=("nomic-embed-text", "llama3.2:3b", "qwen3:8b")) as server:
        yield server


def routes(**wishes: Any) -> tuple[object, object]:
    with override_settings(**{**NOTHING, **wishes}):
        return route("DOCUMENTS"), route("OPEN")


@pytest.mark.parametrize(
    ("wishes", "documents", "open_talk"),
    [
        ({}, QuoteMode(), QuoteMode()),
        ({**CONFIGURED, "OPENAI_MODEL": "big"}, CLOUD_MODEL, CLOUD_MODEL),
        ({**CONFIGURED, "OPENAI_MODEL": "big, other"}, CLOUD_MODEL, CLOUD_MODEL),
        ({**CONFIGURED, **SMALL_RUNS, "OPENAI_MODEL": "big"}, CLOUD_MODEL, CLOUD_MODEL),
        (SMALL_RUNS, QuoteMode(), SMALL_MODEL),
        (EMBEDDED, QuoteMode(), SMALL_MODEL),
        (STANDARD_RUNS, STANDARD_MODEL, STANDARD_MODEL),
        ({**SMALL_RUNS, "LOCAL_MODEL": "small"}, SMALL_MODEL, SMALL_MODEL),
        ({**STANDARD_RUNS, "LOCAL_MODEL": "standard"}, STANDARD_MODEL, STANDARD_MODEL),
        # The weights could not be fetched, so the stack started what there is.
        ({**SMALL_RUNS, "LOCAL_MODEL": "standard"}, QuoteMode(), SMALL_MODEL),
        ({"LOCAL_MODEL": "standard"}, QuoteMode(), QuoteMode()),
        ({"LOCAL_MODEL": "small"}, QuoteMode(), QuoteMode()),
        (
            {**CONFIGURED, **SMALL_RUNS, "LOCAL_MODEL": "quote", "OPENAI_MODEL": "big"},
            QuoteMode(),
            QuoteMode(),
        ),
        (
            {**CONFIGURED, **SMALL_RUNS, "LOCAL_MODEL": "small", "OPENAI_MODEL": "big"},
            SMALL_MODEL,
            SMALL_MODEL,
        ),
    ],
)
def test_model_is_chosen_by_wish_and_presence(
    wishes: dict[str, Any], documents: object, open_talk: object
) -> None:
    assert routes(**wishes) == (documents, open_talk)


def test_ollama_answers_when_nothing_is_configured(ollama: ScriptedProvider) -> None:
    model = CloudModel("llama3.2:3b", ollama.base_url, 4096, Destination.PREMISES)

    assert routes(OLLAMA_URL=ollama.root_url, **SMALL_RUNS) == (model, model)


def test_configured_endpoint_comes_before_ollama(ollama: ScriptedProvider) -> None:
    chosen = routes(OLLAMA_URL=ollama.root_url, **CONFIGURED, OPENAI_MODEL="big")

    assert chosen == (CLOUD_MODEL, CLOUD_MODEL)
    assert ollama.connections_seen == 0


def test_ollama_without_a_chat_model_is_passed_over() -> None:
    with ScriptedProvider(models=("nomic-embed-text",)) as ollama:
        chosen = routes(OLLAMA_URL=ollama.root_url, **SMALL_RUNS)

    assert chosen == (QuoteMode(), SMALL_MODEL)


def test_endpoint_without_a_named_model_is_asked_for_one(ollama: ScriptedProvider) -> None:
    chosen, _ = routes(OPENAI_BASE_URL=ollama.base_url, OPENAI_API_KEY="k")

    assert chosen == CloudModel("llama3.2:3b", ollama.base_url, 16384, Destination.PREMISES, "k")


def test_endpoint_that_is_asked_once_is_remembered_for_half_a_minute(
    ollama: ScriptedProvider,
) -> None:
    now = [0.0]
    discovery = Discovery(clock=lambda: now[0])
    first = discovery.models_at(ollama.base_url)
    ollama.models = ("new",)
    now[0] = 29.0
    second = discovery.models_at(ollama.base_url)
    now[0] = 31.0
    third = discovery.models_at(ollama.base_url)

    assert (first.models, second, third.models) == (("llama3.2:3b", "qwen3:8b"), first, ("new",))


def test_absence_is_remembered_too() -> None:
    with ScriptedProvider() as server:
        gone = server.base_url
    now = [0.0]
    discovery = Discovery(clock=lambda: now[0])
    before = discovery.models_at(gone)
    with ScriptedProvider(port=int(gone.split(":")[2].split("/")[0])):
        meanwhile = discovery.models_at(gone)
        now[0] = 31.0
        after = discovery.models_at(gone)

    assert (before, meanwhile) == (Found(is_answering=False),) * 2
    assert after == Found(is_answering=True, models=("scripted",))


@pytest.mark.parametrize(
    "body", [None, [], 7, {"data": None}, {"data": [None, 3, {}, {"id": 5}, {"id": "ok"}]}]
)
def test_model_lists_of_any_shape_are_read(body: Any) -> None:
    assert chat_models(body) in {(), ("ok",)}


def test_named_model_is_taken_and_unknown_names_are_refused() -> None:
    with override_settings(**{**NOTHING, **CONFIGURED, **SMALL_RUNS, "OPENAI_MODEL": "big"}):
        chosen = [route("DOCUMENTS", wanted=name) for name in ("big", SMALL.name, "quote")]
        with pytest.raises(ModelUnknown, match="no model named gpt-9"):
            route("OPEN", wanted="gpt-9")

    assert chosen == [CLOUD_MODEL, SMALL_MODEL, QuoteMode()]


def test_available_models_begin_with_the_one_that_answers() -> None:
    wishes = {**NOTHING, **CONFIGURED, **SMALL_RUNS, "OPENAI_MODEL": "big,bigger"}
    with override_settings(**wishes):
        listed = [(model.id, model.label) for model in available_models()]
    with override_settings(**NOTHING):
        alone = [model.id for model in available_models()]

    assert listed == [
        ("big", "big"),
        ("bigger", "bigger"),
        (SMALL.name, SMALL.label),
        ("quote", "quote"),
    ]
    assert alone == ["quote"]


@pytest.mark.parametrize(
    ("wishes", "name", "is_embedded", "wished_for"),
    [
        ({**CONFIGURED, "OPENAI_MODEL": "big"}, "big", False, ""),
        (SMALL_RUNS, SMALL.label, True, ""),
        (STANDARD_RUNS, STANDARD.label, True, ""),
        ({**SMALL_RUNS, "LOCAL_MODEL": "standard"}, SMALL.label, True, "standard"),
        ({"LOCAL_MODEL": "standard"}, "quote", True, "standard"),
        ({"LOCAL_MODEL": "quote"}, "quote", True, ""),
        ({}, "quote", True, ""),
    ],
)
def test_notice_names_the_model_its_limits_and_what_was_missed(
    wishes: dict[str, Any], name: str, is_embedded: bool, wished_for: str
) -> None:
    with override_settings(**{**NOTHING, **wishes}):
        notice = describe_model()

    assert (notice.name, notice.is_embedded, notice.wished_for) == (name, is_embedded, wished_for)
    assert bool(notice.limits) is is_embedded
    assert ("OPENAI_BASE_URL" in str(notice.how_to_improve)) is is_embedded


@pytest.mark.parametrize(
    ("url", "destination"),
    [
        ("http://localhost:11434/v1", Destination.PREMISES),
        ("http://192.168.1.9/v1", Destination.PREMISES),
        ("http://[::1]:8000/v1", Destination.PREMISES),
        ("https://api.openai.com/v1", Destination.PROVIDER),
        ("http://ollama:11434/v1", Destination.PROVIDER),
        ("http://8.8.8.8/v1", Destination.PROVIDER),
    ],
)
def test_destination_is_judged_by_the_address(url: str, destination: Destination) -> None:
    assert Endpoint(url, ("m",), 4096).destination is destination


@pytest.mark.parametrize(
    "wishes",
    [
        {"LOCAL_MODEL": "huge"},
        {"OPENAI_BASE_URL": "api.example/v1"},
        {"OPENAI_BASE_URL": "ftp://api.example/v1"},
        {"LOCAL_MODEL_URL": "unix:/socket"},
        {"OPENAI_API_KEY": "sk-钥匙", "OPENAI_BASE_URL": "https://api.example/v1"},
        {"OPENAI_API_KEY": "sk-1\nx: y", "OPENAI_BASE_URL": "https://api.example/v1"},
    ],
)
def test_wishes_that_make_no_sense_are_named(wishes: dict[str, Any]) -> None:
    name = next(iter(wishes))
    with pytest.raises(ImproperlyConfigured, match=name):
        routes(**wishes)


def test_wishes_that_make_no_sense_fail_the_system_check() -> None:
    with override_settings(**{**NOTHING, "LOCAL_MODEL": "huge"}):
        wrong = [message for message in run_checks() if message.id == "assistant.E001"]
    with override_settings(**{**NOTHING, **CONFIGURED, **SMALL_RUNS}):
        right = [message for message in run_checks() if message.id == "assistant.E001"]

    assert [message.msg for message in wrong] == [
        "LOCAL_MODEL must be one of auto, small, standard, quote"
    ]
    assert right == []
