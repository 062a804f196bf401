"""The chat pages as the server draws them: asking, every end of an answer, other people."""

import re
import uuid

import pytest
from lxml import html as parser

from assistant.conversations import ask
from assistant.models import Citation, Conversation, Message, Run, RunState
from rag.models import Chunk
from tenants.base.context import person_scope, platform_scope, scope
from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.face.reading import FRAGMENT, text_of
from tests.harness.documents import put_document
from tests.harness.web import WebClient

ID = uuid.UUID("00000000-0000-4000-8000-000000000001")


def asked(tenant: TenantRef, person: Person, question: str = "How long is the leave?") -> Run:
    with scope(person_scope(tenant.schema, str(person.pk))):
        result = ask(question, conversation_id=None, person_id=str(person.pk))
        return Run.objects.get(id=result.run_id)


def ended(tenant: TenantRef, run: Run, state: RunState, text: str = "", **values: object) -> None:
    with scope(platform_scope(tenant.schema)):
        answer = None
        if text:
            answer = Message.objects.create(
                conversation_id=run.conversation_id, position=1, role="ASSISTANT", text=text
            )
        finished = {"state": state, "answer": answer, "partial_text": text, **values}
        Run.objects.filter(id=run.id).update(finished_at=run.created_at, **finished)


def test_pages_hide_the_conversations_of_others(
    web: WebClient, tenant: TenantRef, owner: Person, member: Person
) -> None:
    run = asked(tenant, owner)
    web.sign_in(member)

    assert web.get(f"/c/{run.conversation_id}").status_code == 404
    assert web.get(f"/runs/{run.id}/turn").status_code == 404
    assert web.post(f"/runs/{run.id}/stop").status_code == 404
    assert "leave" not in text_of(web.get("/conversations"))


def test_asking_by_a_plain_form_leads_to_the_conversation(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    web.sign_in(owner)

    response = web.post("/ask", {"question": "How long?"}, follow=True)

    assert response.redirect_chain[0][0].startswith("/c/")
    assert "How long?" in text_of(response)
    assert 'data-events="/runs/' in response.content.decode()


def test_asking_by_script_answers_with_the_turn(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    web.sign_in(owner)

    response = web.post("/ask", {"question": "<b>How</b> long?", "key": "k1"}, headers=FRAGMENT)
    again = web.post("/ask", {"question": "<b>How</b> long?", "key": "k1"}, headers=FRAGMENT)

    assert response.status_code == 201
    assert "&lt;b&gt;How&lt;/b&gt; long?" in response.content.decode()
    assert "<html" not in response.content.decode()
    assert response["X-Conversation"] == again["X-Conversation"]
    with scope(platform_scope(tenant.schema)):
        assert Run.objects.count() == 1


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"question": ""}, 400),
        ({"question": "   "}, 400),
        ({"question": "x" * 1_000_000}, 400),
        ({"question": "a\x00b"}, 400),
        ({"question": "a", "conversation_id": "no-id"}, 404),
        ({"question": "a", "conversation_id": str(ID)}, 404),
        ({"question": "a", "collection_ids": "one"}, 400),
        ({"question": "a", "collection_ids": "99999999999999"}, 400),
        ({"question": "a", "key": "k" * 300}, 400),
    ],
)
def test_asking_badly_is_refused_with_a_sentence(
    web: WebClient, owner: Person, form: dict[str, str], status: int
) -> None:
    web.sign_in(owner)

    response = web.post("/ask", form, headers=FRAGMENT)

    assert response.status_code == status
    assert 'role="alert"' in response.content.decode()
    assert web.post("/ask", form).status_code == status


def test_a_second_question_waits_for_the_first(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    run = asked(tenant, owner)
    web.sign_in(owner)

    form = {"question": "And?", "conversation_id": str(run.conversation_id)}
    response = web.post("/ask", form, headers=FRAGMENT)

    assert response.status_code == 409
    assert "still being answered" in text_of(response)


def test_a_running_answer_is_drawn_so_that_it_can_go_on(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    run = asked(tenant, owner)
    with scope(platform_scope(tenant.schema)):
        Run.objects.filter(id=run.id).update(
            state=RunState.RUNNING, partial_text="**First** block.\n\nSecond\nstill *open"
        )
    web.sign_in(owner)

    body = web.get(f"/c/{run.conversation_id}").content.decode()

    assert "data-open>**First** block.\n\nSecond\nstill *open</span>" in body
    assert f'data-run="{run.id}"' in body
    assert f'data-stop="/runs/{run.id}/stop"' in body


def test_a_failed_answer_says_why_in_the_readers_language(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    run = asked(tenant, owner)
    failure = {"error_code": "provider_timeout", "error_detail": "(written by the worker)"}
    ended(tenant, run, RunState.FAILED, "Some words.", model="m", mode="CHAT", **failure)
    web.sign_in(owner)

    english = text_of(web.get(f"/c/{run.conversation_id}"))
    web.cookies["language"] = "zh-hans"
    chinese = text_of(web.get(f"/c/{run.conversation_id}"))

    assert "The language model took too long to answer. The words so far are kept. Retry" in english
    assert "Some words." in english
    assert "语言模型太久没有回应。" in chinese


def test_a_finished_answer_carries_citations_and_receipt(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    document = put_document(tenant, "Leave lasts eighteen weeks. More text.", name="a.md")
    run = asked(tenant, owner)
    ended(
        tenant, run, RunState.DONE, "It lasts eighteen weeks. Guess.", model="gpt-x", mode="CHAT",
        passages_seen=6, passages_used=1, tokens_in=400, tokens_out=12,
    )  # fmt: skip
    with scope(platform_scope(tenant.schema)):
        chunk = Chunk.objects.get(document=document)
        message = Message.objects.get(conversation_id=run.conversation_id, position=1)
        Citation.objects.create(
            message=message, ordinal=1, chunk=chunk, document_id=document.id, document_name="a.md",
            page=1, start=0, end=24, quote="Leave lasts eighteen weeks.", score=1,
        )  # fmt: skip
    web.sign_in(owner)

    body = web.get(f"/c/{run.conversation_id}").content.decode()
    passage = web.get(re.findall(r'class="cite" href="([^"]+)"', body)[0], headers=FRAGMENT)

    assert (
        '<span class="unsupported" title="No passage supports this sentence">Guess.</span>' in body
    )
    assert "gpt-x 1 of 6 passages 412 tokens 0.0 s" in " ".join(
        parser.fromstring(body).find_class("receipt")[0][0].text_content().split()
    )
    assert (
        '<mark class="as-written">Leave lasts eighteen weeks.</mark><span class="as-written"> More text.'
        in passage.content.decode()
    )


def test_stop_retry_rename_and_delete_by_plain_forms(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    run = asked(tenant, owner)
    page = f"/c/{run.conversation_id}"
    web.sign_in(owner)

    assert web.post(f"/runs/{run.id}/stop")["Location"] == page
    assert "Stopped before the first word." in text_of(web.get(page))
    assert web.post(f"/runs/{run.id}/retry")["Location"] == page
    assert web.post(f"{page}/rename", {"title": "Another name"})["Location"] == page
    assert "Another name" in text_of(web.get("/conversations"))
    assert web.post(f"{page}/rename", {"title": " "}).status_code == 400
    assert web.post(f"{page}/delete")["Location"] == "/"
    with scope(platform_scope(tenant.schema)):
        assert Conversation.objects.count() == 0


def test_the_empty_page_offers_the_tenants_own_headings(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    document = put_document(tenant, "兼职员工……", name="手册.md")
    with scope(platform_scope(tenant.schema)):
        Chunk.objects.filter(document=document).update(heading="3.2 出差住宿标准")
    web.sign_in(owner)

    assert "「出差住宿标准」是怎么规定的？" in text_of(web.get("/"))
