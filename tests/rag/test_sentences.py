"""Where sentences end, in English and Chinese."""

import gc
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.sentences import split_sentences


def cut(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("It costs 3.5 euros. Fine.", ["It costs 3.5 euros.", "Fine."]),
        ("Dr. Smith met J. R. Tolkien.", ["Dr. Smith met J. R. Tolkien."]),
        ("Rules, e.g. this one, hold.", ["Rules, e.g. this one, hold."]),
        ("Bring pens, paper, etc. Then sit.", ["Bring pens, paper, etc.", "Then sit."]),
        ('He said "Go." She went.', ['He said "Go."', "She went."]),
        ("年假十五天。病假另算！真的吗？", ["年假十五天。", "病假另算！", "真的吗？"]),
        ("他说：“可以。”然后走了。", ["他说：“可以。”", "然后走了。"]),
        ("费用为 3.5 元；押金另付。", ["费用为 3.5 元；押金另付。"]),
        ("Heading\nBody text", ["Heading", "Body text"]),
        ("Wait... What? ...", ["Wait...", "What? ..."]),
        ("| A | B |\n| --- | --- |\n| 1 | 2 |", ["| A | B |\n| --- | --- |", "| 1 | 2 |"]),
        ("  \n ", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: list[str]) -> None:
    assert cut(text) == sentences


@given(st.text(alphabet=st.sampled_from('aB1 .!?。！？\n"”）,年|-'), max_size=60))
def test_sentences_cover_everything_but_blanks(text: str) -> None:
    spans = split_sentences(text)

    covered = "".join(text[span.start : span.end] for span in spans)
    assert "".join(covered.split()) == "".join(text.split())
    assert all(one.end <= two.start for one, two in pairwise(spans))


@pytest.mark.parametrize("text", ["!a", "a. ", "1. 1 ", "字", "…a", "!)", "a.", "*\n"])
def test_time_grows_with_the_text(text: str) -> None:
    """CPU seconds, best of five; what was quadratic grew fourfold."""
    long = text * (300_000 // len(text))

    once, twice = (min(_cpu_seconds(long * times) for _ in range(5)) for times in (1, 2))

    assert twice < 3 * once + 0.01


def _cpu_seconds(text: str) -> float:
    # The whole heap of the test run would be looked through, the oftener the longer the text.
    gc.disable()
    try:
        started = time.thread_time()
        split_sentences(text)
        return time.thread_time() - started
    finally:
        gc.enable()
