"""The HTML of an answer, kept in its row: rendered once, and anew only by a newer renderer.

It stands under the row security of its message and names no source, so it is never more than
its reader may see; nobody shares it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from assistant.blocks import RENDERER, neutral_html
from assistant.marks import Cited, plain_html
from assistant.models import Message, MessageRole
from assistant.selectors import MessageView, RunView

# One view renders at most so many characters anew, and the answer that passes the bound; the
# answers before it are shown as they were written until the next view.
RENEWED_CHARS_MAX = 20_000


class Rendered(Protocol):
    @property
    def text(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def rendered_by(self) -> int: ...


def kept_html(answer: Rendered) -> str:
    """Return what is kept of the answer, or its words as they were written."""
    return answer.html if _is_current(answer) else plain_html(answer.text)


def renewed(messages: Sequence[MessageView]) -> tuple[MessageView, ...]:
    """Return the messages after the answers of older renderers were rendered, latest first."""
    shown: list[MessageView] = []
    left = RENEWED_CHARS_MAX
    for message in reversed(messages):
        if message.role is MessageRole.ASSISTANT and not _is_current(message) and left > 0:
            left -= len(message.text)
            html = _kept_anew(message.id, message.text, message.citations)
            shown.append(replace(message, html=html, rendered_by=RENDERER))
        else:
            shown.append(message)
    return tuple(reversed(shown))


def renewed_run(run: RunView) -> RunView:
    """Return the run after its answer was rendered, where that was left to do."""
    if run.answer_message_id is None or not run.is_finished or _is_current(run):
        return run
    html = _kept_anew(run.answer_message_id, run.text, run.citations)
    return replace(run, html=html, rendered_by=RENDERER)


def _is_current(answer: Rendered) -> bool:
    # While a new release rolls out, older processes show what the newer renderer wrote.
    return answer.rendered_by >= RENDERER


def _kept_anew(message_id: str, text: str, citations: Sequence[Cited]) -> str:
    html = neutral_html(text, citations)
    outdated = Message.objects.filter(id=message_id, rendered_by__lt=RENDERER)
    outdated.update(html=html, rendered_by=RENDERER)
    return html
