"""Markdown to HTML that is safe to show: rendered first, sanitised after, images never.

Nothing here trusts the text: it may come from a model that repeats what a document told it.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

NESTING_MAX = 20
HIGHLIGHTED_CHARS_MAX = 20_000
# Patterns of the lexers go back over what they saw, so they see little at once: the worst
# thousand characters found take 40 ms.
_CODE_PIECE_CHARS = 1_000
# The page has its own first and second headings; an answer's begin below them.
_HEADING_SHIFT = 2
_HEADING_MAX = 6
_CLASS = re.compile(r"tok-[a-z0-9]{1,4}|right|center")
_TAGS = {
    *("p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code"),
    *("em", "strong", "s", "a", "span", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "span": {"class"},
    "td": {"class"},
    "th": {"class"},
    "ol": {"start"},
}
# Those whose lexers were measured with hostile code; any other language is shown as it is.
_COLOURED = frozenset(
    [
        "python",
        "py",
        "python3",
        "js",
        "javascript",
        "ts",
        "typescript",
        "tsx",
        "json",
        "yaml",
        "yml",
        "bash",
        "sh",
        "shell",
        "zsh",
        "console",
        "sql",
        "html",
        "xml",
        "css",
        "java",
        "c",
        "cpp",
        "c++",
        "csharp",
        "c#",
        "go",
        "golang",
        "rust",
        "rs",
        "php",
        "ruby",
        "rb",
        "toml",
        "ini",
        "diff",
        "docker",
        "dockerfile",
        "kotlin",
        "swift",
        "r",
        "powershell",
        "ps1",
        "nginx",
        "make",
        "makefile",
        "lua",
        "perl",
        "scala",
    ]
)
_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True, classprefix="tok-")


def parse(markdown: str) -> list[Token]:
    return _MARKDOWN.parse(markdown)


def to_html(tokens: Sequence[Token]) -> str:
    """Return the sanitised HTML of a parsed piece of Markdown."""
    return _CLEANER.clean(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def is_too_deep(tokens: Sequence[Token]) -> bool:
    """Return whether the parser left words out because quotes or lists lie too deep."""
    return any(token.level >= NESTING_MAX - 1 for token in tokens)


def code_lines(markdown: str) -> list[tuple[int, int]]:
    """Return the first line and the line after the last of each piece of code, in order."""
    tokens: list[Token] = []
    _MARKDOWN.block.parse(markdown, _MARKDOWN, {}, tokens)
    return [
        (token.map[0], token.map[1])
        for token in tokens
        if token.type in {"fence", "code_block"} and token.map
    ]


def _kept_attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute != "class":
        return value
    return " ".join(filter(_CLASS.fullmatch, value.split())) or None


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_kept_attribute,
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel="noopener noreferrer nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
    strip_comments=True,
)


class _Renderer(RendererHTML):
    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        # An image is a request to somebody's server: only its words are shown.
        return escape(self.renderInlineAsText(tokens[idx].children, options, env))

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        language = token.info.strip().split(maxsplit=1)[0] if token.info.strip() else ""
        return f"<pre><code>{_highlighted(token.content, language)}</code></pre>\n"

    def heading_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return f"<{_lowered(tokens[idx])}>"

    def heading_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return f"</{_lowered(tokens[idx])}>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return _cell(tokens[idx])

    def td_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return _cell(tokens[idx])


def _lowered(token: Token) -> str:
    return f"h{min(int(token.tag[1]) + _HEADING_SHIFT, _HEADING_MAX)}"


def _cell(token: Token) -> str:
    # Inline styles are refused by the pages' own policy, so alignment becomes a class.
    side = str(token.attrs.get("style", "")).rpartition(":")[2]
    return f'<{token.tag} class="{side}">' if side in {"right", "center"} else f"<{token.tag}>"


def _highlighted(code: str, language: str) -> str:
    if language.lower() not in _COLOURED or len(code) > HIGHLIGHTED_CHARS_MAX:
        return escape(code)
    lexer: Any = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    return "".join(highlight(piece, lexer, _FORMATTER) for piece in _pieces(code))


def _pieces(code: str) -> Iterator[str]:
    """Cut code where a blank line stands, else at a line's end, else anywhere."""
    at = 0
    while len(code) - at > _CODE_PIECE_CHARS:
        until = at + _CODE_PIECE_CHARS
        blank, line = code.rfind("\n\n", at, until), code.rfind("\n", at, until)
        cut = blank + 2 if blank >= at else line + 1 if line >= at else until
        yield code[at:cut]
        at = cut
    yield code[at:]


# Reference definitions could change blocks that were already shown; they stay plain text.
_MARKDOWN = (
    MarkdownIt(
        "commonmark",
        {"html": False, "breaks": False, "maxNesting": NESTING_MAX},
        renderer_cls=_Renderer,
    )
    .enable(["table", "strikethrough"])
    .disable(["reference", "html_block", "html_inline"])
)
