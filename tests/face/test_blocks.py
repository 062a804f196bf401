"""Answers as safe HTML: what is shown, what never is, and that cuts do not matter."""

import random
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as parser

from assistant.blocks import Block, BlockStream, neutral_html, render_markdown
from tests.face.payloads import HOST, LINKS, SCRIPTS, payloads

TAGS = {
    *("p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code"),
    *("em", "strong", "s", "a", "span", "sup", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"href", "title", "rel", "target", "class", "start", "data-chunk"}
ANSWER = """Staff get **eighteen weeks.** Pay follows the hours.

| Contract | Weeks |
|---|--:|
| 60 % | 18 |

1. Ask the manager.

2. Tell HR.

```python
def weeks() -> int:

    return 18
```

最后一条：提前八周申请。请假须经批准。
"""


@dataclass(frozen=True)
class Chip:
    ordinal: int
    start: int
    end: int
    chunk_id: int | None = 7
    document_name: str = "Handbook.pdf"
    page: int | None = 3
    quote: str = "eighteen weeks"


def chip_on(sentence: str, ordinal: int = 1, **details: object) -> Chip:
    start = ANSWER.index(sentence)
    return Chip(ordinal, start, start + len(sentence), **details)  # type: ignore[arg-type]


def streamed(pieces: list[str]) -> str:
    stream = BlockStream()
    blocks: list[Block] = []
    for piece in pieces:
        blocks += stream.feed(piece)
    blocks += stream.close()
    assert [block.index for block in blocks] == list(range(len(blocks)))
    return "".join(block.html for block in blocks)


def assert_harmless(rendered: str) -> None:
    for element in parser.fragment_fromstring(rendered, create_parent="div").iterdescendants():
        assert element.tag in TAGS, rendered
        assert set(element.attrib) <= ATTRIBUTES, rendered
        href = element.get("href")
        if href is not None:
            assert urlsplit(href).scheme in {"http", "https", "mailto"}, rendered
            assert element.get("rel") == "noopener noreferrer nofollow", rendered


def test_llm_01_there_are_enough_payloads() -> None:
    assert len(set(payloads())) >= 300


@pytest.mark.parametrize("payload", payloads())
def test_llm_01_02_no_payload_leaves_anything_live(payload: str) -> None:
    assert_harmless(render_markdown(payload))


@pytest.mark.parametrize("payload", SCRIPTS)
def test_llm_01_a_citation_on_a_payload_leaves_nothing_live(payload: str) -> None:
    name = f"{payload}.pdf"
    chip = Chip(1, 0, len(payload), document_name=name, quote=payload)

    rendered = render_markdown(f"{payload} And more words here.", (chip,))

    tree = parser.fragment_fromstring(rendered, create_parent="div")
    assert {element.tag for element in tree.iterdescendants()} <= TAGS
    for link in tree.iter("a"):
        if "data-chunk" in link.attrib:
            assert link.get("href", "").startswith("/passages/7?quote=")
            assert link.get("title") == name
            assert set(link.attrib) == {"class", "href", "data-chunk", "title"}


@pytest.mark.parametrize("link", LINKS)
def test_llm_02_pictures_are_only_words(link: str) -> None:
    rendered = render_markdown(f"![a picture]({link}) and ![another][r]\n\n[r]: {link}")

    assert "<img" not in rendered
    assert_harmless(rendered)


@pytest.mark.parametrize("payload", [*SCRIPTS, *LINKS, ANSWER])
def test_llm_05_a_cut_anywhere_changes_nothing(payload: str) -> None:
    whole = render_markdown(payload)

    cuts = {streamed([payload[:at], payload[at:]]) for at in range(len(payload) + 1)}

    assert cuts == {whole}
    assert streamed(list(payload)) == whole


def test_llm_05_a_cut_anywhere_leaves_chips_and_doubts_where_they_are() -> None:
    chips = (chip_on("Staff get **eighteen weeks.**"), chip_on("| 60 % | 18 |", 2))
    whole = neutral_html(ANSWER, chips)

    for at in range(len(ANSWER) + 1):
        stream = BlockStream(doubts=True)
        stream.cite(chips)
        blocks = [*stream.feed(ANSWER[:at]), *stream.feed(ANSWER[at:]), *stream.close()]
        assert "".join(block.html for block in blocks) == whole
    assert whole.count("data-cite") == 2
    assert "Handbook" not in whole
    assert "eighteen%20weeks" not in whole


def test_llm_05_any_cuts_of_all_payloads_together_change_nothing() -> None:
    text = "\n\n".join(payloads())
    whole = render_markdown(text)
    dice = random.Random(5)

    for _ in range(5):
        at = sorted(dice.sample(range(len(text)), 400))
        pieces = [text[a:b] for a, b in zip([0, *at], [*at, len(text)], strict=True)]
        assert streamed(pieces) == whole


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["a", " ", "\n", "\n\n", "- ", "1. ", "```", "`", "|", "---", "> ", "**", "_", "#",
             "[x](", ")", "<b>", "\r", "。", "    ", "~~~", "\\", "&lt;", "⸤1⸥", "🙂"]
        ),
        max_size=40,
    )
)  # fmt: skip
def test_llm_05_any_markdown_cut_anywhere_is_the_same_and_harmless(pieces: list[str]) -> None:
    rendered = render_markdown("".join(pieces))

    assert streamed(pieces) == rendered
    assert_harmless(rendered)


def test_llm_07_line_ends_of_every_kind_stay_text() -> None:
    text = "one\n\nevent: done\ndata: {}\r\rid: 9\u2028data: x\u0085y"

    rendered = render_markdown(text)

    assert parser.fragment_fromstring(rendered, create_parent="div").text_content().split() == [
        "one", "event:", "done", "data:", "{}", "id:", "9", "data:", "x", "y",
    ]  # fmt: skip


def test_blocks_close_as_soon_as_the_next_one_begins() -> None:
    stream = BlockStream()

    assert stream.feed("First words.") == []
    assert stream.feed(" More.\n\n") == []
    (block,) = stream.feed("Second\n")
    assert block == Block(0, "<p>First words. More.</p>\n", len("First words. More.\n\n"))
    assert stream.close() == [Block(1, "<p>Second</p>\n", len("First words. More.\n\nSecond\n"))]


def test_blocks_keep_a_list_together_over_blank_lines() -> None:
    rendered = render_markdown("1. one\n\n2. two\n\nEnd.")

    assert rendered.count("<ol>") == 1
    assert rendered.endswith("<p>End.</p>\n")


def test_blocks_show_tables_lists_and_coloured_code() -> None:
    rendered = render_markdown(ANSWER)

    assert '<td class="right">18</td>' in rendered
    assert rendered.count("<li>") == 2
    assert '<span class="tok-k">def</span>' in rendered
    assert "style=" not in rendered


def test_headings_stay_below_those_of_the_page() -> None:
    assert render_markdown("# One\n\n##### Five") == "<h3>One</h3>\n<h6>Five</h6>\n"


def test_chips_stand_behind_their_sentences() -> None:
    rendered = render_markdown(ANSWER, (chip_on("Staff get **eighteen weeks.**"),))

    assert (
        '<strong>eighteen weeks.</strong><sup><a class="cite"'
        ' href="/passages/7?quote=eighteen%20weeks" data-chunk="7" title="Handbook.pdf">1</a></sup>'
    ) in rendered


def test_chips_stand_inside_the_cell_of_a_table() -> None:
    rendered = render_markdown(ANSWER, (chip_on("| 60 % | 18 |", 2),))

    assert '<td class="right">18<sup><a' in rendered


def test_chips_of_a_deleted_passage_lead_nowhere() -> None:
    rendered = render_markdown(ANSWER, (chip_on("Pay follows the hours.", chunk_id=None),))

    assert '<sup><span class="cite gone" title="Handbook.pdf">1</span></sup>' in rendered


def test_chips_never_break_code() -> None:
    plain = render_markdown(ANSWER)
    marked = render_markdown(ANSWER, (chip_on("return 18"),))

    code = plain[plain.index("<pre>") : plain.index("</pre>")]
    assert code in marked


def test_unsupported_sentences_get_a_dotted_line() -> None:
    rendered = render_markdown(ANSWER, (chip_on("Staff get **eighteen weeks.**"),))

    assert '<span class="unsupported">Pay follows the hours.</span>' in rendered
    assert '<span class="unsupported">最后一条：提前八周申请。请假须经批准。</span>' not in rendered
    assert '<span class="unsupported">请假须经批准。</span>' in rendered


def test_without_any_citation_nothing_is_underlined() -> None:
    assert "unsupported" not in render_markdown(ANSWER)


def test_chips_known_before_a_block_closes_stand_in_it() -> None:
    stream = BlockStream()
    stream.cite([Chip(1, 0, 6)])

    (block,) = stream.feed("First.\n\nSecond.\n")

    assert block.html == '<p>First.<sup data-cite="1"></sup></p>\n'


def test_a_long_answer_is_rendered_in_short_time() -> None:
    text = "\n\n".join(f"Paragraph {number} of many, with *some* words." for number in range(2000))

    assert render_markdown(text).count("<p>") == 2000


@pytest.mark.parametrize("sign", ["[", "(", "*", "`", ">", "- ", "![", "<", "_a", "|"])
def test_deep_nesting_is_no_trap(sign: str) -> None:
    assert_harmless(render_markdown(sign * 5000 + f"http://{HOST}"))
