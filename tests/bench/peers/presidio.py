"""Presidio: `python -m tests.bench.peers.presidio [all | network]`.

Its models of language cannot be had without a download, so spaCy only splits into words; that is
the faster way to run it. What it then lacks for context words, a lemma, is the word in lower case.
Numbers of China are added to the regions of its telephone numbers for Chinese text. With `all`,
the recognizers of every country are on for English, not only those on by default. With `network`,
a network that looks for names runs first, as in Presidio as it ships: of the size that spaCy gives
it by default, but untrained, so that it costs what such a network costs and nothing it finds counts.
"""

import inspect
import sys
from typing import Any

import spacy  # type: ignore[import-not-found]
import tldextract  # type: ignore[import-not-found]
from presidio_analyzer import (  # type: ignore[import-not-found]
    AnalyzerEngine,
    EntityRecognizer,
    RecognizerRegistry,
    predefined_recognizers,
)
from presidio_analyzer.nlp_engine import SpacyNlpEngine  # type: ignore[import-not-found]

from tests.bench.peers.answering import Row, serve

LANGUAGES = ("en", "zh")
CHINESE_REGIONS = ("CN", "HK", "MO", "TW")


class _Blank(SpacyNlpEngine):  # type: ignore[misc]
    """Splits text into words and knows nothing of them; with a network, it guesses names."""

    def __init__(self, *, with_network: bool) -> None:
        super().__init__()
        self._with_network = with_network

    def load(self) -> None:
        self.nlp = {language: spacy.blank(language) for language in LANGUAGES}
        for each in self.nlp.values():
            each.add_pipe("lower_lemma")
            if self._with_network:
                recognizer = each.add_pipe("ner")
                for label in ("PERSON", "ORG", "GPE", "DATE"):
                    recognizer.add_label(label)
                each.initialize()


@spacy.Language.component("lower_lemma")  # type: ignore[untyped-decorator]
def _lower_lemma(document: Any) -> Any:
    for token in document:
        token.lemma_ = token.lower_
    return document


def main() -> None:
    # Without this it asks the network for the list of domains before it uses its own copy.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    analyzer = _analyzer(
        with_every_country="all" in sys.argv[1:], with_network="network" in sys.argv[1:]
    )
    serve(lambda text, language: analyzer.analyze(text, language=language), _rows)


def _analyzer(*, with_every_country: bool, with_network: bool) -> Any:
    engine = _Blank(with_network=with_network)
    engine.load()
    registry = RecognizerRegistry(supported_languages=[*LANGUAGES])
    registry.load_predefined_recognizers(languages=[*LANGUAGES], nlp_engine=engine)
    for recognizer in [*registry.recognizers]:
        if recognizer.name == "PhoneRecognizer" and recognizer.supported_language == "zh":
            recognizer.supported_regions = (*recognizer.supported_regions, *CHINESE_REGIONS)
    # It is registered for four languages only, though nothing in it is of a language.
    registry.add_recognizer(
        predefined_recognizers.CreditCardRecognizer(supported_language="zh"),
    )
    if with_every_country:
        _add_every_country(registry)
    return AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=[*LANGUAGES])


def _add_every_country(registry: Any) -> None:
    present = {type(each) for each in registry.recognizers}
    classes: list[tuple[str, Any]] = inspect.getmembers(predefined_recognizers, inspect.isclass)
    for _, each in classes:
        if issubclass(each, EntityRecognizer) and each not in present and each.COUNTRY_CODE:
            registry.add_recognizer(each(supported_language="en"))


def _rows(found: Any) -> list[Row]:
    return [(each.start, each.end, each.entity_type, each.score) for each in found]


if __name__ == "__main__":
    main()
