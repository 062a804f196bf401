"""What earlier revisions of a PDF said: a program that saves at the end leaves the old pages in."""

import re
from collections.abc import Iterator

import pypdfium2

from rag.loaders.blocks import Aside, Unread, What, Where

REVISIONS_MAX = 5
PAGES_MAX = 1_000
_END = re.compile(rb"startxref\s+\d+\s+%%EOF")
_LINEARIZED = b"/Linearized"


def removed(raw: bytes) -> Iterator[Aside | Unread]:
    """Yield the lines that stood in an earlier revision and stand no more."""
    ends = [found.end() for found in _END.finditer(raw)]
    if _LINEARIZED in raw[:2048]:
        # Such a file names its end twice, for those who read it while it still comes in.
        ends = ends[1:]
    earlier = ends[:-1]
    if not earlier:
        return
    present = _lines(raw)
    if len(earlier) > REVISIONS_MAX or present is None:
        yield Unread(What.PART)
    for end in reversed(earlier[-REVISIONS_MAX:]):
        lines = _lines(raw[:end])
        if lines is None:
            yield Unread(What.PART)
        else:
            gone = [line for line in lines if line not in (present or {})]
            yield Aside("\n".join(gone), Where.HIDDEN)


def _lines(raw: bytes) -> dict[str, None] | None:
    """Return the lines of all pages in their order, or None where they cannot be read."""
    lines: dict[str, None] = {}
    try:
        with pypdfium2.PdfDocument(raw) as document:
            if len(document) > PAGES_MAX:
                return None
            for index in range(len(document)):
                page = document[index]
                text_page = page.get_textpage()
                text = text_page.get_text_range()
                lines.update(dict.fromkeys(line.strip() for line in text.splitlines()))
                text_page.close()
                page.close()
    except pypdfium2.PdfiumError:
        return None
    return lines
