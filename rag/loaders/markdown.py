"""Markdown: headings become the outline, tables stay Markdown rows, marks of style go."""

from collections.abc import Iterator
from typing import BinaryIO

from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag.loaders.blocks import Block, Outline, joined_lines, markdown_table
from rag.loaders.text import decoded

_PARSER = MarkdownIt("commonmark", {"maxNesting": 50}).enable("table")


def load(file: BinaryIO) -> Iterator[Block]:
    file.seek(0)
    yield from _Reader().blocks(_PARSER.parse(decoded(file.read())))


class _Reader:
    """Walks the tokens once, remembering the outline, the open table and the open list."""

    def __init__(self) -> None:
        self.outline = Outline()
        self.rows: list[list[str]] = []
        self.items: list[str] = []
        self.list_depth = 0
        self.opened = ""

    def blocks(self, tokens: list[Token]) -> Iterator[Block]:
        for token in tokens:
            self.list_depth += token.nesting * token.type.startswith(("bullet_list", "ordered_"))
            if token.type == "tr_open":
                self.rows.append([])
            elif token.type in {"heading_open", "th_open", "td_open"}:
                self.opened = token.tag
            elif token.type == "inline":
                yield from self._inline(_plain(token))
            elif token.type in {"fence", "code_block"}:
                yield from self._block(token.content.strip("\n"))
            elif token.type == "table_close":
                yield from self._block(markdown_table(self.rows), is_table=True)
                self.rows = []
            elif token.type.endswith("_list_close") and self.list_depth == 0:
                yield from self._block("\n".join(self.items))
                self.items = []

    def _inline(self, text: str) -> Iterator[Block]:
        opened, self.opened = self.opened, ""
        if opened in {"th", "td"}:
            self.rows[-1].append(text)
        elif opened:
            self.outline.enter(int(opened[1:]), text)
        elif self.list_depth:
            self.items.append("  " * (self.list_depth - 1) + f"- {text}")
        else:
            yield from self._block(text)

    def _block(self, text: str, *, is_table: bool = False) -> Iterator[Block]:
        if text.strip():
            yield Block(text, heading=self.outline.heading, is_table=is_table)


def _plain(token: Token) -> str:
    parts = []
    for child in token.children or []:
        is_break = child.type in {"softbreak", "hardbreak"}
        parts.append("\n" if is_break else child.content)
    return joined_lines("".join(parts).split("\n"))
