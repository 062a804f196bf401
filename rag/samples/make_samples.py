"""Make the demo's PDF and DOCX files from their Markdown sources: `python -m rag.samples.make_samples`.

It needs the development requirements. The Markdown samples are written by hand.
"""

from dataclasses import dataclass
from pathlib import Path

import docx
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

HERE = Path(__file__).resolve().parent
CHINESE_FONT = "STSong-Light"


@dataclass(frozen=True, slots=True)
class Block:
    """`kind` is heading1…3, table, page or text."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def main() -> None:
    sources = HERE / "sources"
    register_fonts()
    write_pdf(sources / "staff-handbook-2026.md", HERE / "Staff handbook 2026.pdf", "Times-Roman")
    write_pdf(sources / "yuangong-shouce-2026.md", HERE / "员工手册 2026.pdf", CHINESE_FONT)
    write_docx(sources / "travel-and-expenses.md", HERE / "Travel and expenses policy.docx")
    write_docx(sources / "chailv-yu-baoxiao.md", HERE / "差旅与报销制度.docx")


def register_fonts() -> None:
    """Name the font that PDF readers bring along for Chinese."""
    pdfmetrics.registerFont(UnicodeCIDFont(CHINESE_FONT))


def blocks_of(source: Path) -> list[Block]:
    """Read the little Markdown the sources use."""
    return [_block(part.strip()) for part in source.read_text().split("\n\n") if part.strip()]


def _block(part: str) -> Block:
    if part == "<page>":
        return Block("page")
    if part.startswith("|"):
        lines = [line for line in part.splitlines() if not set(line) <= set("| -")]
        cells = [tuple(cell.strip() for cell in line.strip("| ").split("|")) for line in lines]
        return Block("table", rows=tuple(cells))
    marks = len(part) - len(part.lstrip("#"))
    if marks:
        return Block(f"heading{marks}", part.lstrip("# "))
    return Block("text", part)


def write_pdf(source: Path, target: Path, font: str) -> None:
    is_chinese = font == CHINESE_FONT
    wrap = "CJK" if is_chinese else None
    text = ParagraphStyle("text", fontName=font, fontSize=10.5, leading=16, wordWrap=wrap)
    flow: list[object] = []
    for block in blocks_of(source):
        if block.kind == "page":
            flow.append(PageBreak())
        elif block.kind == "table":
            flow += [_table(block, text), Spacer(0, 4 * mm)]
        else:
            flow += [Paragraph(block.text, _style(block, text)), Spacer(0, 2 * mm)]
    title = blocks_of(source)[0].text
    SimpleDocTemplate(
        str(target), pagesize=A4, title=title, author="Northwind Clinic", invariant=1
    ).build(flow)


def _style(block: Block, text: ParagraphStyle) -> ParagraphStyle:
    sizes = {"heading1": 17, "heading2": 13, "heading3": 11.5}
    size = sizes.get(block.kind)
    if size is None:
        return text
    return ParagraphStyle(block.kind, parent=text, fontSize=size, leading=size * 1.5)


def _table(block: Block, text: ParagraphStyle) -> Table:
    rows = [[Paragraph(cell, text) for cell in row] for row in block.rows]
    line = TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.grey)])
    return Table(rows, style=line, hAlign="LEFT")


def write_docx(source: Path, target: Path) -> None:
    written = docx.Document()
    for block in blocks_of(source):
        if block.kind == "table":
            table = written.add_table(rows=0, cols=len(block.rows[0]))
            for row in block.rows:
                for cell, value in zip(table.add_row().cells, row, strict=True):
                    cell.text = value
        elif block.kind.startswith("heading"):
            written.add_heading(block.text, level=int(block.kind[-1]))
        else:
            written.add_paragraph(block.text)
    written.core_properties.author = "Northwind Clinic"
    written.save(str(target))


if __name__ == "__main__":
    main()
