"""The pen of one attempt: it keeps the words, tells them, and renews the right to write them."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from assistant.answers import AnswerText, Support
from assistant.blocks import Block, BlockStream
from assistant.endings import citation_data, snapshot_of
from assistant.enums import EventKind, Stage
from assistant.errors import FenceLost
from assistant.events import Publisher
from assistant.failpoints import Failpoint, reach
from assistant.finishing import NOTHING_SPENT, Outcome
from assistant.llm.protocol import Delta, Usage
from assistant.marks import with_sources
from assistant.models import RunState
from assistant.planning import Piece, Plan, verdict_of
from assistant.runs import CHECKPOINT_SECONDS, Claim, checkpoint
from assistant.selectors import CitationView
from rag.quoting import QuotedSentence
from tenants.base.errors import AppError
from tenants.boundary import BoundaryRefused, Verdict

logger = logging.getLogger(__name__)

_RETRY_SECONDS = 0.5
# A lease this near its end might be another attempt's before the next statement arrives.
_MARGIN_SECONDS = 3


class RunWriter:
    def __init__(
        self, claim: Claim, events: Publisher, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._claim = claim
        self._events = events
        self._clock = clock
        self._answer = AnswerText(())
        self._blocks = BlockStream()
        self._html: list[str] = []
        self._is_closed = False
        self._views: dict[int, CitationView] = {}
        self._plan: Plan | None = None
        self._usage: Usage | None = None
        self._deltas = 0
        self._renewed_at = clock()
        self._checkpoint_at = clock() + CHECKPOINT_SECONDS
        self._fence_lost = False
        self.stop_requested = claim.stop_requested

    @property
    def has_written(self) -> bool:
        return not self._answer.is_empty

    def begin(self) -> None:
        if self._claim.fence > 1:
            self._events.emit(EventKind.RESTART, {})
        self.say(Stage.SEARCHING)

    def say(self, stage: Stage) -> None:
        self._events.emit(EventKind.STATE, {"state": RunState.RUNNING.value, "stage": stage.value})

    def follow(self, plan: Plan) -> None:
        self._plan = plan
        self._answer = AnswerText(plan.passages)
        self._blocks = BlockStream(doubts=bool(plan.passages))
        self.say(Stage.READING)

    def take(self, piece: Piece) -> None:
        """Write the next piece of the answer."""
        if isinstance(piece, Usage):
            self._usage = piece
        elif isinstance(piece, Delta):
            supports = self._answer.add(piece.text)
            self._tell(piece.text, supports)
        elif isinstance(piece, QuotedSentence):
            words, support = self._answer.add_quote(piece)
            self._tell(words, [support])

    def close(self) -> None:
        """Cite and show what the last words left open."""
        self.confirm()
        self._tell_supports(self._answer.close())
        self._tell_blocks(self._blocks.close())
        self._is_closed = True

    def must_end(self) -> bool:
        """Renew the lease when it is time; say whether to stop writing.

        A model's stream asks this about ten times a second, words or no words.
        """
        if self._clock() >= self._checkpoint_at and not self._fence_lost:
            self._checkpoint()
        return self._fence_lost or self.stop_requested

    def confirm(self) -> None:
        """Raises: FenceLost when these words are no longer this attempt's to write."""
        if self._fence_lost:
            raise FenceLost

    def tell(self, kind: EventKind, data: dict[str, object]) -> None:
        self._events.emit(kind, data)

    def outcome(self, error: AppError | None = None) -> Outcome:
        plan = self._plan
        return Outcome(
            state=self._final_state(error),
            text=self._answer.text,
            html="".join(self._html) if self._is_closed else None,
            supports=tuple(self._answer.supports),
            model=plan.model_name if plan else "",
            mode=plan.mode.value if plan else "",
            passages_used=self._answer.passages_used,
            passages_seen=len(plan.found.passages) if plan else 0,
            boundary=_verdict(plan, error),
            error_code=error.code if error else "",
            error_detail=str(error) if error else "",
        )

    def usage(self) -> Usage:
        """What was spent; a stream that broke leaves only what was counted here."""
        if self._usage is not None:
            return self._usage
        return Usage(0, self._deltas, estimated=True) if self._deltas else NOTHING_SPENT

    def _final_state(self, error: AppError | None) -> RunState:
        if error is not None:
            return RunState.FAILED
        return RunState.STOPPED if self.stop_requested else RunState.DONE

    def _tell(self, words: str, supports: list[Support]) -> None:
        if not words:
            return
        self._deltas += 1
        is_first = self._deltas == 1
        if is_first:
            self.say(Stage.WRITING)
        self._events.emit(EventKind.DELTA, {"text": words})
        self._tell_supports(supports)
        self._tell_blocks(self._blocks.feed(words))
        if is_first:
            # Kept at once, so that the moment of the first word is the true one.
            self._checkpoint_at = self._clock()
            self.must_end()
            reach(Failpoint.FIRST_DELTA)

    def _tell_blocks(self, blocks: list[Block]) -> None:
        for block in blocks:
            self._html.append(block.html)
            # What nothing supports is told at the end, when it is known that anything is.
            html = with_sources(block.html, self._views, is_doubting=False)
            data = {"index": block.index, "html": html, "end": block.end}
            self._events.emit(EventKind.BLOCK, data)

    def _tell_supports(self, supports: list[Support]) -> None:
        """Tell citations before the block that holds their sentences is closed."""
        views = [_view(support) for support in supports]
        self._blocks.cite(views)
        self._views.update((view.ordinal, view) for view in views)
        for view in views:
            self._events.emit(EventKind.CITATION, citation_data(view))

    def _checkpoint(self) -> None:
        now = self._clock()
        try:
            wants_stop = checkpoint(
                self._claim.run_id,
                fence=self._claim.fence,
                text=self._answer.text,
                tokens=self._deltas,
            )
        except FenceLost:
            self._fence_lost = True
            return
        except (OperationalError, InterfaceError):
            # The words go on while the lease lasts; the database may be back before it ends.
            logger.warning("checkpoint_failed run=%s", self._claim.run_id)
            connection.close()
            self._checkpoint_at = now + _RETRY_SECONDS
            self._fence_lost = now - self._renewed_at > settings.RUN_LEASE_SECONDS - _MARGIN_SECONDS
            return
        self._renewed_at = now
        self._checkpoint_at = now + CHECKPOINT_SECONDS
        self.stop_requested = self.stop_requested or wants_stop
        reach(Failpoint.CHECKPOINT)
        if self._events.is_broken:
            self._events.emit(EventKind.SNAPSHOT, snapshot_of(self._answer.text))


def _verdict(plan: Plan | None, error: AppError | None) -> Verdict | None:
    if plan is not None:
        return verdict_of(plan)
    return error.verdict if isinstance(error, BoundaryRefused) else None


def _view(support: Support) -> CitationView:
    return CitationView(
        ordinal=support.ordinal,
        chunk_id=support.passage.chunk_id,
        document_id=str(support.passage.document_id),
        document_name=support.passage.document_name,
        page=support.passage.page,
        start=support.start,
        end=support.end,
        quote=support.quote,
    )
