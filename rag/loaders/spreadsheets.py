"""Spreadsheets: rows of visible sheets as blocks; hidden sheets, formulas and remarks beside them."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rag.loaders.blocks import Aside, Block, Unread, What, Where
from rag.loaders.office_parts import beside_parts, local, parsed, rule

MAIN_PART = "xl/workbook.xml"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RULES = (
    rule(r"^xl/(?:worksheets/[^/]*|sharedStrings)\.xml$", None),
    rule(r"^xl/workbook\.xml$", Where.METADATA),
)
_EDGES = ("Header", "Footer")


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str
    is_hidden: bool


def inspect(archive: zipfile.ZipFile) -> Iterator[Block | Aside | Unread]:
    """Yield all that stands in the sheets, whether shown or not, and in the other parts."""
    strings = _strings(parsed(archive, "xl/sharedStrings.xml"))
    used: set[int] = set()
    for sheet in _sheets(archive):
        yield Aside(sheet.name, Where.SHEET)
        root = parsed(archive, sheet.part)
        if root is None:
            yield Unread(What.PART)
        else:
            yield from _sheet(sheet, root, strings, used)
    # A deleted cell often leaves its text behind.
    left = [text for number, text in enumerate(strings) if number not in used]
    yield Aside("\n".join(left), Where.HIDDEN)
    yield from beside_parts(archive, _RULES)


def _strings(root: Any | None) -> list[str]:
    return [] if root is None else [_text(each) for each in root if local(each) == "si"]


def _text(element: Any) -> str:
    return "".join(each.text or "" for each in element.iter() if local(each) == "t")


def _sheets(archive: zipfile.ZipFile) -> list[_Sheet]:
    """Return the sheets the workbook names, then those it does not: they count as hidden."""
    links = parsed(archive, "xl/_rels/workbook.xml.rels")
    targets = {} if links is None else {each.get("Id"): each.get("Target") or "" for each in links}
    book = parsed(archive, MAIN_PART)
    sheets = []
    for each in [] if book is None else book.iter():
        if local(each) == "sheet":
            target = targets.get(each.get(_RELATION), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            is_hidden = each.get("state", "visible") != "visible"
            sheets.append(_Sheet(each.get("name", ""), part, is_hidden))
    known = {sheet.part for sheet in sheets}
    names = (name for name in archive.namelist() if name.startswith("xl/worksheets/sheet"))
    return sheets + [_Sheet("", name, is_hidden=True) for name in names if name not in known]


def _sheet(sheet: _Sheet, root: Any, strings: list[str], used: set[int]) -> Iterator[Block | Aside]:
    hidden_columns = _hidden_columns(root)
    hidden: list[str] = []
    behind: list[str] = []
    for element in root.iter():
        name = local(element)
        if name == "row":
            shown, unseen = _row(element, strings, used, hidden_columns)
            if sheet.is_hidden or element.get("hidden") in {"1", "true"}:
                shown, unseen = [], shown + unseen
            hidden.append(" | ".join(unseen))
            if shown:
                yield Block(" | ".join(shown), heading=sheet.name, is_table=True)
        elif name.endswith(_EDGES):
            yield Aside(element.text or "", Where.EDGE)
        elif name not in {"v", "t"} and element.text and element.text.strip():
            # Formulas of cells, of what may be entered, of colours that depend on them.
            behind.append(element.text)
    yield Aside("\n".join(filter(None, hidden)), Where.SHEET if sheet.is_hidden else Where.HIDDEN)
    yield Aside("\n".join(behind), Where.HIDDEN)


def _hidden_columns(root: Any) -> list[tuple[int, int]]:
    return [
        (int(each.get("min", "0")), int(each.get("max", "0")))
        for each in root.iter()
        if local(each) == "col" and each.get("hidden") in {"1", "true"}
    ]


def _row(
    row: Any, strings: list[str], used: set[int], hidden: list[tuple[int, int]]
) -> tuple[list[str], list[str]]:
    """Return the texts of the row's cells: those shown and those in hidden columns."""
    shown: list[str] = []
    unseen: list[str] = []
    for place, cell in enumerate((each for each in row if local(each) == "c"), start=1):
        text = _cell(cell, strings, used)
        column = _column(cell.get("r", "")) or place
        is_hidden = any(first <= column <= last for first, last in hidden)
        if text:
            (unseen if is_hidden else shown).append(text)
    return shown, unseen


def _cell(cell: Any, strings: list[str], used: set[int]) -> str:
    value = next((each.text or "" for each in cell if local(each) == "v"), "")
    if cell.get("t") == "s" and value.strip().isdigit() and int(value) < len(strings):
        used.add(int(value))
        return strings[int(value)]
    return value or _text(cell)


def _column(reference: str) -> int:
    number = 0
    for letter in reference:
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
