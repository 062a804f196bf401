"""PDF: lines found again from the characters, joined to paragraphs, rows and headings."""

import re
from collections.abc import Iterator
from ctypes import c_double
from dataclasses import dataclass
from statistics import median
from typing import Any, BinaryIO

import pypdfium2
import pypdfium2.raw as pdfium

from rag.enums import Reason
from rag.loaders.blocks import Block, Outline, Unreadable, joined_lines, markdown_table

PAGES_MAX = 5_000
_CELL_GAP = 1.2
_PARAGRAPH_GAP = 1.7
_HEADING_SIZE = 1.15
_HEADING_CHARS_MAX = 120
_LIST_ITEM = re.compile(r"(?:[-*•●▪·]|\d{1,3}[.)、]|[(（]\d{1,2}[)）])\s*\S")
_UNPRINTABLE = {0x00, 0x02, 0xFFFE, 0xFFFF}


@dataclass(slots=True)
class _Line:
    """A line of print: its cells, size of letters, baseline and left edge, in points."""

    cells: list[str]
    size: float
    bottom: float
    left: float

    @property
    def text(self) -> str:
        return " ".join(self.cells)


def load(file: BinaryIO) -> Iterator[Block]:
    file.seek(0)
    try:
        with pypdfium2.PdfDocument(file) as document:
            pages = [_lines(page) for page in _pages(document)]
    except pypdfium2.PdfiumError as error:
        is_locked = getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD
        raise Unreadable(Reason.ENCRYPTED if is_locked else Reason.CORRUPT) from error
    sizes = [line.size for lines in pages for line in lines for _ in line.text[::20]]
    body_size = median(sizes) if sizes else 0.0
    outline = Outline()
    for number, lines in enumerate(pages, start=1):
        yield from _blocks(lines, number, body_size, outline)


def _pages(document: pypdfium2.PdfDocument) -> Iterator[Any]:
    if len(document) > PAGES_MAX:
        raise Unreadable(Reason.TOO_LARGE)
    for index in range(len(document)):
        page = document[index]
        text_page = page.get_textpage()
        yield text_page.raw
        text_page.close()
        page.close()


def _lines(text_page: Any) -> list[_Line]:
    lines: list[_Line] = []
    current: list[str] = []
    start = right = 0.0
    box = tuple(c_double() for _ in range(4))
    first = -1
    for index in range(pdfium.FPDFText_CountChars(text_page)):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        if code in (0x0A, 0x0D):
            _close_line(lines, text_page, current, first, start)
            current, first = [], -1
            continue
        if code in _UNPRINTABLE or 0xD800 <= code <= 0xDFFF:
            # PDFium marks a hyphen at a line's end by 2; the word goes on below.
            current.append("-" if code == 0x02 else "")
            continue
        if code == 0x20:
            current.append(" ")
            continue
        pdfium.FPDFText_GetCharBox(text_page, index, *box)
        left = box[0].value
        if first < 0:
            first, start = index, left
        elif left - right > _CELL_GAP * pdfium.FPDFText_GetFontSize(text_page, index):
            current.append("\t")
        right = box[1].value
        current.append(chr(code))
    _close_line(lines, text_page, current, first, start)
    return lines


def _close_line(
    lines: list[_Line], text_page: Any, letters: list[str], first: int, left: float
) -> None:
    cells = [" ".join(cell.split()) for cell in "".join(letters).split("\t")]
    cells = [cell for cell in cells if cell]
    if not cells or first < 0:
        return
    origin_x, bottom = c_double(), c_double()
    pdfium.FPDFText_GetCharOrigin(text_page, first, origin_x, bottom)
    size = pdfium.FPDFText_GetFontSize(text_page, first)
    if lines and abs(lines[-1].bottom - bottom.value) < size / 3 and lines[-1].left < left:
        # The cells of a table's row are often written as lines of their own.
        lines[-1].cells.extend(cells)
    else:
        lines.append(_Line(cells, size, bottom.value, left))


def _blocks(lines: list[_Line], page: int, body_size: float, outline: Outline) -> Iterator[Block]:
    index = 0
    while index < len(lines):
        end = _run_end(lines, index, body_size)
        run = lines[index:end]
        index = end
        if _is_row(run[0]) and len(run) > 1:
            table = markdown_table(line.cells for line in run)
            yield Block(table, page=page, heading=outline.heading, is_table=True)
        elif _is_heading(run[0], body_size):
            # Larger letters stand higher in the outline.
            outline.enter(-round(run[0].size * 2), joined_lines(line.text for line in run))
        else:
            text = joined_lines(line.text for line in run)
            yield Block(text, page=page, heading=outline.heading)


def _run_end(lines: list[_Line], start: int, body_size: float) -> int:
    """Return where the table, heading or paragraph that begins at `start` ends."""
    first = lines[start]
    end = start + 1
    while end < len(lines):
        line, previous = lines[end], lines[end - 1]
        gap = previous.bottom - line.bottom
        if _is_row(first):
            goes_on = _is_row(line) and gap > 0
        elif _is_row(line) or abs(line.size - first.size) > 0.5:
            goes_on = False
        else:
            goes_on = 0 < gap < _PARAGRAPH_GAP * max(line.size, 1.0)
            goes_on = goes_on and not _LIST_ITEM.match(line.text)
        if not goes_on:
            break
        end += 1
    return end


def _is_row(line: _Line) -> bool:
    return len(line.cells) > 1


def _is_heading(line: _Line, body_size: float) -> bool:
    return line.size > body_size * _HEADING_SIZE and len(line.text) <= _HEADING_CHARS_MAX
