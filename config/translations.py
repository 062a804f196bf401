"""Collect the strings of code and templates and keep the catalogues complete; no gettext tools.

`python -m config.translations` writes new strings into the .po files, to be translated there.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
LOCALES = ROOT / "config" / "locale"
ROOMS = ("assistant", "config", "rag", "tenants")
TEMPLATES = ("templates",)
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "gettext_noop": None,
}
_WIDTH = 96


@dataclass(frozen=True, order=True)
class Text:
    """A string to translate, as the catalogue names it, and where it was found."""

    singular: str
    plural: str
    context: str
    place: str

    @property
    def id(self) -> str | tuple[str, str]:
        return (self.singular, self.plural) if self.plural else self.singular


def project_texts(root: Path = ROOT) -> list[Text]:
    """Return every translatable string of code and templates, each once, in reading order."""
    found: dict[tuple[str, str], Text] = {}
    for text in (*_texts_of_code(root), *_texts_of_templates(root)):
        known = found.get((text.singular, text.context))
        # The same words may stand alone in one place and with a plural in another.
        if known is None or (text.plural and not known.plural):
            found[text.singular, text.context] = text
    return list(found.values())


def catalog_at(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name)


def update_catalogs() -> None:
    """Add new strings untranslated, drop those that are gone, keep the rest."""
    texts = project_texts()
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/django.po")):
        old = catalog_at(path)
        new = _empty_catalog(old)
        for text in texts:
            known = old.get(text.singular, context=text.context or None)
            new.add(
                text.id,
                known.string if known else None,
                locations=[(text.place, 1)],
                context=text.context or None,
            )
        # A date would change the file although no string did.
        new.creation_date = new.revision_date = old.creation_date
        buffer = io.BytesIO()
        write_po(buffer, new, width=_WIDTH, include_lineno=False)
        path.write_bytes(buffer.getvalue())


def _empty_catalog(old: Catalog) -> Catalog:
    return Catalog(
        locale=old.locale,
        header_comment=old.header_comment,
        project="drawbridge",
        version="1",
        msgid_bugs_address="-",
        last_translator="-",
        language_team="-",
        fuzzy=False,
    )


def _texts_of_code(root: Path) -> Iterator[Text]:
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _extracted(path.read_text(), path.relative_to(root))


def _texts_of_templates(root: Path) -> Iterator[Text]:
    for room in TEMPLATES:
        for path in sorted((root / room).rglob("*.*")):
            # What is left of the markup is indented as no Python is.
            lines = templatize(path.read_text()).splitlines()
            yield from _extracted("\n".join(map(str.lstrip, lines)), path.relative_to(root))


def _extracted(source: str, place: Path) -> Iterator[Text]:
    keywords = {**KEYWORDS, "_": None}
    found: Iterator[Any] = extract_python(io.BytesIO(source.encode()), keywords, (), {})
    for _line, function, messages, _comments in found:
        words = (messages,) if isinstance(messages, str) else tuple(messages)
        text = _text(function, words, str(place))
        if text is not None:
            yield text


def _text(function: str, words: tuple[str | None, ...], place: str) -> Text | None:
    """Read the arguments as their function means them; what is no literal is no string of ours."""
    context = ""
    if "pgettext" in function:
        context, words = words[0] or "", words[1:]
    if not words or not words[0]:
        return None
    plural = words[1] or "" if "ngettext" in function or "npgettext" in function else ""
    return Text(words[0], plural, context, place)


if __name__ == "__main__":
    update_catalogs()
