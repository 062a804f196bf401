"""One stateless answer: planned in the tenant's scope, then spoken from a thread of its own.

A provider may take minutes, so its call never sits in the lane that leads to the database.
The thread hands its pieces over to the event loop and looks, between two of them, whether
anybody still listens.
"""

import asyncio
import contextlib
import contextvars
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.db import close_old_connections
from django.utils.translation import gettext_lazy as _

from assistant.answers import AnswerText, Support
from assistant.conversations import QUESTION_CHARS_MAX
from assistant.llm.enums import Role
from assistant.llm.gate import GuardedModel
from assistant.llm.protocol import ChatModel, ChatRequest, Delta, Usage
from assistant.llm.routing import QuoteMode, route
from assistant.openai_api.requests import BadParameter, CompletionRequest
from assistant.planning import QUOTE_MODEL, Plan, find_passages, plan_answer
from assistant.planning import words_of as planned_words_of
from rag.quoting import QuotedSentence
from tenants.base.context import scope
from tenants.base.errors import AppError, BadRequest, Unavailable
from tenants.base.lanes import in_tenant
from tenants.base.text import clean_text
from tenants.people.gatekeeping import Principal

logger = logging.getLogger(__name__)

DOCUMENTS_MODEL = "documents"
ANSWER_TOKENS_DEFAULT = 1024
TEMPERATURE_DEFAULT = 0.2


class EverybodySpeaks(Unavailable):
    """Every thread of this process is writing, whoever's share is left."""

    code = "all_completions_taken"
    message = _("Too many answers are being written. Please try again in a moment.")


class CompletionBroke(AppError):
    """Our own fault; the log has the traceback."""

    code = "completion_broke"


@dataclass(frozen=True, slots=True)
class Words:
    """The next words, and the sentences that they closed with what supports each."""

    text: str
    supports: tuple[Support, ...] = ()


Spoken = Words | Usage


@dataclass(frozen=True, slots=True)
class Speech:
    """Who answers, from what; a plan over documents, or a model with the caller's own words."""

    plan: Plan | None = None
    chat: tuple[ChatModel, ChatRequest] | None = None


async def prepare(request: CompletionRequest, principal: Principal) -> Speech:
    """Choose who answers and find the passages; everything that needs the database.

    Raises: BadRequest, ModelUnknown, BoundaryRefused, Unavailable.
    """
    if request.talk[-1].role is not Role.USER:
        raise BadRequest(_("The last message must be the user's."), field="messages")
    if request.model in {DOCUMENTS_MODEL, QUOTE_MODEL}:
        return await in_tenant(principal.scope, _plan_over_documents, request)
    return await in_tenant(principal.scope, _plain_chat, request)


class Telling:
    """The way from the speaking thread to the one who waits for the words."""

    def __init__(self) -> None:
        # Bounded by the answer itself: no model is asked for more than its own length.
        self._pieces: asyncio.Queue[Spoken | AppError | None] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._left = threading.Event()

    async def next(self) -> Spoken | None:
        """Return the next piece, or None after the last.

        Raises: ProviderError and whatever else ended the answer.
        """
        piece = await self._pieces.get()
        if isinstance(piece, AppError):
            raise piece
        return piece

    def leave(self) -> None:
        self._left.set()

    def is_left(self) -> bool:
        return self._left.is_set()

    def hand_over(self, piece: Spoken | AppError | None) -> None:
        """Called in the thread; a loop that is gone has nobody left who waits."""
        if not self.is_left():
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._pieces.put_nowait, piece)


@contextlib.contextmanager
def speaking(speech: Speech, principal: Principal) -> Iterator[Telling]:
    """Let a thread speak while the block listens; leaving the block stops the provider's call.

    Raises: EverybodySpeaks.
    """
    telling = Telling()
    speakers().start(lambda: _speak_in_thread(speech, principal, telling))
    try:
        yield telling
    finally:
        telling.leave()


class Speakers:
    """A bounded pool whose members may be busy for minutes: no queue stands before it."""

    def __init__(self, count: int) -> None:
        self._pool = ThreadPoolExecutor(max_workers=count, thread_name_prefix="speaker")
        self._free = threading.BoundedSemaphore(count)

    def start(self, call: Callable[[], None]) -> None:
        """Raises: EverybodySpeaks."""
        if not self._free.acquire(blocking=False):
            raise EverybodySpeaks
        context = contextvars.copy_context()
        future = self._pool.submit(context.run, call)
        future.add_done_callback(lambda _done: self._free.release())


@lru_cache(maxsize=1)
def speakers() -> Speakers:
    return Speakers(settings.COMPLETION_THREADS)


def _plan_over_documents(request: CompletionRequest) -> Speech:
    question = clean_text(request.talk[-1].content, max_chars=QUESTION_CHARS_MAX, field="messages")
    history = tuple(message for message in request.talk[:-1] if message.role is not Role.SYSTEM)
    asked = [message.content for message in history if message.role is Role.USER]
    found = find_passages(
        question,
        previous_question=asked[-1] if asked else "",
        collection_ids=request.collection_ids or (),
    )
    wanted = QUOTE_MODEL if request.model == QUOTE_MODEL else None
    return Speech(plan=plan_answer(question, found, history=history, wanted_model=wanted))


def _plain_chat(request: CompletionRequest) -> Speech:
    model = route("OPEN", wanted=request.model)
    if isinstance(model, QuoteMode):
        raise BadParameter(field="model", name="model")
    temperature = request.temperature
    chat = ChatRequest(
        messages=request.talk,
        max_tokens=request.tokens_wanted or ANSWER_TOKENS_DEFAULT,
        temperature=TEMPERATURE_DEFAULT if temperature is None else temperature,
        stop=request.stops,
    )
    # Judged while the database is at hand: the speaking thread has none.
    speaker = model.cleared(chat) if isinstance(model, GuardedModel) else model
    return Speech(chat=(speaker, chat))


def _speak_in_thread(speech: Speech, principal: Principal, telling: Telling) -> None:
    try:
        with scope(principal.scope):
            for piece in _pieces(speech, cancelled=telling.is_left):
                telling.hand_over(piece)
                if telling.is_left():
                    break
        telling.hand_over(None)
    except AppError as error:
        telling.hand_over(error)
    except Exception:
        # The edge of the thread: whoever waits for the next word must be told.
        logger.exception("completion_broke schema=%s", principal.scope.schema)
        telling.hand_over(CompletionBroke())
    finally:
        close_old_connections()


def _pieces(speech: Speech, *, cancelled: Callable[[], bool]) -> Iterator[Spoken]:
    if speech.chat is not None:
        model, request = speech.chat
        for piece in model.stream(
            request, deadline_seconds=settings.MODEL_DEADLINE_SECONDS, cancelled=cancelled
        ):
            yield Words(piece.text) if isinstance(piece, Delta) else piece
    elif speech.plan is not None:
        yield from _cited(speech.plan, cancelled)


def _cited(plan: Plan, cancelled: Callable[[], bool]) -> Iterator[Spoken]:
    answer = AnswerText(plan.passages)
    usage: Usage | None = None
    for piece in planned_words_of(plan, cancelled=cancelled):
        if isinstance(piece, Usage):
            usage = piece
        elif isinstance(piece, QuotedSentence):
            text, support = answer.add_quote(piece)
            yield Words(text, (support,))
        else:
            yield Words(piece.text, tuple(answer.add(piece.text)))
    if closing := answer.close():
        yield Words("", tuple(closing))
    if usage is not None:
        yield usage
