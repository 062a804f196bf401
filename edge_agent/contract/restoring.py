"""Values back in place of their placeholders, in a stream cut anywhere.

A model may change the case of a placeholder, escape or space its underscores, and change or drop
its brackets. What the book does not know is left as it is: it belongs to nobody here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from edge_agent.contract.errors import ContractError, MaskUnknown
from edge_agent.contract.findings import Kind
from edge_agent.contract.masking import ALPHABET, CODE_CHARS, SEPARATORS, MaskBook

SEPARATOR_CHARS_MAX = 4
PADDING_CHARS_MAX = 2
# Opened by one, closed by its own: a bracket that stood alone before the value stays there.
_BRACKETS = (("\\[", "\\]"), ("[", "]"), ("【", "】"), ("［", "］"))
_NO_BRACKETS = ("", "")
_FORMS = {opening[0]: (opening, closing) for opening, closing in _BRACKETS}
_PLACEHOLDER = re.compile(rf"\[((?:{'|'.join(Kind)})_[{ALPHABET}]{{{CODE_CHARS}}})\]")


class _More:
    """Too early to say: what follows decides."""


_MORE: Final = _More()


@dataclass(frozen=True, slots=True)
class _Found:
    """The name of a mask, written somehow, and where in the text it ends."""

    name: str
    end: int


class Restorer:
    """Restores a stream: feed it piece by piece, then close it; all it returns, joined, is the text.

    It keeps back only what may still become a placeholder, never more than `held_chars_max`.
    """

    def __init__(self, book: MaskBook) -> None:
        self._values = {each.name: each.value for each in book.masks}
        self._prefixes = frozenset(
            name[:length] for name in self._values for length in range(1, len(name) + 1)
        )
        self._start = _start_of(self._values)
        self._held = ""

    @property
    def held_chars_max(self) -> int:
        """Return how much it may ever keep back, for the placeholders of this book."""
        longest = max(map(_length_max, self._values), default=0)
        return longest and longest + 2 * (PADDING_CHARS_MAX + len("\\["))

    def feed(self, chunk: str) -> str:
        """Return what is certain now."""
        return self._restored(chunk, is_last=False)

    def close(self) -> str:
        """Return what was kept back: nothing follows it any more."""
        return self._restored("", is_last=True)

    def _restored(self, chunk: str, *, is_last: bool) -> str:
        text, self._held = self._held + chunk, ""
        pieces: list[str] = []
        done, start = 0, self._start.search(text)
        while start:
            at = start.start()
            found = self._find_at(text, at, is_last=is_last)
            if isinstance(found, _More):
                self._held = text[at:]
                return "".join((*pieces, text[done:at]))
            if found is not None:
                pieces += text[done:at], self._values[found.name]
                done = found.end
            start = self._start.search(text, max(done, at + 1))
        return "".join((*pieces, text[done:]))

    def _find_at(self, text: str, at: int, *, is_last: bool) -> _Found | _More | None:
        """Return the placeholder that begins exactly here, in or out of brackets."""
        opening, closing = _FORMS.get(text[at], _NO_BRACKETS)
        found = self._find_form(text, at, opening, closing)
        return None if found is _MORE and is_last else found

    def _find_form(self, text: str, at: int, opening: str, closing: str) -> _Found | _More | None:
        opened = _literal(text, at, opening)
        if not isinstance(opened, int):
            return opened
        begin = _after_padding(text, opened) if opening else opened
        found = self._find_name(text, begin)
        if not isinstance(found, _Found) or not closing:
            return found
        end = _literal(text, _after_padding(text, found.end), closing)
        return _Found(found.name, end) if isinstance(end, int) else end

    def _find_name(self, text: str, at: int) -> _Found | _More | None:
        """Read character by character what some name of the book begins with."""
        name, separators = "", 0
        for place in range(at, len(text)):
            letter = text[place]
            is_separator = letter in SEPARATORS
            separators = separators + 1 if is_separator else 0
            if separators <= 1:
                name += "_" if is_separator else _plain_upper(letter)
            if separators > SEPARATOR_CHARS_MAX or name not in self._prefixes:
                return None
            if name in self._values:
                return _Found(name, place + 1)
        return _MORE


def restore(text: str, book: MaskBook) -> str:
    """Return the whole text with its values, exactly as a `Restorer` would in pieces."""
    restorer = Restorer(book)
    return restorer.feed(text) + restorer.close()


def restore_arguments(value: object, book: MaskBook) -> object:
    """Return the arguments of a tool, plain JSON values, with the values in all their texts.

    Raises: MaskUnknown where a placeholder is not of this book: a tool would act on it as it is;
    ContractError where two keys of an object become the same.
    """
    return _restored_value(value, Restorer(book), frozenset(each.name for each in book.masks))


def _restored_value(value: object, restorer: Restorer, names: frozenset[str]) -> object:
    if isinstance(value, str):
        if any(match[1] not in names for match in _PLACEHOLDER.finditer(value)):
            raise MaskUnknown("arguments: a placeholder that this session did not give out")
        return restorer.feed(value) + restorer.close()
    if isinstance(value, list):
        return [_restored_value(each, restorer, names) for each in value]
    if isinstance(value, dict):
        restored = {
            _restored_value(key, restorer, names): _restored_value(each, restorer, names)
            for key, each in value.items()
        }
        if len(restored) < len(value):
            raise ContractError("arguments: two keys become one")
        return restored
    return value


def _start_of(names: Iterable[str]) -> re.Pattern[str]:
    """Match what a placeholder may begin with: a bracket, or the first two letters of a kind."""
    pairs = sorted({name[:2] for name in names})
    if not pairs:
        return re.compile(r"(?!)")
    letters = "".join(sorted({pair[0] for pair in pairs}))
    openings = re.escape("".join(_FORMS))
    form = rf"[{openings}]|{'|'.join(pairs)}|[{letters}]\Z"
    return re.compile(form, re.IGNORECASE | re.ASCII)


def _length_max(name: str) -> int:
    return len(name) + name.count("_") * (SEPARATOR_CHARS_MAX - 1)


def _literal(text: str, at: int, literal: str) -> int | _More | None:
    """Return the place after the literal if it stands here, or may once more has come."""
    if text.startswith(literal, at):
        return at + len(literal)
    return _MORE if literal.startswith(text[at:]) else None


def _after_padding(text: str, at: int) -> int:
    padding = 0
    while padding < PADDING_CHARS_MAX and text.startswith(" ", at + padding):
        padding += 1
    return at + padding


def _plain_upper(letter: str) -> str:
    """Return an ASCII letter in upper case; anything else as it is, so that ß never becomes SS."""
    return letter.upper() if letter.isascii() else letter
