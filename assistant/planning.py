"""How an answer comes about: find passages, choose who answers, hear the words.

Nothing here knows of runs: the turn of a conversation and the stateless `/v1` twin both take
these steps, each keeping the words in its own way.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.conf import settings

from assistant.llm.enums import Role
from assistant.llm.gate import GuardedModel, origin_parts, parts_of
from assistant.llm.protocol import ChatMessage, ChatModel, ChatRequest, Delta, Origin, Usage
from assistant.llm.routing import QuestionKindName, QuoteMode, route
from assistant.models import RunMode
from assistant.prompting import chat_request, origin_of
from assistant.questions import is_chinese, is_open_talk, not_found_text, retrieval_query
from edge_agent.contract.judging import Part, Where
from edge_agent.contract.levels import Destination, Level
from edge_agent.contract.policy import Policy
from rag.quoting import QuotedSentence, best_sentences
from rag.retrieval import Passage, SearchResult, search
from rag.selectors import has_documents
from tenants.boundary import BoundaryRefused, Verdict, verdict_on
from tenants.policies.standing import policy_in_force

PASSAGES_MAX = 6
QUOTES_MAX = 3
# A sentence that answers much less well than the best one only distracts from it.
QUOTE_SCORE_SHARE = 0.8
NEAREST_NAMED_MAX = 3
QUOTE_MODEL = "quote"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Plan:
    """Who answers and from what: a model with its request, or sentences to quote.

    `parts` is all that is read for the answer and `policy` the one to judge it by, for
    `verdict_of`; `decided` is what the gate said already, and `refused` what it said of a model
    outside, before this one was chosen.
    """

    found: SearchResult
    passages: tuple[Passage, ...]
    mode: RunMode
    model_name: str
    destination: Destination
    parts: tuple[Part, ...]
    policy: Policy
    decided: Verdict | None = None
    refused: Verdict | None = None
    chat: tuple[ChatModel, ChatRequest] | None = None
    quotes: tuple[QuotedSentence, ...] = ()
    plain_text: str = ""


Piece = Delta | QuotedSentence | Usage


def find_passages(
    question: str, *, previous_question: str = "", collection_ids: Sequence[int] = ()
) -> SearchResult:
    return search(
        retrieval_query(question, previous_question),
        collection_ids=list(collection_ids) or None,
        limit=PASSAGES_MAX,
    )


def plan_answer(
    question: str,
    found: SearchResult,
    *,
    history: Sequence[ChatMessage] = (),
    wanted_model: str | None = None,
    floor: Level = Level.L0,
) -> Plan:
    """Choose who answers; what the documents do not hold is said plainly, by nobody's model.

    What may not go to a third party is answered in the house, by a model that runs here or by
    the documents' own sentences, unless that very model was asked for; where neither can, the
    model is asked without the talk so far. `floor` is the level to which the asker raised it.

    Raises: ModelUnknown, BoundaryRefused.
    """
    asked = _Asked(question, found, tuple(history), wanted_model, floor)
    try:
        return _plan(asked)
    except BoundaryRefused as refusal:
        if wanted_model:
            raise
        return _plan_in_house(replace(asked, in_house=True), refusal)


def words_of(plan: Plan, *, cancelled: Callable[[], bool]) -> Iterator[Piece]:
    """Yield the answer as it comes, then what it cost.

    Raises: ProviderError.
    """
    if plan.chat is not None:
        model, request = plan.chat
        stream = model.stream(
            request, deadline_seconds=settings.MODEL_DEADLINE_SECONDS, cancelled=cancelled
        )
        for piece in stream:
            yield Delta(_storable(piece.text)) if isinstance(piece, Delta) else piece
        return
    if plan.plain_text:
        yield Delta(plan.plain_text)
    yield from plan.quotes
    yield Usage(tokens_in=0, tokens_out=0, estimated=False)


def verdict_of(plan: Plan) -> Verdict:
    """Say how secret what was read for the answer is, and why it was answered where it was.

    What stays in the house is judged only here, so that nobody waits for it; it asks no database.
    """
    verdict = plan.decided or verdict_on(plan.parts, plan.destination, plan.policy)
    if plan.refused is None:
        return verdict
    if plan.refused.level >= verdict.level:
        verdict = replace(verdict, level=plan.refused.level, reasons=plan.refused.reasons)
    return replace(verdict, refused=plan.refused.destination)


@dataclass(frozen=True, slots=True)
class _Asked:
    question: str
    found: SearchResult
    history: tuple[ChatMessage, ...]
    wanted_model: str | None
    floor: Level
    in_house: bool = False

    def routed(self, kind: QuestionKindName, language: str = "en") -> ChatModel | QuoteMode:
        return route(kind, wanted=self.wanted_model, language=language, in_house=self.in_house)


def _plan(asked: _Asked) -> Plan:
    if asked.found.answerable:
        return _plan_from_documents(asked)
    if is_open_talk(asked.question) or not has_documents():
        model = asked.routed("OPEN", "zh" if is_chinese(asked.question) else "en")
        if not isinstance(model, QuoteMode):
            return _chat_plan(model, asked, ())
    return _quote_plan(asked, ())


def _plan_in_house(asked: _Asked, refusal: BoundaryRefused) -> Plan:
    """Answer here what may not leave; without a model here, open talk has nobody to answer it."""
    plan = _plan(asked)
    if plan.mode is RunMode.QUOTE and not asked.found.answerable:
        if not asked.history:
            raise refusal
        # It may be what was said before that may not leave.
        return _plan(replace(asked, history=(), in_house=False))
    return replace(plan, refused=refusal.verdict)


def _plan_from_documents(asked: _Asked) -> Plan:
    model = asked.routed("DOCUMENTS")
    if not isinstance(model, QuoteMode):
        return _chat_plan(model, asked, asked.found.passages)
    quotes = best_sentences(asked.question, asked.found, limit=QUOTES_MAX)
    return _quote_plan(asked, _worth_saying(quotes))


def _worth_saying(quotes: tuple[QuotedSentence, ...]) -> tuple[QuotedSentence, ...]:
    if not quotes:
        return ()
    least = quotes[0].score * QUOTE_SCORE_SHARE
    return tuple(quote for quote in quotes if quote.score >= least)


def _chat_plan(model: ChatModel, asked: _Asked, passages: Sequence[Passage]) -> Plan:
    request, kept = chat_request(model, asked.question, passages=passages, history=asked.history)
    request = _raised(request, asked.floor)
    decided: Verdict | None = None
    if isinstance(model, GuardedModel):
        cleared = model.cleared(request)
        model, decided = cleared, cleared.crossing.verdict
    return Plan(
        found=asked.found,
        passages=tuple(kept),
        mode=RunMode.CHAT,
        model_name=model.name,
        destination=model.destination,
        parts=tuple(parts_of(request.messages)),
        policy=policy_in_force(),
        decided=decided,
        chat=(model, request),
    )


def _raised(request: ChatRequest, floor: Level) -> ChatRequest:
    if floor is Level.L0:
        return request
    *before, last = request.messages
    raised = replace(last, origins=(*last.origins, Origin(floor=floor)))
    return replace(request, messages=(*before, raised))


def _quote_plan(asked: _Asked, quotes: tuple[QuotedSentence, ...]) -> Plan:
    passages = tuple(quote.passage for quote in quotes)
    read = ChatMessage(Role.USER, "", tuple(map(origin_of, passages)))
    texts = (Part(passage.text, where=Where.PASSAGE) for passage in passages)
    return Plan(
        found=asked.found,
        passages=passages,
        mode=RunMode.QUOTE,
        model_name=QUOTE_MODEL,
        destination=Destination.PREMISES,
        parts=(Part(asked.question, floor=asked.floor), *texts, *origin_parts([read])),
        policy=policy_in_force(),
        quotes=quotes,
        plain_text="" if quotes else not_found_text(asked.question, _nearest_names(asked.found)),
    )


def _storable(words: str) -> str:
    """Replace what no database keeps: a model may say anything."""
    return _UNSTORABLE.sub("\ufffd", words)


def _nearest_names(found: SearchResult) -> tuple[str, ...]:
    names = dict.fromkeys(passage.document_name for passage in found.passages)
    return tuple(names)[:NEAREST_NAMED_MAX]
