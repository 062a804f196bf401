"""Files made on the spot, each with a text in one of the places no reader looks at."""

import io
import re
import struct
import zipfile
import zlib

import docx
import pypdfium2
import pypdfium2.raw as pdfium
from reportlab.pdfgen.canvas import Canvas

from tests.rag import samples

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
SEEN = "Staff may work from home on two days."


def packed(parts: dict[str, str | bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return output.getvalue()


def word(*, body: str = "", parts: dict[str, str | bytes] | None = None) -> bytes:
    """A document with this XML as its last paragraphs and these parts beside it."""
    source = zipfile.ZipFile(io.BytesIO(samples.word()))
    members: dict[str, str | bytes] = {name: source.read(name) for name in source.namelist()}
    document = source.read("word/document.xml").decode()
    members["word/document.xml"] = document.replace("<w:sectPr", f"{body}<w:sectPr", 1)
    return packed(members | (parts or {}))


def run(text: str, marks: str = "") -> str:
    return f'<w:r><w:rPr>{marks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def word_part(root: str, text: str) -> str:
    return f'<w:{root} xmlns:w="{W}"><w:p>{run(text)}</w:p></w:{root}>'


def word_comments(*texts: str) -> str:
    told = "".join(
        f'<w:comment w:id="{number}" w:author="A"><w:p>{run(text)}</w:p></w:comment>'
        for number, text in enumerate(texts)
    )
    return f'<w:comments xmlns:w="{W}">{told}</w:comments>'


def custom_properties(name: str, text: str) -> str:
    office = "http://schemas.openxmlformats.org/officeDocument/2006"
    return (
        f'<Properties xmlns="{office}/custom-properties" xmlns:vt="{office}/docPropsVTypes">'
        f'<property name="{name}"><vt:lpwstr>{text}</vt:lpwstr></property></Properties>'
    )


def links(address: str) -> str:
    return (
        f'<Relationships xmlns="{_LINKS}"><Relationship Id="r9" Type="{_R}/hyperlink" '
        f'Target="{address}" TargetMode="External"/></Relationships>'
    )


def word_with_author(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(SEEN)
    document.core_properties.author = text
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def pdf(
    *, author: str = "", note: str = "", field: str = "", link: str = "", outline: str = ""
) -> bytes:
    output = io.BytesIO()
    canvas = Canvas(output)
    canvas.drawString(72, 720, SEEN)
    if author:
        canvas.setAuthor(author)
    if note:
        canvas.textAnnotation(note, Rect=[10, 10, 50, 50])
    if field:
        canvas.acroForm.textfield(name="field", value=field, x=100, y=500)
    if link:
        canvas.linkURL(link, (72, 690, 200, 710))
    if outline:
        canvas.bookmarkPage("here")
        canvas.addOutlineEntry(outline, "here")
    canvas.save()
    return output.getvalue()


def pdf_with_file(name: str, content: bytes) -> bytes:
    document = pypdfium2.PdfDocument(pdf())
    document.new_attachment(name).set_data(content)
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def pdf_with_properties(text: str, *, is_packed: bool) -> bytes:
    """The properties in XML, as a stream of their own at the end of the file."""
    xml = f"<x:xmpmeta><dc:subject>{text}</dc:subject></x:xmpmeta>".encode()
    content = zlib.compress(xml) if is_packed else xml
    packing = "/Filter /FlateDecode " if is_packed else ""
    head = f"99 0 obj\n<</Type /Metadata /Subtype /XML {packing}/Length {len(content)}>>\nstream\n"
    return pdf() + head.encode() + content + b"\nendstream\nendobj\n"


def revised_pdf(removed: str) -> bytes:
    """A page that was saved again, at the end of the file, without its second line."""
    output = io.BytesIO()
    canvas = Canvas(output, pageCompression=0)
    canvas.drawString(72, 720, SEEN)
    canvas.drawString(72, 600, removed)
    canvas.save()
    raw = output.getvalue()
    number = int(re.findall(rb"(\d+) 0 obj\s*<<[^>]*?/Length", raw)[0])
    root = re.findall(rb"/Root \d+ 0 R", raw)[0].decode()
    before = int(re.findall(rb"startxref\s+(\d+)", raw)[0])
    page = f"BT /F1 12 Tf 72 720 Td ({SEEN}) Tj ET"
    added = f"\n{number} 0 obj\n<</Length {len(page)}>>\nstream\n{page}\nendstream\nendobj\n"
    table = (
        f"xref\n{number} 1\n{len(raw) + 1:010} 00000 n \n"
        f"trailer\n<<{root} /Size {number + 1} /Prev {before}>>\n"
        f"startxref\n{len(raw) + len(added)}\n%%EOF\n"
    )
    return raw + (added + table).encode()


def pdf_of_pictures(*, with_text: bool = False) -> bytes:
    """A page that is a picture; and, wanted so, a page of text with a small one."""
    document = pypdfium2.PdfDocument(pdf() if with_text else samples.blank_pdf())
    page = document[0]
    bitmap = pypdfium2.PdfBitmap.new_native(20, 20, pdfium.FPDFBitmap_BGR)
    image = pypdfium2.PdfImage.new(document)
    image.set_bitmap(bitmap)
    side = 30 if with_text else 190
    image.set_matrix(pypdfium2.PdfMatrix().scale(side, side))
    page.insert_obj(image)
    page.gen_content()
    if not with_text:
        # A page of words first, or the whole file would be refused for having none.
        document.import_pages(pypdfium2.PdfDocument(pdf()), index=0)
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def workbook(
    *, cell: str = "", state: str = "visible", row: str = "", column: str = "", comment: str = "",
    name: str = "", left: str = "",
) -> bytes:  # fmt: skip
    second = (
        f'<worksheet xmlns="{_S}"><cols><col min="2" max="2" hidden="1"/></cols><sheetData>'
        f'<row r="1"><c r="A1" t="inlineStr"><is><t>{cell}</t></is></c>'
        f'<c r="B1" t="inlineStr"><is><t>{column}</t></is></c></row>'
        f'<row r="2" hidden="1"><c r="A2" t="inlineStr"><is><t>{row}</t></is></c></row>'
        "</sheetData></worksheet>"
    )
    return packed(
        {
            "xl/workbook.xml": f'<workbook xmlns="{_S}" xmlns:r="{_R}"><sheets>'
            '<sheet name="Open" sheetId="1" r:id="r1"/>'
            f'<sheet name="Second" sheetId="2" state="{state}" r:id="r2"/></sheets>'
            f'<definedNames><definedName name="limit">"{name}"</definedName></definedNames>'
            "</workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_LINKS}">'
            '<Relationship Id="r1" Target="worksheets/sheet1.xml"/>'
            '<Relationship Id="r2" Target="worksheets/sheet2.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_S}"><sheetData><row r="1">'
            '<c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>',
            "xl/worksheets/sheet2.xml": second,
            "xl/sharedStrings.xml": f'<sst xmlns="{_S}"><si><t>{SEEN}</t></si>'
            f"<si><t>{left}</t></si></sst>",
            "xl/comments1.xml": f'<comments xmlns="{_S}"><commentList><comment ref="A1">'
            f"<text><r><t>{comment}</t></r></text></comment></commentList></comments>",
        }
    )


def _slide(root: str, text: str, *, marks: str = "", shape: str = "") -> str:
    return (
        f'<p:{root} xmlns:p="{_P}" xmlns:a="{_A}" {marks}><p:cSld><p:spTree><p:sp><p:nvSpPr>'
        f'<p:cNvPr id="2" name="box" {shape}/></p:nvSpPr><p:txBody><a:p><a:r><a:t>{text}</a:t>'
        f"</a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:{root}>"
    )


def presentation(*, hidden: str = "", shape: str = "", notes: str = "", comment: str = "") -> bytes:
    remarks = f'<p:cmLst xmlns:p="{_P}"><p:cm><p:text>{comment}</p:text></p:cm></p:cmLst>'
    return packed(
        {
            "ppt/presentation.xml": f'<p:presentation xmlns:p="{_P}"/>',
            "ppt/slides/slide1.xml": _slide("sld", SEEN),
            "ppt/slides/slide2.xml": _slide("sld", hidden, marks='show="0"'),
            "ppt/slides/slide3.xml": _slide("sld", shape, shape='hidden="1"'),
            "ppt/notesSlides/notesSlide1.xml": _slide("notes", notes),
            "ppt/comments/comment1.xml": remarks,
        }
    )


def png(text: str, *, is_packed: bool = False) -> bytes:
    said = b"Comment\0" + (b"\0" + zlib.compress(text.encode()) if is_packed else text.encode())
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"zTXt" if is_packed else b"tEXt", said),
        (b"IDAT", zlib.compress(b"\0\0")),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


def jpeg(text: str, *, encoding: str = "ascii") -> bytes:
    exif = b"Exif\0\0II*\0" + text.encode(encoding)
    head = b"\xff\xd8\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    return head + b"\xff\xda\0\2" + bytes(64) + b"\xff\xd9"
