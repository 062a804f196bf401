"""Which part of a web page is seen: shared by the reader of its text and of what hides there."""

import re

from selectolax.lexbor import LexborNode

_UNSEEN_TAGS = (
    "title datalist script style noscript template iframe object svg nav form button head -comment"
)
_UNSEEN = frozenset(_UNSEEN_TAGS.split())
_UNSEEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|content-visibility\s*:\s*hidden"
    r"|(?:^|[;\s])opacity\s*:\s*0*\.?0*(?:;|!|\s|$)|(?:^|[;\s])font-size\s*:\s*0(?![.\d])",
    re.IGNORECASE,
)


def is_seen(node: LexborNode) -> bool:
    """Say whether a reader sees this element, its ancestors aside."""
    if node.tag in _UNSEEN:
        return False
    marks = node.attributes
    if "hidden" in marks or marks.get("aria-hidden") == "true":
        return False
    return not _UNSEEN_STYLE.search(marks.get("style") or "")


def children(node: LexborNode) -> list[LexborNode]:
    """Return the children, stretches of text included."""
    return list(node.iter(include_text=True))


def seen_text(node: LexborNode) -> str:
    """Return what is seen of the element's text, on one line."""
    words: list[str] = []
    stack = [node]
    while stack:
        current = stack.pop()
        if current.tag == "-text":
            words.append(current.text_content or "")
        elif is_seen(current):
            stack.extend(reversed(children(current)))
    return " ".join(" ".join(words).split())
