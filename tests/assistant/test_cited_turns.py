"""Turns over a document: quoted or written by a model, every claim with its passage."""

import json

import pytest

from assistant.answers import AnswerText
from assistant.claims import SENTENCE_CHARS_MAX
from assistant.models import RunState
from rag.retrieval import search
from tenants.base.context import platform_scope, scope
from tests.assistant.talking import Talk
from tests.harness.documents import put_document
from tests.harness.provider_replies import Reply
from tests.harness.scripted_provider import ScriptedProvider

HANDBOOK = (
    "Annual leave is 25 days a year. Leave must be asked for two weeks before it begins. "
    "Travel costs are paid back within 30 days."
)
QUESTION = "How many days of annual leave a year?"


@pytest.fixture(autouse=True)
def handbook(talk: Talk) -> None:
    put_document(talk.tenant, HANDBOOK)


def citations_told(talk: Talk, run_id: str) -> list[dict[str, object]]:
    return [json.loads(data) for _id, kind, data in talk.events(run_id) if kind == "citation"]


def test_quote_answers_with_the_documents_own_words(talk: Talk) -> None:
    run_id = talk.ask(QUESTION)
    talk.work(run_id)

    view = talk.view(run_id)
    assert (view.state, view.mode, view.model) == (RunState.DONE, "QUOTE", "quote")
    assert view.text.startswith("Annual leave is 25 days a year.")
    assert view.citations
    for citation in view.citations:
        assert view.text[citation.start : citation.end] == citation.quote
        assert citation.quote in HANDBOOK
        assert (citation.document_name, citation.page) == ("handbook.md", 1)
    assert [each["quote"] for each in citations_told(talk, run_id)] == [
        citation.quote for citation in view.citations
    ]
    assert (view.passages_used, view.passages_seen) == (1, 1)


def test_chat_is_given_the_passages_and_cited_sentence_by_sentence(
    talk: Talk, provider: ScriptedProvider
) -> None:
    said = "Annual leave is 25 days a year. The moon is made of green cheese."
    provider.script(Reply(words=[f"{word} " for word in said.split()]))
    run_id = talk.ask(QUESTION)
    talk.work(run_id)

    view = talk.view(run_id)
    assert HANDBOOK in provider.requests[0]["messages"][-1]["content"]
    assert view.state == RunState.DONE
    [citation] = view.citations
    assert view.text[citation.start : citation.end] == "Annual leave is 25 days a year."
    assert citation.quote == "Annual leave is 25 days a year."
    assert citations_told(talk, run_id)[0]["start"] == 0


def test_what_the_documents_do_not_say_is_said_plainly_by_no_model(
    talk: Talk, provider: ScriptedProvider
) -> None:
    run_id = talk.ask("Who composed the opera Zauberflöte xylophone quagmire?")
    talk.work(run_id)

    view = talk.view(run_id)
    assert view.text.startswith("This is not in the documents.")
    assert (view.citations, provider.calls) == ((), 0)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_sentences_are_cited_alike_however_the_words_are_cut(talk: Talk, size: int) -> None:
    text = "Annual leave is 25 days a year.\n\nTravel costs are paid back within 30 days."
    told = []
    with scope(platform_scope(talk.tenant.schema)):
        answer = AnswerText(search(QUESTION, collection_ids=None).passages)
        for at in range(0, len(text), size):
            told += answer.add(text[at : at + size])
        told += answer.close()

    assert [(support.ordinal, text[support.start : support.end]) for support in told] == [
        (1, "Annual leave is 25 days a year."),
        (2, "Travel costs are paid back within 30 days."),
    ]
    assert told == answer.supports


def test_an_endless_sentence_is_cited_in_pieces_however_the_words_are_cut(talk: Talk) -> None:
    leave = "Annual leave is 25 days a year"
    text = f"{leave}, " * 100 + f"e.g. 3.5. {leave}.\n\n---\n\n- {leave}\n- — \n{leave}"
    told = set()
    with scope(platform_scope(talk.tenant.schema)):
        passages = search(QUESTION, collection_ids=None).passages
        for size in (1, 7, 999, 1001, len(text)):
            answer = AnswerText(passages)
            for at in range(0, len(text), size):
                answer.add(text[at : at + size])
            answer.close()
            told.add(tuple((support.start, support.end) for support in answer.supports))

    [places] = told
    assert max(end - start for start, end in places) <= SENTENCE_CHARS_MAX
    assert text[slice(*places[-1])] == leave
