"""How well the contract finds what is secret, and what it costs: `python -m tests.bench.boundary`.

Structured types of presidio-research's synthetic English set, overlap counted as found; sentences
and questions of XQuAD as benign text; time and memory of the judging process alone. The data are
not part of the project: they are looked for beside it.
"""

import json
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from edge_agent.contract.default_policy import default_document
from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.judging import Judgement, Part, judge
from edge_agent.contract.levels import Level
from edge_agent.contract.policy_document import policy_of

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
MISSING = "the data are not here: https://github.com/microsoft/presidio-research (MIT) and XQuAD"
STRUCTURED = {
    "CREDIT_CARD": Kind.BANK_CARD,
    "PHONE_NUMBER": Kind.PHONE,
    "EMAIL_ADDRESS": Kind.EMAIL,
    "US_SSN": Kind.NATIONAL_ID,
    "IBAN_CODE": Kind.IBAN,
    "IP_ADDRESS": Kind.IP_ADDRESS,
}
# Ours is one kind for all numbers of a state; the set labels these apart.
LICENCE = "US_DRIVER_LICENSE"
POLICY = policy_of(default_document("bench"))
NOW = datetime(2026, 11, 21, tzinfo=UTC)
KILOBYTE_CHARS = 1024
ROUNDS = 300
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]?")


def main() -> None:
    if not DATA.is_dir():
        sys.exit(MISSING)
    figures: dict[str, Any] = {
        "presidio": _presidio(),
        "benign": _benign(),
        "kilobyte_ms": _kilobyte(),
    }
    figures["peak_rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")


def _judged(text: str) -> Judgement:
    return judge([Part(text)], POLICY, now=NOW)


def _presidio() -> dict[str, Any]:
    path = DATA / "pii" / "presidio_generated_large.json"
    counts = {name: Counter[str]() for name in STRUCTURED}
    for sample in json.loads(path.read_text()):
        [findings] = _judged(sample["full_text"]).findings
        for name, kind in STRUCTURED.items():
            gold = [_bounds(span) for span in sample["spans"] if span["entity_type"] == name]
            beside = [_bounds(span) for span in sample["spans"] if span["entity_type"] == LICENCE]
            found = [each for each in findings if each.kind is kind]
            if kind is Kind.NATIONAL_ID:
                found = [each for each in found if not _overlaps_any(each, beside)]
            _count(counts[name], gold, found)
    total: Counter[str] = sum(counts.values(), Counter())
    return {name: _scores(count) for name, count in {**counts, "ALL": total}.items()}


def _bounds(span: dict[str, Any]) -> tuple[int, int]:
    return span["start_position"], span["end_position"]


def _overlaps_any(finding: Finding, bounds: list[tuple[int, int]]) -> bool:
    return any(finding.start < end and start < finding.end for start, end in bounds)


def _count(count: Counter[str], gold: list[tuple[int, int]], found: list[Finding]) -> None:
    for start, end in gold:
        hit = any(each.start < end and start < each.end for each in found)
        count["found" if hit else "missed"] += 1
    count["false"] += sum(not _overlaps_any(each, gold) for each in found)


def _scores(count: Counter[str]) -> dict[str, float]:
    found, missed, false = count["found"], count["missed"], count["false"]
    recall = found / max(1, found + missed)
    precision = found / max(1, found + false)
    f2 = 5 * precision * recall / max(1e-9, 4 * precision + recall)
    return {
        "n": found + missed,
        "recall": round(recall, 4),
        "precision": round(precision, 4),
        "f2": round(f2, 4),
    }


def _benign() -> dict[str, Any]:
    figures = {}
    for language in ("en", "zh"):
        sentences = [*_sentences(language)]
        kinds: Counter[str] = Counter()
        raised = 0
        for sentence in sentences:
            judgement = _judged(sentence)
            raised += judgement.level > Level.L0
            kinds.update({reason.what for reason in judgement.reasons})
        figures[language] = {
            "sentences": len(sentences),
            "raised": round(raised / len(sentences), 4),
            "kinds": dict(kinds.most_common()),
        }
    return figures


def _sentences(language: str) -> Iterator[str]:
    document = json.loads((DATA / "xquad" / f"xquad.{language}.json").read_text())
    for article in document["data"]:
        for paragraph in article["paragraphs"]:
            yield from (each.group() for each in _SENTENCE.finditer(paragraph["context"]))
            yield from (each["question"] for each in paragraph["qas"])


def _kilobyte() -> dict[str, float]:
    """Time judgements of 1,024 characters each, of both languages and full of numbers."""
    samples = json.loads((DATA / "pii" / "presidio_generated_large.json").read_text())
    running = " ".join(sample["full_text"] for sample in samples)
    chinese = "".join(_sentences("zh"))
    times = []
    for text in (running, chinese):
        for number in range(min(ROUNDS, len(text) // KILOBYTE_CHARS)):
            piece = text[number * KILOBYTE_CHARS :][:KILOBYTE_CHARS]
            started = time.perf_counter()
            _judged(piece)
            times.append((time.perf_counter() - started) * 1000)
    times.sort()
    return {"p50": round(times[len(times) // 2], 3), "p99": round(times[int(len(times) * 0.99)], 3)}


if __name__ == "__main__":
    main()
