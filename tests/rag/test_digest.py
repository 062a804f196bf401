"""Portions of a file in children: a cut hides nothing, a death loses nothing, length takes time."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from edge_agent.contract.default_policy import default_document
from edge_agent.contract.judging import Part, Where
from edge_agent.contract.levels import Level
from edge_agent.contract.pieces import OVERLAP_CHARS, PIECE_BYTES_MAX
from rag.carried import CARRIED_BYTES_MAX, ROW_BYTES_MAX
from rag.chunking import cut_into_pieces
from rag.digest import Digested, Wanted, cut_texts, digested
from rag.errors import WorkInterrupted
from rag.loaders import bounds
from rag.loaders.blocks import Block, Unread, markdown_table
from rag.loaders.bounds import bounded
from rag.portion_child import LIMITS
from rag.portions import PORTION_BYTES_MAX, PORTIONS_MAX, portions_of
from tests.rag.children import run_instead

ORIGIN = Part("a.md", where=Where.NAME, path="a.md")
WANTED = Wanted(default_document("tests"), ORIGIN)
# Without a break, so that a line of the parser ends where it is full.
FILLER = "字" * bounds.BLOCK_CHARS_MAX
PORTION = "Lockers open at seven. " * 5_000
ACROSS = {
    "PHONE": "电话13800138000",
    "RESIDENT_ID": "11010519491231002X",
    "EMAIL": "anna.schmidt@example.org",
    "BANK_CARD": "4111 1111 1111 1111",
    "PASSWORD": "密码是：hunter2-Canary!",
    "IBAN": "DE89 3704 0044 0532 0130 00",
    "API_KEY": "sk-proj-T3BlbkFJabcdefghij0123456789ABCDEFGHIJ",
}


def of(blocks: Iterable[Block | Unread], wanted: Wanted = WANTED) -> list[Digested]:
    return list(digested(bounded(blocks), wanted))


def words_of(portions: Iterable[Digested]) -> list[str]:
    return " ".join(piece.text for portion in portions for piece in portion.pieces).split()


def whats_of(portions: Iterable[Digested]) -> set[str]:
    return {str(reason.what) for portion in portions for reason in portion.reasons}


def test_portions_with_what_they_bring_along_are_no_longer_than_a_piece() -> None:
    assert PORTION_BYTES_MAX + CARRIED_BYTES_MAX + ROW_BYTES_MAX + 2_000 <= PIECE_BYTES_MAX
    assert bounds.OVERLAP_CHARS == OVERLAP_CHARS
    assert 4 * OVERLAP_CHARS <= CARRIED_BYTES_MAX
    assert LIMITS.memory_bytes == 512 * 1024**2
    assert LIMITS.cpu_seconds == 20


@pytest.mark.parametrize("what", ACROSS)
def test_pol_04_what_lies_across_a_cut_is_found(what: str) -> None:
    secret = ACROSS[what]
    # A block of these letters alone ends its first portion after two lines.
    text = f"{FILLER}{FILLER[: -len(secret) // 2]}{secret}{FILLER}"
    first, *_others = portions_of(bounded([Block(text)]))
    assert 0 < len(text) - len(FILLER) - sum(len(found.text) for found in first.found) < len(secret)

    portions = of([Block(text)])

    assert len(portions) == 2
    assert whats_of(portions) == {what}


def test_pol_04_invisible_signs_over_several_portions_hide_nothing() -> None:
    invisible = "\u200b" * 200_000
    portions = of([Block(f"{PORTION}4111 1111{invisible}1111 1111 {PORTION}")])

    assert len(portions) > 5
    assert "BANK_CARD" in whats_of(portions)


def test_heading_of_a_table_holds_in_the_next_portion() -> None:
    rows = [[f"locker {number}", "opens at seven in the morning"] for number in range(6_000)]
    table = markdown_table([["Locker", "Password"], *rows, ["last", "Canary-7hunter2"]])

    portions = of([Block(table, is_table=True)])

    assert len(portions) > 1
    assert portions[-1].level == Level.L2
    pieces = [piece for portion in portions for piece in portion.pieces]
    assert all(piece.text.startswith("| Locker | Password |\n| --- |") for piece in pieces)
    assert {f"{number}" for number in range(6_000)} <= set(words_of(portions))


def test_passages_are_those_of_the_blocks_cut_whole() -> None:
    blocks = [Block("First. " * 900, page=1), Block("Second. " * 900, page=2, heading="A")]

    [portion] = of(blocks)

    assert list(portion.pieces) == list(cut_into_pieces(blocks))
    assert (portion.pages, portion.level, portion.reasons) == (2, Level.L0, ())


def test_each_text_is_cut_by_itself() -> None:
    texts = ["One.", "", "Two words. " * 400]

    assert cut_texts(texts) == [list(cut_into_pieces([Block(text)])) for text in texts]


def test_file_without_text_is_judged_by_its_name() -> None:
    [portion] = list(digested([Unread("image")], Wanted(WANTED.policy, Part("+86 138 0013 8000"))))

    assert (portion.level, portion.unread) == (Level.L1, (Unread("image"),))


@pytest.mark.parametrize(
    ("death", "why"),
    [
        ("os.abort()", "text that could not be judged"),
        ("while True: pass", "text that took too long"),
        ("bytearray(600 * 1024**2)", "text that could not be judged"),
    ],
)
@pytest.mark.parametrize("where", ["judge_piece", "cut_into_pieces"])
def test_death_over_a_portion_makes_it_secret_and_loses_no_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, death: str, why: str
) -> None:
    _die_at(monkeypatch, tmp_path, where, death)

    portions = of(Block(f"{PORTION}{name}") for name in ("alpha", "deadly", "omega"))

    assert [portion.level for portion in portions] == [Level.L0, Level.L2, Level.L0]
    assert [(reason.what, reason.rule) for reason in portions[1].reasons] == [("OPAQUE", why)]
    words = words_of(portions)
    assert all(name in words for name in ("alpha", "deadly", "omega"))
    assert words.count("Lockers") == 3 * 5_000


def test_every_portion_has_its_own_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five portions that take most of a second each, in a child that has one for each."""
    _die_at(monkeypatch, tmp_path, "judge_piece", "busy(0.7)", marker="Lockers")

    portions = of(Block(PORTION) for _ in range(5))

    assert [portion.level for portion in portions] == [Level.L0] * 5


def test_child_that_is_ended_from_outside_is_tried_again_by_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _die_at(monkeypatch, tmp_path, "judge_piece", "os.kill(os.getpid(), 15)")

    with pytest.raises(WorkInterrupted):
        of([Block("deadly")])


def test_portions_go_on_with_the_block_they_end_in() -> None:
    found = bounded([Block(PORTION * 2), Block("short"), Block(PORTION)])

    portions = list(portions_of(found))

    assert [portion.goes_on for portion in portions] == [True, True, False]
    assert "".join(each.text for portion in portions for each in portion.found) == (
        f"{PORTION * 2}short{PORTION}"
    )
    assert len(portions) < PORTIONS_MAX


def _die_at(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, where: str, death: str, marker: str = "deadly"
) -> None:
    """Let the real child do this where its own function meets the marker, with a second of time."""
    code = f"""
import os
import time
from dataclasses import replace
from rag import portion_child

def busy(seconds):
    ends_at = time.process_time() + seconds
    while time.process_time() < ends_at:
        pass

def die(subject, *arguments, **options):
    subject = subject if hasattr(subject, "parts") else list(subject)
    if {marker!r} in repr(subject):
        {death}
    return real(subject, *arguments, **options)

real = getattr(portion_child, {where!r})
setattr(portion_child, {where!r}, die)
portion_child.LIMITS = replace(portion_child.LIMITS, cpu_seconds=3 if "while" in {death!r} else 2)
portion_child.main()
"""
    run_instead(monkeypatch, tmp_path, code)
