"""Turn text into search terms, the same for passages and questions, in English and Chinese."""

import hashlib
import re
import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import pairwise

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
_RUNS = re.compile(rf"(?P<cjk>[{_CJK}]+)|(?P<word>[^\W_{_CJK}]+)")
_WORD_CHARS_MAX = 64
# Unicode puts the marks on a letter in order by comparing each with all of them. A passage is one
# stretch; a longer text is cut where nothing that follows can belong to what stands before.
_STRETCHES = re.compile(r".{1,2000}(?![^\x00-\u02ff])|.{1,2000}", re.DOTALL)


def terms_of(text: str) -> list[str]:
    """Return the terms in order: words of letters and digits, CJK characters and their pairs."""
    folded = "".join(map(_folded, _STRETCHES.findall(text)))
    terms: list[str] = []
    for run in _RUNS.finditer(folded):
        if run.lastgroup == "word":
            terms.append(run.group()[:_WORD_CHARS_MAX])
        else:
            characters = run.group()
            terms.extend(characters)
            terms.extend(map("".join, pairwise(characters)))
    return terms


def term_counts(text: str) -> Counter[int]:
    """Return how often each term occurs, by its number."""
    return Counter(map(term_number, terms_of(text)))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=65536)
def term_number(term: str) -> int:
    """Return the term's stable signed 64-bit number: what the index keeps in its place."""
    digest = hashlib.blake2b(term.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def is_mostly_chinese(text: str) -> bool:
    """Say whether CJK characters outnumber words of letters."""
    counts = {"cjk": 0, "word": 0}
    for run in _RUNS.finditer(text):
        kind = run.lastgroup or "word"
        counts[kind] += len(run.group()) if kind == "cjk" else 1
    return counts["cjk"] > counts["word"]
