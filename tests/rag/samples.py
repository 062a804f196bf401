"""Small files made on the spot: good ones of every kind, and bad ones of every reason."""

import io
import zipfile

import docx
import pypdfium2
from reportlab.lib import pagesizes
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table

MARKDOWN = """# Handbook

Staff may work from home
on *two* days a week.

## Leave

| Years | Days |
| --- | --- |
| 0 to 2 | 24 |
| 3 or more | 28 |

- ask your lead
- tell the **team**

```
code stays
```
"""

HTML = """<!doctype html><html><head><title>T</title><script>bad()</script></head><body>
<nav>menu</nav><h1>Handbook</h1><p>Staff may <b>work</b> from home<br>on two days.</p>
<h2>Leave</h2><table><tr><th>Years</th><th>Days</th></tr><tr><td>0 to 2</td><td>24</td></tr></table>
<ul><li>ask your lead</li><li>tell the team</li></ul><p hidden>unseen</p></body></html>"""


def pdf(*, pages: int = 2) -> bytes:
    output = io.BytesIO()
    styles = getSampleStyleSheet()
    story = [
        Paragraph("Travel rules", styles["Heading1"]),
        Paragraph("Trains are booked in second class. " * 12, styles["BodyText"]),
        Table([["City", "Nightly limit"], ["Berlin", "140 euros"], ["Paris", "180 euros"]]),
    ]
    for number in range(2, pages + 1):
        story += [PageBreak(), Paragraph(f"This is page number {number}.", styles["BodyText"])]
    SimpleDocTemplate(output, pagesize=pagesizes.A4).build(story)
    return output.getvalue()


def chinese_pdf() -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    output = io.BytesIO()
    canvas = Canvas(output)
    canvas.setFont("STSong-Light", 12)
    canvas.drawString(72, 720, "员工每年享有十五天带薪年假，入职满三年后")
    canvas.drawString(72, 704, "增加到二十天。")
    canvas.save()
    return output.getvalue()


def encrypted_pdf() -> bytes:
    output = io.BytesIO()
    canvas = Canvas(output, encrypt="secret")
    canvas.drawString(72, 720, "hidden")
    canvas.save()
    return output.getvalue()


def blank_pdf() -> bytes:
    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    output = io.BytesIO()
    document.save(output)
    document.close()
    return output.getvalue()


def word() -> bytes:
    document = docx.Document()
    document.add_heading("Handbook", level=1)
    document.add_paragraph("Staff may work from home on two days.")
    document.add_heading("Leave", level=2)
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["Years", "Days", "0 to 2", "24"], strict=True):
        cell.text = text
    document.add_paragraph("ask your lead", style="List Bullet")
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def zip_bomb(*, unpacked_bytes: int = 400 * 1024 * 1024) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w") as member:
            for _ in range(unpacked_bytes // (1024 * 1024)):
                member.write(b" " * 1024 * 1024)
    return output.getvalue()


def billion_laughs_docx() -> bytes:
    """A real document whose text is made of entities that name entities."""
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10)
    )
    source = zipfile.ZipFile(io.BytesIO(word()))
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                head, _, rest = content.partition(b"?>")
                doctype = f"<!DOCTYPE w:document [{entities}]>".encode()
                content = head + b"?>" + doctype + rest.replace(b"ask your lead", b"&a9;")
            archive.writestr(name, content)
    return output.getvalue()


def encrypted_word() -> bytes:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1000
    return ole + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 1000
