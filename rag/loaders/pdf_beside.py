"""What a PDF holds beside its text: remarks, fields, files, addresses, pictures and bare pages."""

from collections.abc import Iterator
from ctypes import POINTER, c_ulong, c_ushort, cast, create_string_buffer
from typing import Any, BinaryIO

import pypdfium2
import pypdfium2.raw as pdfium

from rag.loaders import pdf_objects, pdf_revisions
from rag.loaders.blocks import Aside, Unread, What, Where

OBJECTS_PER_PAGE_MAX = 5_000
_STRING_BYTES_MAX = 1024 * 1024
_PICTURE_SHARE = 0.4
_PICTURE_TEXT_CHARS = 100
_LETTERLESS_SHARE = 0.1
_NEST_MAX = 4
_WIDGET = pdfium.FPDF_ANNOT_WIDGET
_LINK = pdfium.FPDF_ANNOT_LINK
_WRITTEN = ("Contents", "T", "Subj", "RC", "NM")
_FILLED = ("V", "DV", "T", "TU", "TM", "RV", "CA")
_PLAYED = frozenset(
    {pdfium.FPDF_ANNOT_SOUND, pdfium.FPDF_ANNOT_MOVIE, pdfium.FPDF_ANNOT_SCREEN}
    | {pdfium.FPDF_ANNOT_THREED, pdfium.FPDF_ANNOT_RICHMEDIA}
)


def beside(file: BinaryIO) -> Iterator[Aside | Unread]:
    """Yield what the pages' text does not say; the file was opened before, so it is a PDF."""
    file.seek(0)
    raw = file.read()
    try:
        with pypdfium2.PdfDocument(raw) as document:
            yield from _of_document(document)
            for index in range(len(document)):
                yield from _of_page(document, index)
            is_locked = pdfium.FPDF_GetSecurityHandlerRevision(document.raw) != -1
    except pypdfium2.PdfiumError:
        yield Unread(What.PART)
        return
    if is_locked:
        # Opened without a password, so its text is read; its objects stay scrambled for us.
        yield Unread(What.ENCRYPTED)
    else:
        yield from pdf_objects.strings(raw)
        yield from pdf_revisions.removed(raw)


def _of_document(document: Any) -> Iterator[Aside | Unread]:
    for name, value in document.get_metadata_dict().items():
        if value:
            yield Aside(f"{name}: {value}", Where.METADATA)
    for bookmark in document.get_toc(max_depth=15):
        yield Aside(bookmark.get_title() or "", Where.METADATA)
    for index in range(pdfium.FPDFDoc_GetAttachmentCount(document.raw)):
        yield from _file(pdfium.FPDFDoc_GetAttachment(document.raw, index))
    for index in range(max(pdfium.FPDFDoc_GetJavaScriptActionCount(document.raw), 0)):
        action = pdfium.FPDFDoc_GetJavaScriptAction(document.raw, index)
        yield Aside(_wide(pdfium.FPDFJavaScriptAction_GetScript, action), Where.HIDDEN)
        pdfium.FPDFDoc_CloseJavaScriptAction(action)
    if pdfium.FPDF_GetFormType(document.raw) in {
        pdfium.FORMTYPE_XFA_FULL,
        pdfium.FORMTYPE_XFA_FOREGROUND,
    }:
        yield from _packets(document)


def _file(attachment: Any) -> Iterator[Aside | Unread]:
    yield Aside(_wide(pdfium.FPDFAttachment_GetName, attachment), Where.ATTACHMENT)
    yield Unread(What.ATTACHMENT)


def _packets(document: Any) -> Iterator[Aside]:
    """Yield the form that is written in XML inside of the file."""
    for index in range(max(pdfium.FPDF_GetXFAPacketCount(document.raw), 0)):
        length = c_ulong()
        pdfium.FPDF_GetXFAPacketContent(document.raw, index, None, 0, length)
        buffer = create_string_buffer(min(length.value, _STRING_BYTES_MAX) or 1)
        pdfium.FPDF_GetXFAPacketContent(document.raw, index, buffer, len(buffer), length)
        yield Aside(buffer.raw.decode("utf-8", "replace"), Where.FIELD)


def _of_page(document: Any, index: int) -> Iterator[Aside | Unread]:
    page = document[index]
    text_page = page.get_textpage()
    try:
        chars = text_page.count_chars()
        yield from _of_letters(text_page.raw, chars)
        if chars < _PICTURE_TEXT_CHARS:
            yield from _of_pictures(page, chars)
        for number in range(pdfium.FPDFPage_GetAnnotCount(page.raw)):
            annotation = pdfium.FPDFPage_GetAnnot(page.raw, number)
            if annotation:
                yield from _of_annotation(document, annotation)
                pdfium.FPDFPage_CloseAnnot(annotation)
    finally:
        text_page.close()
        page.close()


def _of_letters(text_page: Any, chars: int) -> Iterator[Unread]:
    """Tell of a font that draws letters without saying which: the text read is not the text seen."""
    # A sample suffices: where one letter in ten has no name, a long page shows it everywhere.
    sample = range(0, chars, max(chars // 500, 1))
    nameless = sum(pdfium.FPDFText_HasUnicodeMapError(text_page, each) == 1 for each in sample)
    if nameless > len(sample) * _LETTERLESS_SHARE:
        yield Unread(What.FONT)


def _of_pictures(page: Any, chars: int) -> Iterator[Unread]:
    """Tell of a page that is mostly a picture, and of one that shows something but says nothing."""
    area = page.get_width() * page.get_height()
    covered, objects = 0.0, 0
    for shape in page.get_objects(max_depth=_NEST_MAX):
        objects += 1
        if shape.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = shape.get_bounds()
            covered += max(right - left, 0) * max(top - bottom, 0)
        if objects >= OBJECTS_PER_PAGE_MAX:
            break
    if covered > _PICTURE_SHARE * area:
        yield Unread(What.IMAGE)
    if not chars and objects:
        yield Unread(What.PAGE)


def _of_annotation(document: Any, annotation: Any) -> Iterator[Aside | Unread]:
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    keys, where = (_FILLED, Where.FIELD) if kind == _WIDGET else (_WRITTEN, Where.ANNOTATION)
    texts = [_value(annotation, key) for key in keys]
    yield from (Aside(text, where) for text in texts)
    if kind == _LINK:
        yield Aside(_address(document, annotation), Where.LINK)
    elif kind == pdfium.FPDF_ANNOT_FILEATTACHMENT:
        attachment = pdfium.FPDFAnnot_GetFileAttachment(annotation)
        if attachment:
            yield from _file(attachment)
        else:
            yield Unread(What.ATTACHMENT)
    elif kind in _PLAYED:
        yield Unread(What.OBJECT)
    elif kind == pdfium.FPDF_ANNOT_STAMP and not texts[0]:
        # A stamp may show anything; without words of its own it is a picture.
        yield Unread(What.IMAGE)


def _value(annotation: Any, key: str) -> str:
    def read(source: Any, buffer: Any, length: int) -> int:
        return int(pdfium.FPDFAnnot_GetStringValue(source, key.encode(), buffer, length))

    return _wide(read, annotation)


def _address(document: Any, annotation: Any) -> str:
    link = pdfium.FPDFAnnot_GetLink(annotation)
    action = pdfium.FPDFLink_GetAction(link) if link else None
    if not action:
        return ""
    length = min(pdfium.FPDFAction_GetURIPath(document.raw, action, None, 0), _STRING_BYTES_MAX)
    buffer = create_string_buffer(length or 1)
    pdfium.FPDFAction_GetURIPath(document.raw, action, buffer, length)
    return buffer.value.decode("utf-8", "replace")


def _wide(read: Any, source: Any) -> str:
    """Return a string that the library gives in UTF-16, asking for its length first."""
    length = min(read(source, None, 0), _STRING_BYTES_MAX)
    buffer = create_string_buffer(length or 2)
    read(source, cast(buffer, POINTER(c_ushort)), length)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")
