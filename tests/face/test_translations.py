"""Every string the project shows has its Chinese."""

import re
from collections.abc import Iterable
from typing import Any

import pytest

from config.translations import LOCALES, Text, catalog_at, project_texts

CATALOG = LOCALES / "zh_Hans" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
HAN = re.compile(r"[\u4e00-\u9fff]")
# The same in both languages.
SAME = {"API"}


@pytest.fixture(scope="module")
def texts() -> tuple[Text, ...]:
    return tuple(project_texts())


def test_chinese_is_complete_and_has_nothing_left_over(texts: tuple[Text, ...]) -> None:
    wanted = {(text.singular, text.plural, text.context) for text in texts}

    found = set()
    for message in catalog_at(CATALOG):
        if not message.id:
            continue
        singular, plural = message.id if isinstance(message.id, tuple) else (message.id, "")
        found.add((singular, plural, message.context or ""))

    assert found == wanted


def test_chinese_strings_are_chinese_with_the_same_placeholders() -> None:
    wrong = []
    messages: Iterable[Any] = catalog_at(CATALOG)
    for message in messages:
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(PLACEHOLDER.findall(ids[-1]))
        for string in strings:
            has_same = set(PLACEHOLDER.findall(string)) == wanted
            if message.fuzzy or not has_same or not (HAN.search(string) or string in SAME):
                wrong.append((ids[0], string))

    assert wrong == []


def test_words_are_plain(texts: tuple[Text, ...]) -> None:
    loud = [
        text.singular
        for text in texts
        if "!" in text.singular or "Oops" in text.singular or re.search(r"\bAI\b", text.singular)
    ]

    assert loud == []


@pytest.mark.parametrize(
    ("singular", "plural", "place"),
    [
        ("Sign in", "", "templates/account/"),
        ("%(pages)s page", "%(pages)s pages", "templates/rag/_document.html"),
        ("There is no such conversation.", "", "assistant/errors.py"),
    ],
)
def test_strings_are_found_in_code_and_templates(
    texts: tuple[Text, ...], singular: str, plural: str, place: str
) -> None:
    found = [text for text in texts if text.singular == singular]

    assert [(text.singular, text.plural) for text in found] == [(singular, plural)]
    assert isinstance(found[0], Text)
    assert found[0].place.startswith(place)
