"""Where the top-level blocks of Markdown end, told line by line without parsing what is open.

Only what decides the next line is kept: an open fence, the list and how far its items are
indented, whether a paragraph or indented code may go on. Where it is in doubt no block ends,
which shows the same a little later.
"""

import re

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")
_RULE = re.compile(r" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$")
_ITEM = re.compile(r" {0,3}(?:([-*+])|(\d{1,9})([.)]))([ \t]+|$)")
_TAB_COLUMNS = 4
_CODE_COLUMNS = 4
# A long list closes between two of its items, so that readers need not wait for its end.
LIST_CHARS_MAX = 4_000


class Outline:
    """Show it each line, in order, with how many characters are open before it."""

    def __init__(self) -> None:
        self._fence = ""
        self._list = ""
        self._item_columns = 0
        self._is_after_blank = True
        self._is_closed = False
        self._is_paragraph = False
        self._was_code = False

    def begins_block(self, line: str, open_chars: int) -> bool:
        """Take the next line; return whether the block before it ends there."""
        line = line.rstrip("\n")
        if self._fence:
            self._is_closed = _closes(line, self._fence)
            self._fence = "" if self._is_closed else self._fence
            return False
        if not line.strip(" \t"):
            self._is_after_blank, self._is_paragraph = True, False
            return False
        columns = _columns(line, len(line) - len(line.lstrip(" \t")))
        begins = self._parts(line, columns, open_chars)
        self._note(line, columns)
        return begins

    def _parts(self, line: str, columns: int, open_chars: int) -> bool:
        if self._is_closed:
            return True
        if self._list and columns >= self._item_columns:
            return False
        if self._list and _list_of(line) == self._list:
            return open_chars > LIST_CHARS_MAX
        if self._is_after_blank:
            return not (columns >= _CODE_COLUMNS and self._was_code)
        return _interrupts(line)

    def _note(self, line: str, columns: int) -> None:
        if self._list and columns >= self._item_columns and not self._is_closed:
            self._is_after_blank, self._is_paragraph = False, True
            return
        kind = _list_of(line)
        if kind and (kind == self._list or not self._is_paragraph or _may_interrupt(line)):
            self._list, self._item_columns = kind, _content_columns(line)
        elif self._is_after_blank or self._is_closed or _interrupts(line):
            self._list = ""
        self._fence = "" if self._list else fence_of(line)
        self._is_closed = not self._list and bool(_HEADING.match(line))
        self._is_paragraph = not self._is_closed and not self._fence and not _RULE.match(line)
        self._was_code = columns >= _CODE_COLUMNS
        self._is_after_blank = False


def fence_of(line: str) -> str:
    """Return the sign of the fence this line opens, empty where it opens none."""
    match = _FENCE.match(line)
    # Backticks after backticks are code within a line, not a fence.
    if match is None or (match[1][0] == "`" and "`" in line[match.end() :]):
        return ""
    return match[1]


def _columns(line: str, chars: int) -> int:
    return len(line[:chars].expandtabs(_TAB_COLUMNS))


def _closes(line: str, fence: str) -> bool:
    match = _FENCE.match(line)
    if match is None or line[match.end() :].strip(" \t"):
        return False
    return match[1].startswith(fence)


def _interrupts(line: str) -> bool:
    return bool(_HEADING.match(line) or fence_of(line))


def _list_of(line: str) -> str:
    """Return the sign that items of one list share; empty where no item begins."""
    match = _ITEM.match(line)
    if match is None or _RULE.match(line):
        return ""
    return match[1] or match[3]


def _may_interrupt(line: str) -> bool:
    """Return whether an item may follow a paragraph at once: not empty, and the first."""
    match = _ITEM.match(line)
    return match is not None and match[2] in {None, "1"} and bool(line[match.end() :])


def _content_columns(line: str) -> int:
    match = _ITEM.match(line)
    if match is None:
        return 0
    sign, content = _columns(line, match.start(4)), _columns(line, match.end())
    is_beside = line[match.end() :] and content - sign <= _CODE_COLUMNS
    return content if is_beside else sign + 1
