"""Word documents: paragraphs under their headings, tables as Markdown rows."""

import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

import docx
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.hyperlink import Hyperlink
from docx.text.paragraph import Paragraph
from lxml import etree

from rag.enums import Reason
from rag.loaders.blocks import Block, Outline, Unreadable, markdown_table
from rag.loaders.word_marks import hidden_styles, is_hidden

_HEADING = re.compile(r"(?:heading|标题)\s*(\d)")
_BROKEN = (
    OpcError,
    zipfile.BadZipFile,
    etree.LxmlError,
    KeyError,
    ValueError,
    AttributeError,
    IndexError,
    EOFError,
    NotImplementedError,
    OSError,
)


def load(file: BinaryIO) -> Iterator[Block]:
    file.seek(0)
    outline = Outline()
    # The library has no error of its own for most broken files.
    try:
        document = docx.Document(file)
        hidden = hidden_styles(document.styles.element)
        for item in document.iter_inner_content():
            if isinstance(item, Table):
                text = markdown_table(_rows(item, hidden))
                if text:
                    yield Block(text, heading=outline.heading, is_table=True)
            else:
                yield from _paragraph(item, outline, hidden)
    except _BROKEN as error:
        raise Unreadable(Reason.CORRUPT) from error


def _paragraph(paragraph: Paragraph, outline: Outline, hidden: frozenset[str]) -> Iterator[Block]:
    text = _seen(paragraph, hidden).strip()
    if not text:
        return
    style = (paragraph.style.name if paragraph.style is not None else None) or ""
    level = _HEADING.match(style.lower())
    if level or style == "Title":
        outline.enter(int(level[1]) if level else 0, text)
    elif style.startswith("List"):
        yield Block(f"- {text}", heading=outline.heading)
    else:
        yield Block(text, heading=outline.heading)


def _rows(table: Table, hidden: frozenset[str]) -> Iterator[list[str]]:
    for row in table.rows:
        cells: list[str] = []
        previous = None
        for cell in row.cells:
            # A merged cell is given once for each column that it covers.
            is_repeated = cell._tc is previous  # noqa: SLF001
            texts = [] if is_repeated else [_seen(each, hidden) for each in cell.paragraphs]
            cells.append("\n".join(texts))
            previous = cell._tc  # noqa: SLF001
        yield cells


def _seen(paragraph: Paragraph, hidden: frozenset[str]) -> str:
    """Return the paragraph's text without the stretches that are marked as hidden."""
    if is_hidden(paragraph._p, hidden):  # noqa: SLF001
        return ""
    letters = []
    for item in paragraph.iter_inner_content():
        runs = item.runs if isinstance(item, Hyperlink) else [item]
        letters += [run.text for run in runs if not is_hidden(run._r, hidden)]  # noqa: SLF001
    return "".join(letters)
