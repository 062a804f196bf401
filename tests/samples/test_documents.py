"""The demo's files parse, on the right pages, and hold what the questions ask for."""

from pathlib import Path

import pytest

from config.management.commands.seed_demo import sample_files
from rag.loaders.blocks import Block
from rag.parsing import parse
from rag.samples import make_samples
from tests.samples.questions import FOLDER, answerable, questions

PAGES = {"Staff handbook 2026.pdf": 4, "员工手册 2026.pdf": 3}


@pytest.fixture(scope="module")
def blocks() -> dict[str, list[Block]]:
    return {path.name: parse(path, name=path.name) for path in sample_files()}


def test_there_are_enough_questions_of_every_kind() -> None:
    asked = questions()
    kinds = {
        language: [q.kind for q in asked if q.language == language] for language in ("en", "zh")
    }

    assert len(asked) == len({q.question for q in asked}) >= 24
    for of_language in kinds.values():
        assert set(of_language) == {"FACT", "CONDITION", "TABLE", "ABSENT"}
    assert sum(of_language.count("ABSENT") for of_language in kinds.values()) >= 4


def test_files_have_the_pages_they_should(blocks: dict[str, list[Block]]) -> None:
    pages = {name: {block.page for block in found} for name, found in blocks.items()}

    assert len(blocks) == 6
    assert pages == {
        name: set(range(1, PAGES[name] + 1)) if name in PAGES else {None} for name in blocks
    }


def test_answers_stand_on_the_pages_they_should(blocks: dict[str, list[Block]]) -> None:
    missing = [
        question.question
        for question in answerable()
        if not any(
            str(question.answer) in " ".join(block.text.split())
            for block in blocks[str(question.document)]
            if block.page == question.page
        )
    ]

    assert missing == []


def test_tables_are_read_as_tables(blocks: dict[str, list[Block]]) -> None:
    without = [name for name, found in blocks.items() if not any(b.is_table for b in found)]

    assert without == []


def test_pdfs_are_made_from_their_sources_byte_for_byte(tmp_path: Path) -> None:
    sources = FOLDER / "sources"
    made = {
        "Staff handbook 2026.pdf": ("staff-handbook-2026.md", "Times-Roman"),
        "员工手册 2026.pdf": ("yuangong-shouce-2026.md", make_samples.CHINESE_FONT),
    }
    make_samples.register_fonts()

    for name, (source, font) in made.items():
        make_samples.write_pdf(sources / source, tmp_path / name, font)
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()
