"""Passages keep their page and heading, whole sentences and whole rows."""

import time

from rag.chunking import PASSAGE_WEIGHT_MAX, cut_into_pieces, sentence_groups, weight_of
from rag.loaders.blocks import Block, markdown_table
from rag.sentences import split_sentences


def test_short_blocks_of_one_place_become_one_passage() -> None:
    pieces = list(
        cut_into_pieces(
            [
                Block("First.", page=1, heading="A"),
                Block("Second.", page=1, heading="A"),
                Block("Third.", page=2, heading="A"),
            ]
        )
    )

    assert [(piece.text, piece.page, piece.heading) for piece in pieces] == [
        ("First.\n\nSecond.", 1, "A"),
        ("Third.", 2, "A"),
    ]
    assert pieces[0].length == 3
    assert pieces[0].searchable == "A\nFirst.\n\nSecond."


def test_long_text_is_cut_between_sentences() -> None:
    text = " ".join(f"Sentence number {number} speaks of many things." for number in range(200))

    pieces = list(cut_into_pieces([Block(text)]))

    assert " ".join(piece.text for piece in pieces) == text
    assert all(weight_of(piece.text) <= PASSAGE_WEIGHT_MAX for piece in pieces)
    assert all(piece.text.endswith(".") for piece in pieces)


def test_long_chinese_text_is_cut_to_the_same_weight() -> None:
    pieces = list(cut_into_pieces([Block("员工每年享有十五天带薪年假。" * 200)]))

    assert all(weight_of(piece.text) <= PASSAGE_WEIGHT_MAX for piece in pieces)
    assert all(piece.text.endswith("。") for piece in pieces)
    assert min(len(piece.text) for piece in pieces[:-1]) > 300


def test_long_table_is_cut_between_rows_under_its_header() -> None:
    rows = [[f"city {number}", f"{number} euros"] for number in range(300)]

    pieces = list(
        cut_into_pieces([Block(markdown_table([["City", "Limit"], *rows]), is_table=True)])
    )

    assert len(pieces) > 2
    assert all(piece.text.startswith("| City | Limit |\n| --- | --- |\n|") for piece in pieces)
    kept = [line for piece in pieces for line in piece.text.split("\n")[2:]]
    assert kept == [f"| city {number} | {number} euros |" for number in range(300)]


def test_blocks_without_words_are_left_out() -> None:
    assert [piece.text for piece in cut_into_pieces([Block("***"), Block("words", page=2)])] == [
        "words"
    ]


def test_groups_are_at_most_five_and_hold_every_sentence() -> None:
    text = " ".join(f"This is sentence {number}." for number in range(17))

    groups = sentence_groups(text)

    assert len(groups) == 5
    for sentence in split_sentences(text):
        assert any(g.start <= sentence.start and sentence.end <= g.end for g in groups)


def test_text_without_breaks_is_cut_into_even_passages() -> None:
    text = "员工每年享有十五天带薪年假" * 4_000

    pieces = list(cut_into_pieces([Block(text)]))

    assert "".join(piece.text for piece in pieces) == text
    assert all(weight_of(piece.text) <= PASSAGE_WEIGHT_MAX for piece in pieces)
    assert min(len(piece.text) for piece in pieces[:-1]) > 500


def test_time_of_cutting_grows_with_the_text() -> None:
    """CPU seconds, best of three; what was quadratic grew fourfold."""
    text = "员工每年享有十五天带薪年假" * 12_000

    once, twice = (min(_cpu_seconds_of_cutting(text * times) for _ in range(3)) for times in (1, 2))

    assert twice < 3 * once


def test_row_longer_than_a_passage_keeps_every_word() -> None:
    words = [f"word{number}" for number in range(2_000)]
    table = markdown_table([["City", "Story"], ["Berlin", " ".join(words)], ["Paris", "none"]])

    pieces = list(cut_into_pieces([Block(table, is_table=True)]))

    assert all(weight_of(piece.text) <= PASSAGE_WEIGHT_MAX for piece in pieces)
    assert all(piece.text.startswith("| City | Story |\n| --- | --- |\n") for piece in pieces)
    found = " ".join(piece.text for piece in pieces).split()
    assert [word for word in found if word.startswith("word")] == words
    assert "Paris" in found


def test_table_of_thousands_of_columns_keeps_every_word() -> None:
    header = [f"name{number}" for number in range(3_000)]
    row = [f"value{number}" for number in range(3_000)]

    pieces = list(cut_into_pieces([Block(markdown_table([header, row]), is_table=True)]))

    assert all(weight_of(piece.text) <= PASSAGE_WEIGHT_MAX for piece in pieces)
    found = set(" ".join(piece.text for piece in pieces).split())
    assert found >= {*header, *row}


def test_what_a_database_cannot_keep_is_left_out() -> None:
    [piece] = cut_into_pieces([Block("one\x00two \ud800three")])

    assert piece.text == "one two  three"


def _cpu_seconds_of_cutting(text: str) -> float:
    started = time.process_time()
    assert list(cut_into_pieces([Block(text)]))
    return time.process_time() - started
