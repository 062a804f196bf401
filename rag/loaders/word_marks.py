"""Which stretches of a Word document are marked as hidden: by themselves or by their style."""

from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = frozenset({"0", "false", "off", "none"})
_STYLES_DEEP = 10


def is_hidden(element: Any, styles: frozenset[str]) -> bool:
    """Say whether a run or a paragraph is hidden; `styles` are the hidden styles' names."""
    if element.tag == f"{_W}r":
        marks, style = element.find(f"{_W}rPr"), f"{_W}rStyle"
    elif element.tag == f"{_W}p":
        marks, style = element.find(f"{_W}pPr"), f"{_W}pStyle"
    else:
        return False
    if marks is None:
        return False
    if element.tag == f"{_W}r" and _vanishes(marks):
        return True
    named = marks.find(style)
    return named is not None and named.get(f"{_W}val") in styles


def hidden_styles(root: Any | None) -> frozenset[str]:
    """Return the names of the styles that hide what wears them, and of those built on one."""
    if root is None:
        return frozenset()
    styles = root.findall(f"{_W}style")
    hidden: set[str] = set()
    for _ in range(_STYLES_DEEP):
        before = len(hidden)
        hidden.update(each.get(f"{_W}styleId", "") for each in styles if _hides(each, hidden))
        if len(hidden) == before:
            break
    return frozenset(hidden)


def _hides(style: Any, hidden: set[str]) -> bool:
    marks = style.find(f"{_W}rPr")
    if marks is not None and _vanishes(marks):
        return True
    base = style.find(f"{_W}basedOn")
    return base is not None and base.get(f"{_W}val") in hidden


def _vanishes(marks: Any) -> bool:
    mark = marks.find(f"{_W}vanish")
    return mark is not None and mark.get(f"{_W}val", "true") not in _OFF
