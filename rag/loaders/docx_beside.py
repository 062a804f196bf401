"""What a Word document holds beside its text: tracked changes, hidden runs, boxes and other parts."""

import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from rag.loaders.blocks import Aside, Unread, What, Where
from rag.loaders.office_parts import beside_parts, local, paragraph_above, parsed, rule
from rag.loaders.word_marks import hidden_styles, is_hidden

_RULES = (
    rule(r"^word/document\.xml$", None),
    # Each holds the names of many styles and a sentence here and there; marks are told anyway.
    rule(r"^word/(?:styles|stylesWithEffects|fontTable|webSettings|theme/.*)\.xml$", None),
    rule(r"^word/glossary/", Where.HIDDEN),
)
_REMOVED = frozenset({"del", "moveFrom"})
_ADDED = frozenset({"ins", "moveTo"})
_TEXTS = frozenset({"t", "delText", "instrText", "delInstrText"})
# What the reader of blocks walks through; whatever stands in anything else it does not see.
_READ = frozenset({"r", "hyperlink", "p", "tc", "tr", "tbl", "body", "document"})


def beside(file: BinaryIO) -> Iterator[Aside | Unread]:
    """Yield what is not in the blocks; the file was read before, so it is an archive."""
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError):
        yield Unread(What.PART)
        return
    with archive:
        root = parsed(archive, "word/document.xml")
        if root is None:
            yield Unread(What.PART)
        else:
            yield from _text_beside(root, hidden_styles(parsed(archive, "word/styles.xml")))
        yield from beside_parts(archive, _RULES)


def _text_beside(root: Any, hidden: frozenset[str]) -> Iterator[Aside]:
    """Yield each paragraph that holds more than is read, whole: before and after the changes."""
    current: Any = None
    pieces: list[tuple[str, str]] = []
    for element in root.iter():
        name = local(element)
        if name in {"tag", "alias", "docPartUnique"} or name.startswith(("ffData", "statusText")):
            yield Aside(_value(element), Where.FIELD)
        if name not in _TEXTS or not element.text:
            continue
        above = paragraph_above(element)
        if above is not current:
            yield from _told(pieces)
            current, pieces = above, []
        pieces.append((_state(element, hidden), element.text))
    yield from _told(pieces)


def _value(element: Any) -> str:
    return " ".join(element.attrib.values())


def _state(element: Any, hidden: frozenset[str]) -> str:
    """Return read, removed, added, link or hidden, for a stretch of text."""
    state = "read" if local(element) == "t" else "hidden"
    if local(element) in {"instrText", "delInstrText"}:
        state = "link"
    tables = 0
    for above in element.iterancestors():
        name = local(above)
        tables += name == "tbl"
        if name in _REMOVED:
            return "removed"
        if name in _ADDED:
            return "added"
        if name not in _READ or tables > 1 or is_hidden(above, hidden):
            state = state if state == "link" else "hidden"
    return state


def _told(pieces: list[tuple[str, str]]) -> Iterator[Aside]:
    states = {state for state, _ in pieces}
    if states & {"removed", "added"}:
        yield Aside(_without(pieces, "added"), Where.TRACKED)
        yield Aside(_without(pieces, "removed"), Where.TRACKED)
    if "hidden" in states:
        yield Aside(_without(pieces, "link"), Where.HIDDEN)
    if "link" in states:
        yield Aside("".join(text for state, text in pieces if state == "link"), Where.LINK)


def _without(pieces: list[tuple[str, str]], left_out: str) -> str:
    return "".join(text for state, text in pieces if state not in {left_out, "link"})
