"""What every loader yields, what it finds beside that, and the one error it may raise."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rag.enums import Reason

HEADING_CHARS_MAX = 300
_SEPARATOR = " › "


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a list or a table (as Markdown rows) with the place it was found at.

    A block that is too long for one line of the parser comes in several, to be put together
    letter by letter; each of them but the first `goes_on`.
    """

    text: str
    page: int | None = None
    heading: str = ""
    is_table: bool = False
    goes_on: bool = False


class Where(StrEnum):
    """The places beside the text that a file can hide something in."""

    METADATA = "metadata"
    COMMENT = "comment"
    TRACKED = "tracked change"
    HIDDEN = "hidden text"
    ALTERNATIVE = "alternative text"
    LINK = "link"
    ATTACHMENT = "attachment name"
    EDGE = "header or footer"
    FIELD = "form field"
    ANNOTATION = "annotation"
    SHEET = "sheet"


class What(StrEnum):
    """What a file can hold that nobody here can read."""

    IMAGE = "image"
    OBJECT = "embedded object"
    ATTACHMENT = "attachment"
    MACRO = "macro"
    FONT = "font without letters"
    ENCRYPTED = "encrypted part"
    PAGE = "page without text"
    PART = "unknown part"


@dataclass(frozen=True, slots=True)
class Aside:
    """Text of a file that is no passage: judged with it, never searched, never cited.

    `where` is one of the words of `Where`.
    """

    text: str
    where: str


@dataclass(frozen=True, slots=True)
class Unread:
    """Something in the file that nobody could read; `what` is one of the words of `What`."""

    what: str


class Unreadable(Exception):
    """The file cannot be read; `reason` says why in one stable word."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(reason.value)


class Outline:
    """The headings above the present place, as one line."""

    def __init__(self) -> None:
        self._levels: list[tuple[int, str]] = []

    def enter(self, level: int, title: str) -> None:
        while self._levels and self._levels[-1][0] >= level:
            self._levels.pop()
        self._levels.append((level, " ".join(title.split())))

    @property
    def heading(self) -> str:
        titles = [title for _, title in self._levels if title]
        return _SEPARATOR.join(titles[-3:])[:HEADING_CHARS_MAX]


def markdown_table(rows: Iterable[Iterable[str]]) -> str:
    """Return the rows as a Markdown table; the first row is the header."""
    cleaned = [[_cell(cell) for cell in row] for row in rows]
    cleaned = [row for row in cleaned if any(row)]
    if not cleaned:
        return ""
    width = max(len(row) for row in cleaned)
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in cleaned]
    lines.insert(1, "|" + " --- |" * width)
    return "\n".join(lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def joined_lines(lines: Iterable[str]) -> str:
    """Join the wrapped lines of one paragraph: with a blank, but not between CJK characters."""
    parts: list[str] = []
    for line in filter(None, map(str.strip, lines)):
        before = parts[-1] if parts else ""
        if not before or (_is_wide(before[-1]) and _is_wide(line[0])):
            parts.append(line)
        elif before.endswith("-") and before[-2:-1].isalpha() and line[0].islower():
            parts[-1] = before[:-1]
            parts.append(line)
        else:
            parts += (" ", line)
    return "".join(parts)


def _is_wide(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff" or "\uf900" <= character <= "\uffef"
