"""Which loader reads which kind: its blocks of text, and what lies beside them."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from rag.enums import Kind, Reason
from rag.loaders import docx, docx_beside, html, html_beside, markdown, pdf, pdf_beside, text
from rag.loaders.blocks import Aside, Block, Unread, Unreadable

_LOADERS: dict[Kind, Callable[[BinaryIO], Iterator[Block]]] = {
    Kind.PDF: pdf.load,
    Kind.DOCX: docx.load,
    Kind.MARKDOWN: markdown.load,
    Kind.TEXT: text.load,
    Kind.HTML: html.load,
}
# A plain text hides nothing.
_BESIDE: dict[Kind, Callable[[BinaryIO], Iterator[Aside | Unread]]] = {
    Kind.PDF: pdf_beside.beside,
    Kind.DOCX: docx_beside.beside,
    Kind.MARKDOWN: markdown.beside,
    Kind.HTML: html_beside.beside,
}


def blocks_of(file: BinaryIO, kind: Kind) -> Iterator[Block]:
    """Yield the text the file holds.

    Raises:
        Unreadable: it cannot be read, or holds no text at all.
    """
    is_blank = True
    for block in _LOADERS[kind](file):
        if block.text.strip():
            is_blank = False
            yield block
    if is_blank:
        raise Unreadable(Reason.NO_TEXT)


def beside_of(file: BinaryIO, kind: Kind) -> Iterator[Aside | Unread]:
    """Yield what the file holds beside its text; what breaks on the way is unread."""
    beside = _BESIDE.get(kind)
    if beside is not None:
        yield from beside(file)
