"""An answer of double length costs double: nothing a model writes holds a thread for long."""

import gc
import time
from collections.abc import Callable
from functools import partial

import pytest

from assistant.answers import AnswerText
from assistant.blocks import (
    BLOCK_CHARS_MAX,
    BLOCK_LINES_MAX,
    MARKED_CHARS_MAX,
    BlockStream,
    render_markdown,
)
from assistant.claims import sentences_of
from rag.retrieval import Passage
from tests.face.test_blocks import Chip, assert_harmless

SECONDS_MIN = 0.05
GROWTH_MAX = 2.3
CHARS_MIN, CHARS_MAX = 4_000, 128_000
DELTA_CHARS = 4
# Each is repeated until the text is long enough.
KINDS = {
    "loose list": "- a\n\n",
    "loose list, Chinese": "- 休假八周。\n\n",
    "items in one line": "1. ",
    "nested quotes": "> > > a\nlazy\n",
    "quotes in one line": ">",
    "headings": "# a\n",
    "table": "|a|b|\n|-|-|\n|c|d|\n\n",
    "fences": "```py\na\n```\n",
    "brackets": "![",
    "links": "[a](<b",
    "emphasis": "*a **b _c ",
    "entities": "&amp;&",
    "words": "休假须经批准。One more sentence. ",
    "blank lines": "a\n\n\n\n\n",
}
# Each is what its lexer goes back over most often.
CODE = (
    ("python", " \n"),
    ("java", "a "),
    ("csharp", "a\n"),
)


def seconds_of(call: Callable[[], object]) -> float:
    gc.collect()
    gc.disable()
    began = time.thread_time()
    call()
    taken = time.thread_time() - began
    gc.enable()
    return taken


def growth_of(call: Callable[[str], object], sign: str) -> float:
    """Return how much more CPU double the text takes, once it takes some; 0 if it never does."""
    chars = CHARS_MIN
    while chars <= CHARS_MAX:
        text = sign * (chars // len(sign))
        once = min(seconds_of(partial(call, text)) for _ in range(3))
        if once >= SECONDS_MIN:
            double = min(seconds_of(partial(call, text * 2)) for _ in range(3))
            return double / once
        chars *= 2
    return 0.0


def render_cited(text: str) -> None:
    spans = enumerate(sentences_of(text), start=1)
    render_markdown(text, [Chip(number, *span) for number, span in spans if number % 2])


def stream(text: str) -> None:
    blocks = BlockStream(doubts=True)
    for at in range(0, len(text), DELTA_CHARS):
        blocks.feed(text[at : at + DELTA_CHARS])
    blocks.close()


@pytest.mark.parametrize("sign", KINDS.values(), ids=KINDS)
def test_rendering_grows_with_the_text(sign: str) -> None:
    assert growth_of(render_cited, sign) <= GROWTH_MAX


@pytest.mark.parametrize("sign", ["- a\n\n", "word ", "休假。"])
def test_rendering_of_a_stream_grows_with_the_text(sign: str) -> None:
    assert growth_of(stream, sign) <= GROWTH_MAX


@pytest.mark.parametrize(("language", "sign"), CODE)
def test_coloured_code_takes_a_bounded_time(language: str, sign: str) -> None:
    def render(code: str) -> None:
        render_markdown(f"```{language}\n{code}\n```")

    assert seconds_of(lambda: render(sign * (4_000 // len(sign)))) < 1
    assert growth_of(render, sign) <= GROWTH_MAX


@pytest.mark.parametrize("sign", ["!? ", "!", "。", "!—", "- — \n", "…—"])
def test_citing_a_stream_grows_with_the_text(sign: str) -> None:
    passage = Passage(1, "d", "a.md", 1, "", "Words.", 1.0, 1.0, 1.0)

    def cite(text: str) -> None:
        answer = AnswerText([passage])
        for at in range(0, len(text), DELTA_CHARS):
            answer.add(text[at : at + DELTA_CHARS])
        answer.close()
        assert answer.text == text

    assert growth_of(cite, sign) <= GROWTH_MAX


@pytest.mark.parametrize(
    "text",
    [
        "*a* " * (BLOCK_CHARS_MAX // 4 + 1),
        "*a*\n" * (BLOCK_LINES_MAX + 1),
        "|a" * 100 + "\n" + "|-" * 100 + "\n" + "*a*\n" * 400,
        "> " * 30 + "*a*",
        "1. " * 30 + "*a*",
    ],
    ids=["characters", "lines", "cells", "quotes", "lists"],
)
def test_a_block_beyond_its_bounds_is_shown_as_written(text: str) -> None:
    rendered = render_markdown(f"{text}\n\n*b*", (Chip(1, 0, len(text)),))

    assert rendered.startswith('<p class="as-written">')
    assert rendered.endswith('<sup><a class="cite" href="/passages/7?quote=eighteen%20weeks"'
                             ' data-chunk="7" title="Handbook.pdf">1</a></sup></p>\n<p><em>b</em></p>\n')  # fmt: skip
    assert rendered.count("*a*") == text.count("*a*")
    assert_harmless(render_markdown(text))


def test_what_comes_behind_the_bound_of_an_answer_is_shown_as_written() -> None:
    rendered = render_markdown("*a*\n\n" * (MARKED_CHARS_MAX // 5) + "*b* <script>")

    assert rendered.endswith('<p><em>a</em></p>\n<p class="as-written">*b* &lt;script&gt;</p>\n')


def test_code_is_code_however_long_it_is() -> None:
    rendered = render_markdown("```\n" + "*a*\n" * BLOCK_CHARS_MAX + "```\n\n*b*")

    assert rendered.count("<pre>") == 1
    assert rendered.endswith("</pre>\n<p><em>b</em></p>\n")
