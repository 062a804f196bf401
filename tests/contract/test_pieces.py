"""Long texts in pieces: each bounded, together all of it, and judged as the whole would be."""

from collections.abc import Sequence
from itertools import pairwise

import pytest

from edge_agent.contract.detecting import find_all
from edge_agent.contract.excerpts import size_of
from edge_agent.contract.findings import Kind
from edge_agent.contract.judging import Part, Where, combined, cut_parts, judge, judge_piece
from edge_agent.contract.levels import Level
from edge_agent.contract.pieces import OVERLAP_CHARS, PIECE_BYTES_MAX, Piece, pieces_of
from tests.contract.documents import NOW, policy
from tests.contract.test_windows import NUMBER

SMALL, OVERLAP = 6_000, 800
POLICY = policy()
WORDS = "The library opens at nine and closes when the last reader has gone home. "
CHINESE = "图书馆九点开门，最后一位读者离开以后才关门。"


def texts_of(pieces: Sequence[Piece]) -> list[str]:
    """Return the texts put together again, as their letters say where they stood."""
    letters: dict[int, dict[int, str]] = {}
    for excerpt in (excerpt for piece in pieces for excerpt in piece):
        ends = [stretch.at for stretch in excerpt.stretches[1:]] + [len(excerpt.text)]
        for stretch, end in zip(excerpt.stretches, ends, strict=True):
            placed = enumerate(excerpt.text[stretch.at : end], stretch.start)
            letters.setdefault(excerpt.index, {}).update(placed)
    return ["".join(letters[index][at] for at in sorted(letters[index])) for index in letters]


def judged_small(*texts: str) -> tuple[tuple[object, ...], ...]:
    parts = [Part(text) for text in texts]
    return judge(parts, POLICY, now=NOW, piece_bytes_max=SMALL, overlap_chars=OVERLAP).findings


def judged_whole(*texts: str) -> tuple[tuple[object, ...], ...]:
    return tuple(map(tuple, find_all(texts, POLICY)))


@pytest.mark.parametrize(
    "texts",
    [
        [WORDS * 4_000],
        [CHINESE * 9_000],
        ["1" * 500_000],
        ["😀" * 120_000],
        ["\ud800" * 150_000],
        ["word\n" * 90_000],
        ["short", WORDS * 3_000, "", CHINESE * 4_000, "short"],
        [f"row {number}" for number in range(30_000)],
    ],
    ids=["words", "chinese", "digits", "emoji", "halves", "lines", "mixed", "many"],
)
def test_pieces_are_bounded_and_hold_all_of_the_texts(texts: list[str]) -> None:
    pieces = [*pieces_of(texts)]

    assert all(
        sum(size_of(excerpt.text) for excerpt in piece) <= PIECE_BYTES_MAX for piece in pieces
    )
    assert texts_of(pieces) == texts


def test_a_text_that_fits_is_one_piece_of_itself() -> None:
    [[excerpt]] = pieces_of([WORDS])

    assert (excerpt.text, excerpt.since, excerpt.until) == (WORDS, 0, len(WORDS))


def test_pieces_of_a_text_overlap() -> None:
    pieces = [*pieces_of([WORDS * 6_000])]
    ends = [piece[0].stretches[-1].start + len(piece[0].text) for piece in pieces]
    starts = [piece[0].stretches[-1].start for piece in pieces]

    assert all(
        OVERLAP_CHARS <= end - start <= 2 * OVERLAP_CHARS + 1
        for end, start in zip(ends, starts[1:], strict=False)
    )


@pytest.mark.parametrize(
    "text",
    [
        "name,phone,dob\n"
        + "".join(f"box {n},{200 + n}-{1000 + n},1950-0{1 + n % 9}-11\n" for n in range(900)),
        "| user | password |\n|---|---|\n"
        + "".join(f"| u{n} | tr0ub4dor{n} |\n" for n in range(900)),
        "INSERT INTO t (id, dob) VALUES "
        + ", ".join(f"({n}, '1950-01-1{n % 9}')" for n in range(900)),
        "INSERT INTO t (id, dob) VALUES\n"
        + ",\n".join(f"({n}, '1950-01-1{n % 9}')" for n in range(900)),
        "".join(f"{WORDS}Write to reader{n}@example.org today.\n" for n in range(200)),
        "".join(f"{CHINESE}身份证号{NUMBER}。" for _ in range(200)),
        f"{WORDS * 40}\u202e" + "".join(f" {WORDS}{NUMBER[::-1]} " for _ in range(99)),
    ],
    ids=[
        "table",
        "bars",
        "values in a row",
        "values in lines",
        "mail",
        "numbers",
        "shown backwards",
    ],
)
def test_in_pieces_a_text_says_what_it_says_as_a_whole(text: str) -> None:
    assert judged_small(text) == judged_whole(text)


@pytest.mark.parametrize("filler", ["", WORDS * 60, "page 7 " + WORDS * 60])
@pytest.mark.parametrize("sizes", [(6, 8), (4, 8, 12, 14), (1, 2, 3, 4, 5, 6, 7)])
def test_pol_04_a_number_over_several_parts_stays_whole(
    sizes: tuple[int, ...], filler: str
) -> None:
    cuts = [0, *sizes, len(NUMBER)]
    pieces = [NUMBER[a:b] for a, b in pairwise(cuts)]
    texts = [f"{piece} {WORDS * 40}" for piece in pieces]
    texts = [*texts[:2], *["Nothing. "] * 5, WORDS * 70, *texts[2:]]

    found = judged_small(*texts)

    assert found == judged_whole(*texts)
    assert any(found)


def test_pol_04_invisible_signs_between_digits_hide_no_number_however_many() -> None:
    gap = "\u200b" * 3 * SMALL
    text = WORDS * 50 + gap.join(NUMBER) + " " + WORDS * 50

    [[finding]] = judged_small(text)

    assert (finding.kind, finding.start, finding.end) == (  # type: ignore[attr-defined]
        Kind.RESIDENT_ID,
        text.index(NUMBER[0]),
        text.rindex(NUMBER[-1]) + 1,
    )


def test_what_a_part_is_known_by_counts_in_pieces_and_once() -> None:
    long = Part(WORDS * 9_000, where=Where.FILE, floor=Level.L1, label="internal")
    parts = [long, Part("x", label="confidential")]

    judgement = judge(parts, POLICY, now=NOW)

    assert judgement.level is Level.L2
    assert [reason.what for reason in judgement.reasons] == ["FLOOR", "LABEL", "LABEL"]


def test_pieces_may_be_judged_anywhere() -> None:
    parts = [Part(WORDS * 4_000 + "Write to li@example.org."), Part(f"{NUMBER} " + WORDS)]
    pieces = [*cut_parts(parts)]

    judged = [(piece, judge_piece(piece, POLICY, now=NOW)) for piece in pieces]

    assert len(pieces) > 1
    assert combined(parts, judged, POLICY, now=NOW) == judge(parts, POLICY, now=NOW)
