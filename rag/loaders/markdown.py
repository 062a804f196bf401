"""Markdown: headings become the outline, tables stay Markdown rows, marks of style go."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag.loaders import html_beside
from rag.loaders.blocks import (
    Aside,
    Block,
    Outline,
    Unread,
    What,
    Where,
    joined_lines,
    markdown_table,
)
from rag.loaders.text import decoded

_PARSER = MarkdownIt("commonmark", {"maxNesting": 50}).enable("table")
# Without a blank line, or a rule at the very top would make front matter of what follows it.
_FRONT_MATTER = re.compile(
    r"\A(?:---|\+\+\+)[ \t]*\n((?:[ \t]*\S[^\n]*\n)*?)(?:---|\+\+\+|\.\.\.)[ \t]*(?:\n|\Z)"
)


def load(file: BinaryIO) -> Iterator[Block]:
    file.seek(0)
    _, body = _parted(decoded(file.read()))
    yield from _Reader().blocks(_PARSER.parse(body))


def beside(file: BinaryIO) -> Iterator[Aside | Unread]:
    """Yield front matter, comments, raw HTML, link targets and what describes pictures."""
    file.seek(0)
    front, body = _parted(decoded(file.read()))
    if front:
        yield Aside(front, Where.METADATA)
    named: dict[str, Any] = {}
    for token in _PARSER.parse(body, named):
        if token.type == "html_block":
            yield from _raw(token.content)
        if token.info:
            yield Aside(token.info, Where.HIDDEN)
        for child in token.children or []:
            yield from _inside(child)
    # A reference that no text uses is the usual way to hide a remark.
    for reference in named.get("references", {}).values():
        yield from _target(reference["href"], reference["title"])


def _parted(text: str) -> tuple[str, str]:
    front = _FRONT_MATTER.match(text)
    return (front[1], text[front.end() :]) if front else ("", text)


def _raw(html: str) -> Iterator[Aside | Unread]:
    """A block of HTML is no text of ours, so what is seen of it is told as well."""
    yield Aside(html, Where.COMMENT if html.lstrip().startswith("<!--") else Where.HIDDEN)
    yield from html_beside.beside_in(html)


def _inside(token: Token) -> Iterator[Aside | Unread]:
    if token.type == "html_inline":
        yield from _raw(token.content)
    elif token.type == "link_open":
        yield from _target(token.attrGet("href"), token.attrGet("title"))
    elif token.type == "image":
        yield Aside(token.content, Where.ALTERNATIVE)
        yield from _target(token.attrGet("src"), token.attrGet("title"))


def _target(address: object, title: object) -> Iterator[Aside | Unread]:
    link = str(address or "")
    if link.startswith("data:"):
        yield Unread(What.IMAGE if link.startswith("data:image/") else What.OBJECT)
    else:
        yield Aside(link, Where.LINK)
        yield Aside(unquote(link), Where.LINK)
    yield Aside(str(title or ""), Where.ALTERNATIVE)


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
        is_comment = child.type == "html_inline" and child.content.startswith("<!")
        if child.type == "image" or is_comment:
            # Nobody who reads the page sees a comment, nor what a picture is said to show.
            continue
        parts.append("\n" if is_break else child.content)
    return joined_lines("".join(parts).split("\n"))
