"""Names in the columns of a table whose headings say so, with commas, tabs or bars between cells."""

import re
from collections.abc import Iterator

from edge_agent.contract.gazetteers import (
    CHINESE_SURNAMES,
    GIVEN_NAMES,
    SURNAMES,
    unaccented,
)
from edge_agent.contract.readings import Reading

_SIGNS = ",;\t|"
# Of these columns every entry is a name.
_OF_PEOPLE = frozenset(
    [
        "full name",
        "first name",
        "last name",
        "given name",
        "family name",
        "surname",
        "customer name",
        "employee name",
        "contact name",
        "client name",
        "patient name",
        "patient",
        "employee",
        "contact person",
        "account holder",
        "cardholder",
        "姓名",
        "客户姓名",
        "员工姓名",
        "患者姓名",
        "联系人",
        "收件人",
        "收货人",
        "负责人",
        "持卡人",
    ]
)
# Of these only what is known as a name: products and files have names, too.
_PERHAPS = frozenset({"name", "contact", "customer", "client", "user", "owner", "名字", "客户"})
# One of these is in each of the headings, and quicker to see.
_HEADING_WORDS = (
    *(
        "name",
        "patient",
        "employee",
        "contact",
        "account holder",
        "cardholder",
        "customer",
        "client",
    ),
    *("user", "owner", "姓名", "名字", "客户", "联系人", "收件人", "收货人", "负责人", "持卡人"),
)
_ENTRY = re.compile(
    r"[A-Z\u00c0-\u017f][\w.'’-]{0,24}(?:[ ,]{1,2}[A-Z\u00c0-\u017f][\w.'’-]{0,24}){0,3}|[\u4e00-\u9fff]{2,4}"
)

# A line under a heading: its cells, where it begins, which columns hold names, and the heading.
_Row = tuple[list[str], int, dict[int, bool], tuple[int, int]]


def names_in_columns(reading: Reading) -> Iterator[tuple[int, int, float, str]]:
    """Yield where each begins and ends, how sure it is, and why."""
    for cells, start, columns, _ in _rows(reading):
        yield from _entries(cells, columns, start)


def heading_of_names(reading: Reading, place: int) -> tuple[int, int] | None:
    """Return from where to where the heading stands under which the line at this place is."""
    for cells, start, _, heading in _rows(reading):
        if start <= place <= start + sum(map(len, cells)) + len(cells) - 1:
            return heading
    return None


def _rows(reading: Reading) -> Iterator[_Row]:
    text = reading.text
    if "\n" not in text or not any(map(reading.lowered.__contains__, _HEADING_WORDS)):
        return
    columns: dict[int, bool] = {}
    sign, start, last = "", 0, 0
    heading = 0, 0
    for line in text.split("\n"):
        cells = line.split(sign) if sign else [line]
        if not columns or len(cells) <= last:
            sign, columns = _heading(line)
            heading, last = (start, start + len(line)), max(columns, default=0)
        else:
            yield cells, start, columns, heading
        start += len(line) + 1


def _heading(line: str) -> tuple[str, dict[int, bool]]:
    """Return the sign between cells, and which columns hold names; True where all entries do."""
    for sign in _SIGNS:
        if sign not in line:
            continue
        names = [cell.strip().strip("\"'").replace("_", " ").lower() for cell in line.split(sign)]
        columns = {
            place: name in _OF_PEOPLE
            for place, name in enumerate(names)
            if name in _OF_PEOPLE or name in _PERHAPS
        }
        if columns:
            return sign, columns
    return "", {}


def _entries(
    cells: list[str], columns: dict[int, bool], start: int
) -> Iterator[tuple[int, int, float, str]]:
    for place, cell in enumerate(cells):
        entry = cell.strip(" \"'\r")
        if place in columns and _ENTRY.fullmatch(entry) and (columns[place] or _is_known(entry)):
            first = start + cell.index(entry)
            yield first, first + len(entry), 0.75, "name in a column of names"
        start += len(cell) + 1


def _is_known(entry: str) -> bool:
    if not entry.isascii() and entry[0] in CHINESE_SURNAMES:
        return True
    words = [unaccented(word.strip(".,")) for word in re.split("[ ,]+", entry)]
    return words[0] in GIVEN_NAMES or (len(words) > 1 and words[-1] in GIVEN_NAMES | SURNAMES)
