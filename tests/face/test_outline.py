"""Where blocks end: what is cut line by line shows the same as the whole parsed at once."""

import random

import pytest

from assistant.markup import parse, to_html
from assistant.outline import LIST_CHARS_MAX, Outline

TEXTS = (
    "One.\n\nTwo\nlines.\n\n\nThree.",
    "- a\n\n- b\n\n- c\n\nEnd.",
    "1. a\n\n   more of a\n\n2. b\n\n    still b\n\n3) other",
    "- a\n  - b\n\n    c\n\n  - d\n\n- e\n\n* f",
    "Steps:\n- a\n\n- b\n\nText",
    "- a\n\n  ```py\n  x\n\n  y\n  ```\n\n- b",
    "- a\n\n ```\nnot in the list\n\n- still code\n```\n\nEnd.",
    "```\na\n\n- b\n\n# c\n```\nright behind",
    "~~~~ a\n~~~\n\n````\n~~~~\n\nEnd.",
    "``` a ` b\n\nno code",
    "Text\n```\ncode\n\ncode\n```",
    "    code\n\n    code\n\ntext",
    "text\n    still text\n\n    code",
    "# One\ntext\n## Two\n- a\n# Three",
    "> a\n\n> b\nlazy\n\nc",
    "> - a\n\n> - b",
    "|a|b|\n|-|-|\n|c|d|\n\nEnd.\n\n|e|",
    "a\n---\n\nb\n\n---\n\n* * *\n\n- - -\n\n- c",
    "Born in\n1999. A year.\n\n1. one\n\n2. two",
    "-\n\n  no item\n\n-\n  item",
    "-\ta\n\n\tb\n\nc",
    "100. a\n\n     b\n\n   c",
    "第一段。\n\n- 甲\n\n- 乙\n\n末段。",
)
PIECES = (
    *("a", " ", "\n", "\n", "\n\n", "\n\n", "- ", "1. ", "2. ", "```", "`", "|", "---", "> ", "**"),
    *("# ", "    ", "  ", "~~~", "\t", "b", "* ", "+ ", "1) ", "|a|b|\n|-|-|\n"),
)


def cut(text: str, open_chars: int = 0) -> list[str]:
    outline = Outline()
    blocks: list[str] = []
    for line in text.splitlines(keepends=True):
        if outline.begins_block(line, open_chars) or not blocks:
            blocks.append("")
        blocks[-1] += line
    return blocks


def shown(text: str) -> str:
    return to_html(parse(text))


@pytest.mark.parametrize("text", TEXTS)
def test_outline_cuts_only_where_the_parser_begins_anew(text: str) -> None:
    assert "".join(map(shown, cut(text))) == shown(text)


def test_outline_is_seldom_mistaken_about_nonsense() -> None:
    dice = random.Random(1)
    texts = ["".join(dice.choices(PIECES, k=dice.randint(1, 25))) for _ in range(4000)]

    mistaken = [text for text in texts if "".join(map(shown, cut(text))) != shown(text)]

    # What is left are empty items behind empty quotes: one list is shown as two.
    assert len(mistaken) < len(texts) * 0.004


@pytest.mark.parametrize(
    ("text", "blocks"),
    [("One.\n\nTwo.\n", 2), ("- a\n\n- b\n", 1), ("# One\nTwo.\n", 2), ("```\na\n```\nb\n", 2)],
)
def test_outline_ends_blocks_as_soon_as_it_is_sure(text: str, blocks: int) -> None:
    assert len(cut(text)) == blocks


def test_outline_lets_a_long_list_end_between_two_items_of_its_own() -> None:
    assert len(cut("- a\n  - b\n\n- c\n", LIST_CHARS_MAX + 1)) == 2
    assert len(cut("- a\n  - b\n\n  c\n", LIST_CHARS_MAX + 1)) == 1
