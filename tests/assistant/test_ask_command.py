"""`manage.py ask`: with a worker or without, the words come, and one line of JSON at the end."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from assistant.models import Run
from tenants.base.context import platform_scope, scope
from tests.assistant.talking import Talk
from tests.harness.documents import put_document
from tests.harness.provider_replies import Reply
from tests.harness.scripted_provider import ScriptedProvider

HANDBOOK = "Annual leave is 25 days a year. Travel costs are paid back within 30 days."


def ask(talk: Talk, question: str, *options: str) -> tuple[str, int]:
    """Run the command as a terminal does, outside of any event loop."""
    written = io.StringIO()
    code = 0
    try:
        call_command(
            "ask", question, "--tenant", talk.tenant.slug, *options, stdout=written, stderr=written
        )
    except SystemExit as error:
        code = int(str(error.code))
    finally:
        connections.close_all()
    return written.getvalue(), code


def test_ask_quotes_the_documents_without_a_worker(talk: Talk) -> None:
    put_document(talk.tenant, HANDBOOK)
    said, code = ask(talk, "How many days of annual leave a year?", "--json")

    *lines, last = said.strip().splitlines()
    document = json.loads(last)
    assert code == 0
    assert lines[0].startswith("Annual leave is 25 days a year.")
    assert any("handbook.md, page 1" in line for line in lines)
    assert document["text"].startswith("Annual leave is 25 days a year.")
    assert (document["state"], document["receipt"]["mode"]) == ("DONE", "QUOTE")
    assert document["citations"][0]["document_name"] == "handbook.md"
    assert document["first_word_seconds"] > 0
    assert document["error"] is None


def test_ask_streams_a_models_words(talk: Talk, provider: ScriptedProvider) -> None:
    provider.script(Reply(words=("Hello", " there.")))
    said, code = ask(talk, "Hello!")

    assert (said.strip(), code) == ("Hello there.", 0)


def test_ask_tells_why_it_failed(talk: Talk, provider: ScriptedProvider) -> None:
    provider.default = Reply(status=401)
    said, code = ask(talk, "Hello!", "--json")

    document = json.loads(said.strip().splitlines()[-1])
    assert code == 1
    assert (document["state"], document["error"]["code"]) == ("FAILED", "provider_rejected")
    assert provider.calls == 1


@pytest.mark.parametrize(
    ("question", "options"),
    [("", []), ("a\x00b", []), ("Hello!", ["--email", "nobody@example.org"])],
)
def test_ask_refuses_in_one_line(talk: Talk, question: str, options: list[str]) -> None:
    with pytest.raises(CommandError) as refused:
        ask(talk, question, *options)

    assert "\n" not in str(refused.value)
    with scope(platform_scope(talk.tenant.schema)):
        assert Run.objects.count() == 0


def test_ask_refuses_an_unknown_tenant() -> None:
    with pytest.raises(CommandError, match="no tenant"):
        call_command("ask", "Hello!", "--tenant", "nobody")
