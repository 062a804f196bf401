"""The public sets, which are not part of the project: they are looked for beside it.

`BENCH_DATA` names another folder.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.boundary_bench.scoring import Span

_BESIDE = Path(__file__).resolve().parents[4] / "shared" / "data"
FOLDER = Path(os.environ.get("BENCH_DATA", _BESIDE))
PRESIDIO_SET = "pii/presidio_generated_large.json"
SOURCES = (
    "https://github.com/microsoft/presidio-research (MIT) and "
    "https://github.com/google-deepmind/xquad (CC BY-SA 4.0)"
)
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]?")


class DataMissing(Exception):
    """A set is not on this machine."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A text with what is known to stand in it, under the names of its set."""

    text: str
    spans: tuple[Span, ...]


def presidio_samples() -> list[Sample]:
    """Return the synthetic English sentences of presidio-research.

    Raises: DataMissing.
    """
    documents = json.loads(_read(PRESIDIO_SET))
    return [
        Sample(
            document["full_text"],
            tuple(
                Span(each["start_position"], each["end_position"], each["entity_type"])
                for each in document["spans"]
            ),
        )
        for document in documents
    ]


def xquad_sentences(language: str) -> Iterator[str]:
    """Yield sentences and questions of XQuAD in "en" or "zh".

    Raises: DataMissing.
    """
    document = json.loads(_read(f"xquad/xquad.{language}.json"))
    for article in document["data"]:
        for paragraph in article["paragraphs"]:
            yield from (each.group() for each in _SENTENCE.finditer(paragraph["context"]))
            yield from (each["question"] for each in paragraph["qas"])


def _read(name: str) -> str:
    path = FOLDER / name
    if not path.is_file():
        raise DataMissing(f"{name} is not here; it is published at {SOURCES}")
    return path.read_text()
