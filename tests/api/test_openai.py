"""The OpenAI-shaped door, through the real client and a real server."""

import time
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai import OpenAI

from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef
from tenants.people.keys import issue_key, revoke_key
from tenants.people.models import ApiKey, KeyScope, Person
from tests.api.calling import program_of
from tests.api.library import add_document
from tests.harness.processes import LiveServer
from tests.harness.provider_replies import Fault, Reply
from tests.harness.scripted_provider import ScriptedProvider

QUESTION: Any = [{"role": "user", "content": "When do lockers open?"}]


@pytest.fixture(scope="module")
def speaker() -> Iterator[ScriptedProvider]:
    with ScriptedProvider() as running:
        yield running


@pytest.fixture(scope="module")
def site(speaker: ScriptedProvider) -> Iterator[LiveServer]:
    """A server whose configured model is the scripted one."""
    with LiveServer(
        OPENAI_BASE_URL=speaker.base_url,
        OPENAI_API_KEY="scripted-key",
        OPENAI_MODEL="scripted",
        LOCAL_MODEL="auto",
    ) as running:
        yield running


def client_of(site: LiveServer, tenant: TenantRef, secret: str) -> OpenAI:
    return OpenAI(
        base_url=f"{site.url}/v1",
        api_key=secret,
        default_headers={"Host": site.host_of(tenant)},
        max_retries=0,
        timeout=30,
    )


@pytest.fixture
def client(site: LiveServer, tenant: TenantRef, owner: Person) -> OpenAI:
    return client_of(site, tenant, program_of(tenant, owner, [KeyScope.READ]).secret)


def text_of(chunks: Any) -> str:
    return "".join(
        chunk.choices[0].delta.content or "" for chunk in chunks if len(chunk.choices) > 0
    )


def test_models_are_listed(client: OpenAI) -> None:
    names = [model.id for model in client.models.list()]

    assert names[0] == "documents"
    assert {"scripted", "quote"} < set(names)


def test_plain_chat_passes_through(client: OpenAI, speaker: ScriptedProvider) -> None:
    messages: Any = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "What is it?"}]},
    ]
    answer = client.chat.completions.create(
        model="scripted", messages=messages, max_tokens=50, temperature=0, stop=["END"]
    )

    assert answer.choices[0].message.content == "The answer is forty-two."
    assert answer.choices[0].finish_reason == "stop"
    assert (answer.object, answer.model) == ("chat.completion", "scripted")
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 6
    sent = speaker.requests[-1]
    assert sent["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "What is it?"},
    ]
    assert (sent["temperature"], sent["stop"]) == (0, ["END"])
    assert 50 in {sent.get("max_tokens"), sent.get("max_completion_tokens")}


def test_plain_chat_streams_word_by_word(client: OpenAI, speaker: ScriptedProvider) -> None:
    speaker.script(Reply(words=("One", " two", " three"), is_gated=True))
    stream = client.chat.completions.create(
        model="scripted", messages=QUESTION, stream=True, stream_options={"include_usage": True}
    )
    seen: list[Any] = []
    for number, word in enumerate(("One", " two", " three")):
        speaker.release()
        while text_of(seen) != "".join(("One", " two", " three")[: number + 1]):
            seen.append(next(stream))
        assert seen[-1].choices[0].delta.content == word
    speaker.release()
    rest = list(stream)

    assert seen[0].choices[0].delta.role == "assistant"
    assert rest[0].choices[0].finish_reason == "stop"
    assert rest[-1].choices == []
    assert rest[-1].usage is not None
    assert rest[-1].usage.completion_tokens == 3
    assert len({chunk.id for chunk in seen + rest}) == 1


def test_length_is_told(client: OpenAI) -> None:
    answer = client.chat.completions.create(model="scripted", messages=QUESTION, max_tokens=6)

    assert answer.choices[0].finish_reason == "length"


def test_documents_answers_with_annotations(
    client: OpenAI, site: LiveServer, tenant: TenantRef, speaker: ScriptedProvider
) -> None:
    handbook = add_document(tenant)
    speaker.script(Reply(words=("Lockers open", " at seven in the morning.")))
    answer = client.chat.completions.create(model="documents", messages=QUESTION)

    message = answer.choices[0].message
    assert message.content == "Lockers open at seven in the morning."
    assert message.annotations is not None
    [annotation] = message.annotations
    cited = annotation.url_citation
    assert message.content[cited.start_index : cited.end_index] == message.content
    assert cited.title == "handbook.md"
    assert cited.url.startswith(f"http://{site.host_of(tenant)}/documents/{handbook.pk}/file")
    prompt = "".join(each["content"] for each in speaker.requests[-1]["messages"])
    assert "Lockers open at seven" in prompt


def test_documents_streams_annotations(
    client: OpenAI, tenant: TenantRef, speaker: ScriptedProvider
) -> None:
    add_document(tenant)
    speaker.script(Reply(words=("Lockers open at seven in the morning.",)))
    stream = client.chat.completions.create(model="documents", messages=QUESTION, stream=True)
    chunks = list(stream)

    assert text_of(chunks) == "Lockers open at seven in the morning."
    found = [
        annotation["url_citation"]["title"]
        for chunk in chunks
        if chunk.choices
        for annotation in (chunk.choices[0].delta.model_extra or {}).get("annotations", [])
    ]
    assert found == ["handbook.md"]


def test_quote_answers_word_for_word(
    client: OpenAI, tenant: TenantRef, speaker: ScriptedProvider
) -> None:
    add_document(tenant)
    calls = speaker.calls
    answer = client.chat.completions.create(model="quote", messages=QUESTION)

    assert "Lockers open at seven in the morning." in (answer.choices[0].message.content or "")
    assert answer.choices[0].message.annotations
    assert speaker.calls == calls


def test_documents_of_another_tenant_are_not_there(
    client: OpenAI, other_tenant: TenantRef, speaker: ScriptedProvider
) -> None:
    add_document(other_tenant)
    client.chat.completions.create(model="documents", messages=QUESTION)

    prompt = "".join(each["content"] for each in speaker.requests[-1]["messages"])
    assert "seven in the morning" not in prompt


def test_key_of_another_tenant_is_nobody(
    site: LiveServer, other_tenant: TenantRef, tenant: TenantRef, owner: Person
) -> None:
    secret = program_of(tenant, owner).secret
    for bad in (secret, "dbk_wrong", "sk-1234"):
        with pytest.raises(openai.AuthenticationError) as caught:
            client_of(site, other_tenant, bad).models.list()
        assert caught.value.code == "invalid_api_key"


def test_key_without_read_is_refused(site: LiveServer, tenant: TenantRef, owner: Person) -> None:
    secret = program_of(tenant, owner, [KeyScope.WRITE]).secret

    with pytest.raises(openai.PermissionDeniedError):
        client_of(site, tenant, secret).chat.completions.create(
            model="documents", messages=QUESTION
        )


def test_cookies_do_not_open_v1(site: LiveServer, tenant: TenantRef) -> None:
    answer = site.request(tenant, "GET", "/v1/models", headers={"Cookie": "__Host-session=x"})

    assert answer.status_code == 401
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert set(answer.json()["error"]) == {"message", "type", "param", "code"}


def test_unknown_model_is_a_404(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        client.chat.completions.create(model="gpt-9", messages=QUESTION)

    assert caught.value.code == "model_not_found"


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "user", "content": 7}]}, "messages.0.content"),
        ({"messages": [{"role": "robot", "content": "x"}]}, "messages.0.role"),
        ({"messages": [{"role": "assistant", "content": "x"}]}, "messages"),
        ({"messages": [{"role": "user", "content": " "}], "model": "documents"}, "messages"),
        ({"n": 2}, "n"),
        ({"temperature": 3}, "temperature"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "tools"),
        ({"response_format": {"type": "json_object"}}, "response_format.type"),
    ],
)
def test_bad_parameters_are_named(client: OpenAI, change: dict[str, Any], param: str) -> None:
    body: dict[str, Any] = {"model": "scripted", "messages": QUESTION, **change}
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(**body)

    assert caught.value.param == param
    assert caught.value.type == "invalid_request_error"


@pytest.mark.parametrize("is_streamed", [True, False])
def test_provider_that_refuses_is_a_status(
    client: OpenAI, speaker: ScriptedProvider, is_streamed: bool
) -> None:
    speaker.script(Reply(status=401))
    with pytest.raises(openai.InternalServerError) as caught:
        client.chat.completions.create(model="scripted", messages=QUESTION, stream=is_streamed)

    assert caught.value.status_code == 502
    assert caught.value.code == "provider_rejected"
    assert caught.value.response.headers["x-should-retry"] == "false"
    assert "lockers" not in str(caught.value.body)


def test_provider_cut_in_the_middle_is_an_error_in_the_stream(
    client: OpenAI, speaker: ScriptedProvider
) -> None:
    speaker.script(Reply(words=("One", " two", " three"), fault=Fault.RESET_MID_STREAM))
    stream = client.chat.completions.create(model="scripted", messages=QUESTION, stream=True)

    with pytest.raises(openai.APIError) as caught:
        list(stream)
    assert caught.value.code == "provider_cut"


def test_leaving_stops_the_provider(client: OpenAI, speaker: ScriptedProvider) -> None:
    gone = speaker.disconnects
    speaker.script(Reply(words=["word "] * 2000, pause_seconds=0.05))
    stream = client.chat.completions.create(model="scripted", messages=QUESTION, stream=True)
    next(stream)
    stream.close()

    speaker.wait_for("disconnects", gone + 1, timeout_seconds=5)


def test_revoking_the_key_ends_its_stream(
    site: LiveServer, tenant: TenantRef, owner: Person, speaker: ScriptedProvider
) -> None:
    with scope(platform_scope(tenant.schema)):
        key, secret = issue_key(owner, name="s", scopes=[KeyScope.READ], expires_at=None)
    speaker.script(Reply(words=["word "] * 2000, pause_seconds=0.05))
    client = client_of(site, tenant, secret)
    stream = client.chat.completions.create(model="scripted", messages=QUESTION, stream=True)
    next(stream)
    with scope(platform_scope(tenant.schema)):
        revoke_key(owner, str(key.pk))
        assert not ApiKey.objects.filter(revoked_at=None).exists()
    started = time.monotonic()

    with pytest.raises(openai.APIError):
        list(stream)
    assert time.monotonic() - started < 6
