"""Conversations in the shape the pages draw: turns, days, starters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistant.marks import GONE, UNSUPPORTED, with_sources
from assistant.models import MessageRole, RunState
from assistant.questions import is_chinese
from assistant.receipts import BoundaryView, boundary_of
from assistant.renditions import kept_html
from assistant.selectors import ConversationRow, MessageView, RunView
from tenants.base.errors import AppError


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with what became of it; `run` is missing only where its row is gone."""

    id: str
    question: str
    html: SafeString
    run: RunView | None
    # The words so far, while the answer is being written.
    open_text: str = ""

    @property
    def is_live(self) -> bool:
        return self.run is not None and not self.run.is_finished

    @property
    def tokens(self) -> int:
        return self.run.tokens_in + self.run.tokens_out if self.run else 0

    @property
    def boundary(self) -> BoundaryView | None:
        return boundary_of(self.run.boundary) if self.run else None

    @property
    def failure(self) -> str:
        if self.run is None or self.run.state != RunState.FAILED:
            return ""
        return error_sentence(self.run.error_code, otherwise=self.run.error_detail)


@dataclass(frozen=True, slots=True)
class Day:
    label: str | Promise
    rows: tuple[ConversationRow, ...]


def turns_of(messages: Sequence[MessageView]) -> tuple[Turn, ...]:
    """Pair each question with the answer after it."""
    turns: list[Turn] = []
    for message in messages:
        if message.role == MessageRole.USER:
            turns.append(turn_of(message.id, message.text, message.run))
        elif turns:
            asked = turns.pop()
            html = safe_html(message)
            turns.append(Turn(asked.id, asked.question, html, message.run or asked.run))
    return tuple(turns)


def turn_of(question_id: str, question: str, run: RunView | None) -> Turn:
    if run is None:
        return Turn(question_id, question, SafeString(""), None)
    if run.is_finished:
        return Turn(question_id, question, safe_html(run), run)
    # The page hears the closed blocks again as soon as it listens; until then words will do.
    return Turn(question_id, question, SafeString(""), run, open_text=run.text.lstrip())


def safe_html(answer: MessageView | RunView) -> SafeString:
    """Return the kept HTML with the sources its reader may see, in the reader's language."""
    html = with_sources(kept_html(answer), {item.ordinal: item for item in answer.citations})
    for tag, said in (
        (UNSUPPORTED, _("No passage supports this sentence")),
        (GONE, _("This source is no longer there")),
    ):
        html = html.replace(tag, f'{tag[:-1]} title="{escape(said)}">')
    # It went through the sanitiser after it was rendered, and what was joined is escaped.
    return mark_safe(html)  # noqa: S308


def days_of(rows: Sequence[ConversationRow]) -> tuple[Day, ...]:
    """Group conversations by how long ago they were last used."""
    now = timezone.localtime()
    return tuple(
        Day(label, tuple(group))
        for label, group in groupby(rows, key=lambda row: _label_of(row.updated_at, now))
    )


def _label_of(moment: datetime, now: datetime) -> str:
    days = (now.date() - timezone.localtime(moment).date()) // timedelta(days=1)
    if days <= 0:
        return _("Today")
    if days == 1:
        return _("Yesterday")
    return _("Last seven days") if days <= 7 else _("Earlier")


def starter_questions(headings: Sequence[str]) -> tuple[str, ...]:
    """Turn headings of the tenant's own documents into questions, each in its own language."""
    return tuple(_question_about(heading) for heading in headings)


def _question_about(heading: str) -> str:
    with translation.override("zh-hans" if is_chinese(heading) else "en"):
        return _("What does “%(heading)s” say?") % {"heading": heading}


def error_sentence(code: str, *, otherwise: str) -> str:
    """Return the sentence of a stored error code in the reader's language.

    The worker wrote its sentence in its own; one with numbers in it is shown as written.
    """
    sentences = {error.code: str(error.message) for error in _kinds_of(AppError)}
    sentence = sentences.get(code, "")
    if not sentence or "%(" in sentence:
        return otherwise or str(gettext_lazy("Something went wrong."))
    return sentence


def _kinds_of(root: type[AppError]) -> Iterator[type[AppError]]:
    for kind in root.__subclasses__():
        yield kind
        yield from _kinds_of(kind)
