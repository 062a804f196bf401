"""A turn from claim to end, against a provider whose every word the test decides."""

import json
import threading
import time
from datetime import timedelta

import pytest
from django.db import connections
from django.db.models.functions import Now
from django.test import override_settings

from assistant.conversations import stop_run
from assistant.models import RunState
from assistant.selectors import conversation_detail
from tenants.base.context import REGISTRY, person_scope, scope
from tenants.models import WorkItem
from tests.assistant.talking import Talk
from tests.harness.provider_replies import Fault, Reply
from tests.harness.scripted_provider import ScriptedProvider

WAIT_SECONDS = 20


def kinds(talk: Talk, run_id: str) -> list[str]:
    return [kind for _event_id, kind, _data in talk.events(run_id)]


def words(talk: Talk, run_id: str) -> str:
    told = [json.loads(data)["text"] for _id, kind, data in talk.events(run_id) if kind == "delta"]
    return "".join(told)


def until_told(talk: Talk, run_id: str, text: str) -> None:
    ends_at = time.monotonic() + WAIT_SECONDS
    while words(talk, run_id) != text:
        assert time.monotonic() < ends_at, words(talk, run_id)
        time.sleep(0.01)


def in_background(talk: Talk, run_id: str) -> threading.Thread:
    def work() -> None:
        talk.work(run_id)
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_turn_streams_and_stores_the_answer(talk: Talk, provider: ScriptedProvider) -> None:
    provider.script(Reply(words=("Hello", " to", " you.")))
    run_id = talk.ask("Hello!")
    talk.work(run_id)

    view = talk.view(run_id)
    assert (view.state, view.text, view.mode, view.model) == (
        RunState.DONE,
        "Hello to you.",
        "CHAT",
        "scripted",
    )
    assert (view.tokens_out, view.attempt, provider.calls) == (3, 1, 1)
    assert view.first_delta_at is not None
    assert words(talk, run_id) == "Hello to you."
    told = kinds(talk, run_id)
    assert told[0] == "state"
    assert told[-2:] == ["block", "done"]
    done = json.loads(talk.events(run_id)[-1][2])
    assert done["message_id"] == view.answer_message_id
    assert done["receipt"]["tokens_out"] == 3
    with scope(REGISTRY):
        assert not WorkItem.objects.filter(schema=talk.tenant.schema).exists()


def test_turn_is_taken_once(talk: Talk, provider: ScriptedProvider) -> None:
    run_id = talk.ask()
    talk.work(run_id)
    talk.work(run_id)

    assert provider.calls == 1


def test_turn_of_many_workers_calls_the_provider_once(
    talk: Talk, provider: ScriptedProvider
) -> None:
    run_id = talk.ask()
    threads = [in_background(talk, run_id) for _ in range(6)]
    for thread in threads:
        thread.join()

    assert provider.calls == 1
    assert talk.view(run_id).state == RunState.DONE


def test_turn_brings_the_talk_so_far(talk: Talk, provider: ScriptedProvider) -> None:
    provider.script(Reply(words=("First", " answer.")), Reply(words=("Second.",)))
    first = talk.ask("Hello!")
    talk.work(first)
    conversation_id = talk.view(first).conversation_id
    talk.work(talk.ask("Thanks!", conversation_id=conversation_id))

    sent = [(each["role"], each["content"]) for each in provider.requests[1]["messages"]]
    assert sent[1:] == [("user", "Hello!"), ("assistant", "First answer."), ("user", "Thanks!")]
    with scope(person_scope(talk.tenant.schema, talk.person_id)):
        texts = [message.text for message in conversation_detail(conversation_id).messages]
    assert texts == ["Hello!", "First answer.", "Thanks!", "Second."]


def test_turn_stops_when_asked_and_keeps_its_words(talk: Talk, provider: ScriptedProvider) -> None:
    provider.script(Reply(words=("One ", "two ", "three ", "four"), is_gated=True))
    run_id = talk.ask()
    thread = in_background(talk, run_id)
    provider.release(2)
    until_told(talk, run_id, "One two ")
    with scope(person_scope(talk.tenant.schema, talk.person_id)):
        stop_run(run_id)
    stopped_at = time.monotonic()
    thread.join(WAIT_SECONDS)

    view = talk.view(run_id)
    assert time.monotonic() - stopped_at < 4
    assert (view.state, view.text) == (RunState.STOPPED, "One two ")
    provider.wait_for_no_connection()
    assert json.loads(talk.events(run_id)[-1][2])["state"] == "STOPPED"


def test_turn_renews_its_lease_while_the_model_is_silent(
    talk: Talk, provider: ScriptedProvider
) -> None:
    provider.script(Reply(words=("Late.",), is_gated=True))
    run_id = talk.ask()
    thread = in_background(talk, run_id)
    provider.wait_for("calls", 1)
    before = talk.view(run_id)
    talk.change(run_id, lease_expires_at=Now() + timedelta(seconds=1))
    time.sleep(3)
    talk.work(run_id)
    provider.release()
    thread.join(WAIT_SECONDS)

    assert before.state == RunState.RUNNING
    assert (talk.view(run_id).text, talk.view(run_id).attempt, provider.calls) == ("Late.", 1, 1)


def test_dur_07_a_writer_that_wakes_too_late_changes_nothing(
    talk: Talk, provider: ScriptedProvider
) -> None:
    provider.script(Reply(words=("Late", " words"), is_gated=True), Reply(words=("In time.",)))
    run_id = talk.ask()
    thread = in_background(talk, run_id)
    provider.wait_for("calls", 1)
    talk.change(run_id, lease_expires_at=Now() - timedelta(seconds=1))
    talk.work(run_id)
    provider.release(2)
    thread.join(WAIT_SECONDS)

    view = talk.view(run_id)
    assert (view.state, view.text, view.attempt) == (RunState.DONE, "In time.", 2)
    told = talk.events(run_id)
    after = [kind for event_id, kind, _data in told if event_id.startswith("2-")]
    assert (after[0], after[-1]) == ("restart", "done")
    assert all(event_id.startswith("2-") for event_id, *_rest in told[told.index(told[-1]) :])


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.NOT_HTTP])
def test_turn_tries_again_when_nothing_was_said(
    talk: Talk, provider: ScriptedProvider, fault: Fault
) -> None:
    provider.script(Reply(fault=fault), Reply(words=("Now.",)))
    run_id = talk.ask()
    talk.work(run_id)
    waiting = talk.view(run_id)
    talk.work(run_id)

    view = talk.view(run_id)
    assert waiting.state == RunState.QUEUED
    assert (view.state, view.text, view.attempt) == (RunState.DONE, "Now.", 2)
    assert provider.calls == 2


def test_turn_gives_up_after_three_attempts(talk: Talk, provider: ScriptedProvider) -> None:
    provider.default = Reply(status=503)
    run_id = talk.ask()
    for _ in range(5):
        talk.work(run_id)

    view = talk.view(run_id)
    assert (view.state, view.attempt, provider.calls) == (RunState.FAILED, 3, 3)
    assert (view.error_code, view.answer_message_id) == ("provider_unavailable", None)
    kind, data = talk.events(run_id)[-1][1:]
    assert kind == "failed"
    assert json.loads(data)["code"] == "provider_unavailable"


def test_turn_cut_in_the_middle_fails_and_keeps_the_words(
    talk: Talk, provider: ScriptedProvider
) -> None:
    provider.script(Reply(words=("Half ", "an "), fault=Fault.RESET_MID_STREAM))
    run_id = talk.ask()
    talk.work(run_id)

    view = talk.view(run_id)
    assert (view.state, view.error_code) == (RunState.FAILED, "provider_cut")
    assert view.text
    assert view.text == words(talk, run_id)
    assert json.loads(talk.events(run_id)[-1][2])["kept_text"] == view.text


def test_turn_refused_for_good_is_not_tried_again(talk: Talk, provider: ScriptedProvider) -> None:
    provider.default = Reply(status=401)
    run_id = talk.ask()
    talk.work(run_id)
    talk.work(run_id)

    view = talk.view(run_id)
    assert (view.state, view.error_code, provider.calls) == (
        RunState.FAILED,
        "provider_rejected",
        1,
    )


def test_turn_without_documents_or_model_says_so_plainly(talk: Talk) -> None:
    asked = {
        "Who won the cup in 1954?": "This is not in the documents.",
        "一九五四年谁赢了世界杯？": "文档里没有找到。",
    }
    for question, expected in asked.items():
        run_id = talk.ask(question)
        talk.work(run_id)

        view = talk.view(run_id)
        assert (view.state, view.text, view.citations) == (RunState.DONE, expected, ())


def test_turn_keeps_whatever_a_model_says(talk: Talk, provider: ScriptedProvider) -> None:
    provider.script(Reply(words=("a\x00b", "\ud83d", " c")))
    run_id = talk.ask()
    talk.work(run_id)

    assert (talk.view(run_id).state, talk.view(run_id).text) == (RunState.DONE, "a\ufffdb\ufffd c")


@override_settings(LOCAL_MODEL="nonsense")
def test_turn_broken_by_our_own_fault_is_told_to_the_person(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    run_id = talk.ask()
    talk.work(run_id)

    view = talk.view(run_id)
    assert (view.state, view.error_code) == (RunState.FAILED, "answer_failed")
    assert json.loads(talk.events(run_id)[-1][2])["message"]
    assert "turn_broke" in caplog.text
