"""Web pages: what a reader sees, under its headings; scripts, menus and hidden parts go."""

from collections.abc import Iterator
from typing import BinaryIO

from selectolax.lexbor import LexborHTMLParser, LexborNode

from rag.loaders.blocks import Block, Outline, joined_lines, markdown_table
from rag.loaders.text import decoded
from rag.loaders.trees import children, is_seen, seen_text

CELLS = frozenset({"td", "th"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCK_TAGS = (
    "address article aside blockquote body dd details div dl dt fieldset figcaption figure footer"
    " header html li main ol p pre section summary ul"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_TEXT = "-text"


def load(file: BinaryIO) -> Iterator[Block]:
    file.seek(0)
    tree = LexborHTMLParser(decoded(file.read()))
    if tree.body is not None:
        yield from _Reader().blocks(tree.body)


class _Reader:
    """Walks the tree with its own stack: nesting is the page's choice, not Python's."""

    def __init__(self) -> None:
        self.outline = Outline()
        self.words: list[str] = []
        self.bullet = ""

    def blocks(self, body: LexborNode) -> Iterator[Block]:
        stack: list[tuple[LexborNode, bool]] = [(body, False)]
        while stack:
            node, is_left = stack.pop()
            if node.tag in _BLOCKS:
                yield from self._flush()
                self.bullet = "- " if node.tag == "li" and not is_left else ""
            if is_left or not is_seen(node):
                continue
            if node.tag in _HEADINGS or node.tag == "table":
                yield from self._flush()
                yield from self._whole(node)
            elif node.tag in {_TEXT, "br"}:
                self.words.append("\n" if node.tag == "br" else node.text_content or "")
            else:
                stack.append((node, True))
                stack.extend((child, False) for child in reversed(children(node)))
        yield from self._flush()

    def _whole(self, node: LexborNode) -> Iterator[Block]:
        level = _HEADINGS.get(node.tag or "")
        if level is None:
            yield from self._table(node)
        else:
            self.outline.enter(level, seen_text(node))

    def _flush(self) -> Iterator[Block]:
        lines = "".join(self.words).split("\n")
        text = joined_lines(" ".join(line.split()) for line in lines)
        self.words = []
        if text:
            yield Block(self.bullet + text, heading=self.outline.heading)

    def _table(self, table: LexborNode) -> Iterator[Block]:
        text = markdown_table(_rows(table))
        if text:
            yield Block(text, heading=self.outline.heading, is_table=True)


def _rows(table: LexborNode) -> Iterator[list[str]]:
    stack = [table]
    while stack:
        node = stack.pop()
        if not is_seen(node):
            continue
        if node.tag == "tr":
            cells = [child for child in children(node) if child.tag in CELLS]
            yield [seen_text(cell) for cell in cells]
        else:
            stack.extend(reversed(children(node)))
