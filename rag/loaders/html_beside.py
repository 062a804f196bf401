"""What a web page holds beside what is seen: comments, meta tags, attributes, hidden elements."""

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import BinaryIO
from urllib.parse import unquote_plus

from selectolax.lexbor import LexborHTMLParser, LexborNode

from rag.loaders.blocks import Aside, Unread, What, Where
from rag.loaders.html import CELLS
from rag.loaders.text import decoded
from rag.loaders.trees import children, is_seen

_LINKS = frozenset({"href", "src", "action", "formaction", "cite", "poster", "background", "data"})
_ALTERNATIVES = frozenset({"title", "alt", "label", "placeholder", "summary", "abbr", "download"})
# They say how a page looks or behaves; what they hold is never written for a reader.
_FORMS = frozenset(
    [
        "class",
        "style",
        "id",
        "name",
        "type",
        "rel",
        "charset",
        "lang",
        "dir",
        "width",
        "height",
        "colspan",
        "rowspan",
        "target",
        "method",
        "role",
        "tabindex",
        "hidden",
        "for",
        "align",
        "valign",
        "border",
        "media",
        "sizes",
        "viewbox",
        "d",
        "fill",
        "stroke",
        "xmlns",
    ]
)
# What only stands in the page as code is told apart from text by being whole.
_RAW = frozenset({"script", "style", "template", "noscript"})
_DATA = re.compile(r"\s*data:(image/)?", re.IGNORECASE)
_TELLING_LINK = re.compile(r"\s*(?:mailto|tel|sms|callto):|[?&#;=@%]|\d{6}", re.IGNORECASE)
_TELLING_FORM = re.compile(r"@|\d{7}")


class _State(Enum):
    """Whether the text of a node is in the blocks, not there, or told with an element above."""

    READ = auto()
    LEFT_OUT = auto()
    TOLD = auto()


def beside(file: BinaryIO) -> Iterator[Aside | Unread]:
    """Yield what the page says besides its blocks; there is nothing in it that breaks."""
    file.seek(0)
    yield from beside_in(decoded(file.read()))


def beside_in(page: str) -> Iterator[Aside | Unread]:
    """Yield the same for a page or a piece of one that is already decoded."""
    first = LexborHTMLParser(page).root
    # Comments may stand before and after everything else.
    while first is not None and first.prev is not None:
        first = first.prev
    while first is not None:
        yield from _walk(first)
        first = first.next


def _walk(root: LexborNode) -> Iterator[Aside | Unread]:
    """Go through the tree with a stack of our own; each node knows what became of its text."""
    stack = [(root, _State.READ)]
    while stack:
        node, state = stack.pop()
        if node.tag == "-text":
            if state == _State.LEFT_OUT:
                yield Aside(node.text_content or "", Where.HIDDEN)
        elif node.tag == "-comment":
            yield Aside(node.comment_content or "", Where.COMMENT)
        else:
            yield from _attributes(node)
            if node.tag in _RAW:
                yield Aside(node.html or "", Where.HIDDEN)
                continue
            below = _state_below(node, state)
            if below == _State.TOLD and state != _State.TOLD:
                # Whole, so that a number stays one whatever marks stand in it.
                yield Aside(node.text(), Where.HIDDEN)
                yield Aside(node.text(separator=" "), Where.HIDDEN)
            stack.extend((each, below) for each in reversed(children(node)))


def _state_below(node: LexborNode, state: _State) -> _State:
    if state == _State.TOLD or (not is_seen(node) and node.tag != "head"):
        return _State.TOLD
    # A table's rows are read by their cells: what stands between them is not.
    if node.tag in {"table", "head"}:
        return _State.LEFT_OUT
    return _State.READ if node.tag in CELLS else state


def _attributes(node: LexborNode) -> Iterator[Aside | Unread]:
    marks = node.attributes
    for name, value in marks.items():
        if not value or not value.strip():
            continue
        if name in _LINKS or name == "srcset":
            yield from _link(value)
        elif node.tag == "meta" and name == "content":
            said = marks.get("name") or marks.get("property") or ""
            yield Aside(f"{said}: {value}" if said else value, Where.METADATA)
        elif name == "value":
            yield Aside(value, Where.FIELD)
        elif name in _ALTERNATIVES or (name.startswith("aria-") and " " in value.strip()):
            yield Aside(value, Where.ALTERNATIVE)
        elif name not in _FORMS or _TELLING_FORM.search(value):
            # Inline style and class names come here only when they hold a number or the like.
            yield Aside(value, Where.ALTERNATIVE if name.startswith("aria-") else Where.HIDDEN)


def _link(value: str) -> Iterator[Aside | Unread]:
    held = _DATA.match(value)
    if held:
        yield Unread(What.IMAGE if held[1] else What.OBJECT)
    elif _TELLING_LINK.search(value):
        yield Aside(value, Where.LINK)
        readable = unquote_plus(value)
        if readable != value:
            yield Aside(readable, Where.LINK)
