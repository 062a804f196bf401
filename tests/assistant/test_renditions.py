"""The kept HTML of answers: rendered once, without a word of its sources, its owner's alone."""

import pytest
from django.db.models import F
from markdown_it import MarkdownIt

from assistant import renditions
from assistant.blocks import RENDERER
from assistant.models import Citation, Conversation, Message, MessageRole, RunState
from assistant.presenting import turns_of
from assistant.renditions import renewed
from assistant.selectors import ConversationView, conversation_detail
from rag.models import Chunk, Document, DocumentState
from tenants.base.context import person_scope, platform_scope, scope
from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.assistant.talking import Talk
from tests.harness.documents import put_document
from tests.harness.provider_replies import Reply
from tests.harness.scripted_provider import ScriptedProvider
from tests.harness.web import WebClient

HANDBOOK = "Annual leave is 25 days a year. Travel costs are paid back within 30 days."
QUESTION = "How many days of annual leave a year?"
ANSWER = "Annual leave is **25 days** a year. The moon is made of *green* cheese."


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note every text that the Markdown parser is given."""
    texts: list[str] = []
    parse = MarkdownIt.parse

    def counted(self: MarkdownIt, src: str, env: object = None) -> object:
        texts.append(src)
        return parse(self, src, env)  # type: ignore[arg-type]

    monkeypatch.setattr(MarkdownIt, "parse", counted)
    return texts


def answered(talk: Talk, provider: ScriptedProvider, text: str = ANSWER) -> str:
    provider.script(Reply(words=[text[at : at + 9] for at in range(0, len(text), 9)]))
    run_id = talk.ask(QUESTION)
    talk.work(run_id)
    assert talk.view(run_id).state == RunState.DONE
    return talk.view(run_id).conversation_id


def detail(talk: Talk, conversation_id: str) -> ConversationView:
    with scope(person_scope(talk.tenant.schema, talk.person_id)):
        return conversation_detail(conversation_id)


def shown(talk: Talk, conversation_id: str) -> list[str]:
    with scope(person_scope(talk.tenant.schema, talk.person_id)):
        messages = renewed(conversation_detail(conversation_id).messages)
        return [str(turn.html) for turn in turns_of(messages)]


def old_talk(talk: Talk, answers: int, text: str = "*Old* words.") -> str:
    """Store a conversation as an older release left it."""
    with scope(platform_scope(talk.tenant.schema)):
        kept = Conversation.objects.create(owner_id=talk.person_id, title="Old")
        for number in range(answers):
            for role, words in ((MessageRole.USER, "Q?"), (MessageRole.ASSISTANT, text)):
                position = 2 * number + (role == MessageRole.ASSISTANT)
                kept.messages.create(position=position, role=role, text=words)
    return str(kept.id)


def test_an_answer_is_kept_rendered_without_a_word_of_its_sources(
    talk: Talk, provider: ScriptedProvider
) -> None:
    put_document(talk.tenant, HANDBOOK, name="secret-name.md")
    conversation_id = answered(talk, provider)

    answer = detail(talk, conversation_id).messages[1]
    assert answer.rendered_by == RENDERER
    assert answer.html == (
        "<p>Annual leave is <strong>25 days</strong> a year."
        '<sup data-cite="1"></sup> <span class="unsupported">The moon is made of </span>'
        '<em><span class="unsupported">green</span></em>'
        '<span class="unsupported"> cheese.</span></p>\n'
    )
    [citation] = answer.citations
    [html] = shown(talk, conversation_id)
    assert f'data-chunk="{citation.chunk_id}" title="secret-name.md">1</a></sup>' in html
    assert "?quote=Annual%20leave%20is%2025%20days%20a%20year." in html
    assert 'class="unsupported" title="No passage supports this sentence"' in html


def test_a_page_of_old_answers_parses_nothing(
    talk: Talk, provider: ScriptedProvider, web: WebClient, owner: Person, parsed: list[str]
) -> None:
    conversation_id = answered(talk, provider)
    with scope(platform_scope(talk.tenant.schema)):
        [answer] = Message.objects.filter(role=MessageRole.ASSISTANT)
        Message.objects.bulk_create(
            Message(
                conversation_id=conversation_id,
                position=position,
                role=MessageRole.ASSISTANT if position % 2 else MessageRole.USER,
                text=answer.text,
                html=answer.html,
                rendered_by=RENDERER,
            )
            for position in range(2, 200)
        )
    web.sign_in(owner)
    parsed.clear()

    page = web.get(f"/c/{conversation_id}").content.decode()

    assert page.count("<strong>25 days</strong>") == 100
    assert parsed == []


def test_an_answer_is_parsed_once_while_it_is_written_and_never_again(
    talk: Talk, provider: ScriptedProvider, web: WebClient, owner: Person, parsed: list[str]
) -> None:
    conversation_id = answered(talk, provider, "One *a*.\n\nTwo *b*.\n\nThree.")
    run_id = detail(talk, conversation_id).messages[1].run
    web.sign_in(owner)
    assert run_id is not None
    web.get(f"/runs/{run_id.id}/turn")
    web.get(f"/c/{conversation_id}")

    assert parsed == ["One *a*.\n\n", "Two *b*.\n\n", "Three."]
    assert "<em>b</em>" in talk.events(run_id.id)[-1][2]


def test_an_answer_of_an_older_renderer_is_rendered_once_more(
    talk: Talk, provider: ScriptedProvider, parsed: list[str]
) -> None:
    put_document(talk.tenant, HANDBOOK)
    conversation_id = answered(talk, provider)
    first = shown(talk, conversation_id)
    with scope(platform_scope(talk.tenant.schema)):
        Message.objects.update(html="old", rendered_by=F("rendered_by") - 1)
    parsed.clear()

    assert shown(talk, conversation_id) == first
    assert len(parsed) == 1
    assert shown(talk, conversation_id) == first
    assert len(parsed) == 1


def test_a_view_renders_a_bounded_part_anew_the_latest_first(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, parsed: list[str]
) -> None:
    monkeypatch.setattr(renditions, "RENEWED_CHARS_MAX", 20)
    conversation_id = old_talk(talk, 5)
    plain, done = '<p class="as-written">*Old* words.</p>\n', "<p><em>Old</em> words.</p>\n"

    assert shown(talk, conversation_id) == [plain, plain, plain, done, done]
    assert shown(talk, conversation_id) == [plain, done, done, done, done]
    assert shown(talk, conversation_id) == [done] * 5
    assert len(parsed) == 5


def test_a_kept_answer_is_seen_by_its_owner_alone(
    talk: Talk, tenant: TenantRef, member: Person, other_tenant: TenantRef
) -> None:
    old_talk(talk, 1)
    readers = [
        person_scope(tenant.schema, str(member.pk)),
        person_scope(other_tenant.schema, talk.person_id),
        platform_scope(other_tenant.schema),
    ]

    for reader in readers:
        with scope(reader):
            assert not Message.objects.exclude(html="x").exists()
            assert Message.objects.update(html="x", rendered_by=9) == 0


def test_a_source_that_is_gone_is_shown_as_gone(talk: Talk, provider: ScriptedProvider) -> None:
    document = put_document(talk.tenant, HANDBOOK, name="secret-name.md")
    conversation_id = answered(talk, provider)

    def html() -> str:
        [shown_html] = shown(talk, conversation_id)
        return shown_html

    def change(state: DocumentState) -> None:
        with scope(platform_scope(talk.tenant.schema)):
            Document.objects.filter(pk=document.pk).update(state=state)

    change(DocumentState.EMBEDDING)
    assert '<span class="cite gone" title="secret-name.md">1</span>' in html()
    change(DocumentState.DELETING)
    gone = '<span class="cite gone" title="This source is no longer there">1</span>'
    assert gone in html()
    with scope(platform_scope(talk.tenant.schema)):
        Citation.objects.update(chunk=None)
        Chunk.objects.all().delete()
        Document.objects.all().delete()
    assert gone in html()
    assert "secret-name" not in html()


def test_a_loose_list_of_a_model_is_stored_whole(talk: Talk, provider: ScriptedProvider) -> None:
    text = "- a\n\n" * 1000
    conversation_id = answered(talk, provider, text)

    answer = detail(talk, conversation_id).messages[1]
    assert answer.text == text
    assert answer.html.count("<li>") == 1000
