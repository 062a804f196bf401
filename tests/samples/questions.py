"""The questions that the demo's documents are tried with."""

import json
from dataclasses import dataclass
from pathlib import Path

from rag import samples

FOLDER = Path(samples.__file__).parent


@dataclass(frozen=True, slots=True)
class Question:
    """`document` is None where the documents hold no answer; DOCX and Markdown have no pages."""

    language: str
    question: str
    document: str | None
    page: int | None
    answer: str | None
    kind: str


def questions() -> list[Question]:
    return [Question(**row) for row in json.loads((FOLDER / "questions.json").read_text("utf-8"))]


def answerable() -> list[Question]:
    return [each for each in questions() if each.document is not None]
