"""The chat pages: each view reads the request, calls one verb of the domain and draws."""

import uuid
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from assistant.conversations import (
    AskResult,
    ask,
    delete_conversation,
    rename_conversation,
    retry_run,
    stop_run,
)
from assistant.forms import AskForm, collection_ids_in
from assistant.llm.routing import describe_model
from assistant.presenting import Turn, days_of, starter_questions, turn_of, turns_of
from assistant.renditions import renewed, renewed_run
from assistant.selectors import (
    ConversationView,
    conversation_detail,
    conversations_of,
    run_detail,
)
from rag.choosing import collection_choices
from rag.selectors import has_documents
from rag.starters import starter_headings
from rag.tickets import upload_context
from tenants.base.errors import BadRequest
from tenants.base.pages import is_fragment, tells_errors

STARTERS_SHOWN = 3


@login_required
@require_safe
@tells_errors
def chat(request: HttpRequest) -> HttpResponse:
    """Draw an empty page to ask on."""
    context = _page_context(request, None)
    context["has_documents"] = has_documents()
    context["starters"] = starter_questions(starter_headings(limit=STARTERS_SHOWN))
    return render(request, "assistant/chat.html", context)


@login_required
@require_safe
@tells_errors
def conversation(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    found = conversation_detail(str(conversation_id))
    return render(request, "assistant/chat.html", _page_context(request, found))


@login_required
@require_safe
def conversations(request: HttpRequest) -> HttpResponse:
    """Draw the list at the left."""
    here = {"id": request.GET.get("here", "")}
    context = {"days": days_of(conversations_of()), "conversation": here}
    return render(request, "assistant/_conversations.html", context)


@login_required
@require_POST
@tells_errors
def ask_question(request: HttpRequest) -> HttpResponse:
    """Accept a question; a script gets the new turn, a plain form the page."""
    form = AskForm(request.POST)
    if not form.is_valid():
        raise BadRequest
    asked = ask(
        form.cleaned_data["question"],
        conversation_id=form.cleaned_data["conversation_id"] or None,
        person_id=str(request.user.pk),
        idempotency_key=form.cleaned_data["key"],
        collection_ids=collection_ids_in(request.POST),
        keep_in_house=form.cleaned_data["keep_in_house"],
    )
    address = reverse("conversation", args=[asked.conversation_id])
    if not is_fragment(request):
        return redirect(address)
    context = {"turn": _turn_asked(asked)}
    response = render(request, "assistant/_turn.html", context, status=HTTPStatus.CREATED)
    response["X-Conversation"] = asked.conversation_id
    response["X-Conversation-Address"] = address
    response["X-Next-Key"] = _new_key()
    return response


@login_required
@require_safe
@tells_errors
def turn(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Draw the answer of a run as it stands."""
    run = renewed_run(run_detail(str(run_id)))
    return render(
        request, "assistant/_answer.html", {"turn": turn_of(run.question_message_id, "", run)}
    )


@login_required
@require_POST
@tells_errors
def stop(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    stop_run(str(run_id))
    if is_fragment(request):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return redirect("conversation", run_detail(str(run_id)).conversation_id)


@login_required
@require_POST
@tells_errors
def retry(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    asked = retry_run(str(run_id))
    if not is_fragment(request):
        return redirect("conversation", asked.conversation_id)
    context = {"turn": _turn_asked(asked)}
    return render(request, "assistant/_answer.html", context, status=HTTPStatus.CREATED)


@login_required
@require_POST
@tells_errors
def rename(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    rename_conversation(str(conversation_id), request.POST.get("title", ""))
    return redirect("conversation", conversation_id)


@login_required
@require_POST
@tells_errors
def delete(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    delete_conversation(str(conversation_id))
    return redirect("chat")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language in a cookie and go back to where the choice was made."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = "/"
    response = HttpResponseRedirect(target)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.SESSION_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _page_context(request: HttpRequest, found: ConversationView | None) -> dict[str, Any]:
    choices = collection_choices(found.collection_ids if found else ())
    return {
        "conversation": found,
        "turns": turns_of(renewed(found.messages)) if found else (),
        "active_run": found.active_run if found else None,
        "days": days_of(conversations_of()),
        "collections": choices,
        "chosen_names": ", ".join(choice.name for choice in choices if choice.is_chosen),
        "model": describe_model(),
        "key": _new_key(),
        **upload_context(request),
    }


def _turn_asked(asked: AskResult) -> Turn:
    """Return the turn of a run that was just queued; its question is the newest message."""
    messages = conversation_detail(asked.conversation_id).messages
    question = next(item.text for item in messages if item.id == asked.question_message_id)
    return turn_of(asked.question_message_id, question, run_detail(asked.run_id))


def _new_key() -> str:
    return uuid.uuid4().hex
