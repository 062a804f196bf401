"""POL-05: what hides in a file beside its text is seen, judged, and never searched."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge_agent.contract.default_policy import default_document
from edge_agent.contract.findings import Kind
from edge_agent.contract.judging import Part, judge
from edge_agent.contract.levels import Level
from edge_agent.contract.policy_document import policy_of
from rag.loaders import bounds
from rag.loaders.blocks import Unread
from tests.harness.inspection import Inspection, inspect
from tests.rag import hidden, samples

POLICY = policy_of(default_document("tenant"))
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
RESIDENT = "110101199003070177"
MOBILE = "13800138000"
# Put together here, or a scanner of secrets would take it for a live one.
KEY = "sk-" + "proj-" + "a8Bf3kLm9Qx2Zt7Vw5Yc1Nd4"
CANARIES = {RESIDENT: Kind.RESIDENT_ID, MOBILE: Kind.PHONE, KEY: Kind.API_KEY}
HALVES = MOBILE[:5], MOBILE[5:]

Look = Callable[..., Inspection]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def looker(name: str, content: bytes, *, is_trial: bool = False) -> Inspection:
        path = tmp_path / "upload"
        path.write_bytes(content)
        return inspect(path, name=name, is_trial=is_trial)

    return looker


def _assert_hides(found: Inspection, canary: str, where: str) -> None:
    places = {aside.where for aside in found.asides if canary in aside.text}
    assert where in places, found.asides
    searched = " ".join(f"{block.text} {block.heading}" for block in found.blocks)
    assert canary not in searched
    assert hidden.SEEN in searched
    judgement = judge([Part(aside.text) for aside in found.asides], POLICY, now=NOW)
    kinds = {finding.kind for findings in judgement.findings for finding in findings}
    assert CANARIES[canary] in kinds
    assert judgement.level > Level.L0


def _paragraph(inside: str) -> str:
    return f"<w:p>{inside}</w:p>"


_REMOVED = f'<w:r><w:delText xml:space="preserve">{RESIDENT}</w:delText></w:r>'
_BOX = f"<w:r><w:pict><w:txbxContent><w:p>{hidden.run(MOBILE)}</w:p></w:txbxContent></w:pict></w:r>"
_NESTED = (
    "<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc>"
    f"{_paragraph(hidden.run(RESIDENT))}</w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>"
)


@pytest.mark.parametrize(
    ("body", "canary", "where"),
    [
        (f'<w:ins w:id="1" w:author="A">{hidden.run(KEY)}</w:ins>', KEY, "tracked change"),
        (f'<w:del w:id="1" w:author="A">{_REMOVED}</w:del>', RESIDENT, "tracked change"),
        (f'<w:moveFrom w:id="1">{hidden.run(MOBILE)}</w:moveFrom>', MOBILE, "tracked change"),
        (hidden.run(MOBILE, "<w:vanish/>"), MOBILE, "hidden text"),
        (hidden.run(KEY, '<w:vanish w:val="true"/>'), KEY, "hidden text"),
        (_BOX, MOBILE, "hidden text"),
        (f"<w:sdt><w:sdtContent>{hidden.run(RESIDENT)}</w:sdtContent></w:sdt>", RESIDENT, "hidden text"),
        (f'<w:sdt><w:sdtPr><w:alias w:val="{KEY}"/></w:sdtPr></w:sdt>', KEY, "form field"),
        (f"<w:r><w:instrText>HYPERLINK tel:{MOBILE}</w:instrText></w:r>", MOBILE, "link"),
        (f'<w:r><w:pict title="{RESIDENT}"/></w:r>', RESIDENT, "alternative text"),
        (f'<w:bookmarkStart w:id="3" w:name="{MOBILE}"/>', MOBILE, "hidden text"),
        (f"<!-- {KEY} -->", KEY, "hidden text"),
    ],
)  # fmt: skip
def test_pol_05_word_text_that_is_not_shown_is_an_aside(
    look: Look, body: str, canary: str, where: str
) -> None:
    found = look("a.docx", hidden.word(body=_paragraph(hidden.run("Call ") + body)))

    _assert_hides(found, canary, where)
    assert not found.unread


def test_pol_05_word_table_in_a_table_is_an_aside(look: Look) -> None:
    _assert_hides(look("a.docx", hidden.word(body=_NESTED)), RESIDENT, "hidden text")


def test_pol_05_number_half_typed_and_half_inserted_is_whole_in_the_aside(look: Look) -> None:
    shown, added = HALVES
    body = _paragraph(f"{hidden.run(shown)}<w:ins>{hidden.run(added)}</w:ins>")

    _assert_hides(look("a.docx", hidden.word(body=body)), MOBILE, "tracked change")


@pytest.mark.parametrize(
    ("part", "content", "canary", "where"),
    [
        ("word/comments.xml", hidden.word_comments("Ask", MOBILE), MOBILE, "comment"),
        ("word/footnotes.xml", hidden.word_part("footnotes", KEY), KEY, "annotation"),
        ("word/endnotes.xml", hidden.word_part("endnotes", RESIDENT), RESIDENT, "annotation"),
        ("word/header1.xml", hidden.word_part("hdr", MOBILE), MOBILE, "header or footer"),
        ("word/footer2.xml", hidden.word_part("ftr", KEY), KEY, "header or footer"),
        ("docProps/custom.xml", hidden.custom_properties("No", RESIDENT), RESIDENT, "metadata"),
        ("docProps/custom.xml", hidden.custom_properties(KEY, "value"), KEY, "metadata"),
        ("word/_rels/comments.xml.rels", hidden.links(f"tel:{MOBILE}"), MOBILE, "link"),
        ("customXml/item7.xml", f"<form><id>{RESIDENT}</id></form>", RESIDENT, "hidden text"),
        ("customXml/item8.xml", f'<form id="{KEY}"/>', KEY, "hidden text"),
        ("word/embeddings/sheet.csv", b"1;2", "", ""),
        (f"word/embeddings/{MOBILE}.bin", b"\0", MOBILE, "attachment name"),
        ("word/media/image1.png", hidden.png(RESIDENT), RESIDENT, "metadata"),
    ],
)  # fmt: skip
def test_pol_05_parts_of_a_word_file_are_asides(
    look: Look, part: str, content: str | bytes, canary: str, where: str
) -> None:
    found = look("a.docx", hidden.word(parts={part: content}))

    if canary:
        _assert_hides(found, canary, where)


def test_pol_05_word_author_is_an_aside(look: Look) -> None:
    _assert_hides(look("a.docx", hidden.word_with_author(MOBILE)), MOBILE, "metadata")


@pytest.mark.parametrize(
    ("part", "what"),
    [
        ("word/media/image1.png", "image"),
        ("word/embeddings/oleObject1.bin", "embedded object"),
        ("word/vbaProject.bin", "macro"),
        ("word/fonts/font1.odttf", "unknown part"),
        ("word/strange.dat", "unknown part"),
        ("customXml/broken.xml", "unknown part"),
        ("docProps/thumbnail2.jpeg", "image"),
    ],
)
def test_pol_05_parts_nobody_can_read_are_named(look: Look, part: str, what: str) -> None:
    found = look("a.docx", hidden.word(parts={part: b"\0\1<"}))

    assert found.unread == (Unread(what),)


@pytest.mark.parametrize(
    ("content", "canary", "where"),
    [
        (hidden.pdf(author=RESIDENT), RESIDENT, "metadata"),
        (hidden.pdf(outline=MOBILE), MOBILE, "metadata"),
        (hidden.pdf(note=KEY), KEY, "annotation"),
        (hidden.pdf(field=MOBILE), MOBILE, "form field"),
        (hidden.pdf(link=f"https://example.org/?id={RESIDENT}"), RESIDENT, "link"),
        (hidden.pdf_with_file(f"{MOBILE}.txt", b"x"), MOBILE, "attachment name"),
        (hidden.pdf_with_properties(RESIDENT, is_packed=False), RESIDENT, "metadata"),
        (hidden.pdf_with_properties(KEY, is_packed=True), KEY, "metadata"),
        (hidden.pdf() + f"98 0 obj\n<</Own ({RESIDENT})>>\nendobj".encode(), RESIDENT, "metadata"),
        (hidden.pdf() + f"98 0 obj\n<</Alt <{MOBILE.encode().hex()}>>>\nendobj".encode(), MOBILE, "alternative text"),
        (hidden.pdf() + f"98 0 obj\n<</JS (app.alert\\(\"{KEY}\"\\))>>\nendobj".encode(), KEY, "hidden text"),
    ],
)  # fmt: skip
def test_pol_05_pdf_says_more_than_its_pages(
    look: Look, content: bytes, canary: str, where: str
) -> None:
    _assert_hides(look("a.pdf", content), canary, where)


def test_pol_05_line_of_an_earlier_revision_is_an_aside(look: Look) -> None:
    found = look("a.pdf", hidden.revised_pdf(MOBILE))

    _assert_hides(found, MOBILE, "hidden text")
    assert not found.unread


def test_pol_05_pdf_attachments_and_scanned_pages_are_unread(look: Look) -> None:
    assert Unread("attachment") in look("a.pdf", hidden.pdf_with_file("a.txt", b"x")).unread
    assert look("a.pdf", hidden.pdf_of_pictures()).unread == (
        Unread("image"),
        Unread("page without text"),
    )


def test_pol_05_logo_on_a_page_of_text_is_nothing_unread(look: Look) -> None:
    assert not look("a.pdf", hidden.pdf_of_pictures(with_text=True)).unread
    assert not look("a.pdf", samples.pdf()).unread
    assert not look("a.pdf", samples.chinese_pdf()).unread


@pytest.mark.parametrize(
    ("inside", "canary", "where"),
    [
        (f"<!-- {RESIDENT} -->", RESIDENT, "comment"),
        (f'<meta name="author" content="{MOBILE}">', MOBILE, "metadata"),
        (f"<title>{KEY}</title>", KEY, "hidden text"),
        (f'<i title="{MOBILE}"></i>', MOBILE, "alternative text"),
        (f'<img src="logo.png" alt="{RESIDENT}">', RESIDENT, "alternative text"),
        (f'<i aria-label="{KEY}"></i>', KEY, "alternative text"),
        (f"<p hidden>{MOBILE}</p>", MOBILE, "hidden text"),
        (f'<p style="display : none">{HALVES[0]}<b>{HALVES[1]}</b></p>', MOBILE, "hidden text"),
        (f'<p>a<i style="visibility:hidden">{KEY}</i></p>', KEY, "hidden text"),
        (f"<h2>b<i hidden>{MOBILE}</i></h2><p>c</p>", MOBILE, "hidden text"),
        (f"<table><tr><td>a<i hidden>{RESIDENT}</i></td></tr></table>", RESIDENT, "hidden text"),
        (f"<table><tr style='display:none'><td>{KEY}</td></tr></table>", KEY, "hidden text"),
        (f"<table><caption>{MOBILE}</caption><tr><td>a</td></tr></table>", MOBILE, "hidden text"),
        (f'<a href="tel:{MOBILE}">call</a>', MOBILE, "link"),
        (f'<a href="/form?id={RESIDENT}">form</a>', RESIDENT, "link"),
        (f'<p data-id="{RESIDENT}">a</p>', RESIDENT, "hidden text"),
        (f"<script>const key = '{KEY}'</script>", KEY, "hidden text"),
        (f"<style>.a::after {{ content: '{MOBILE}' }}</style>", MOBILE, "hidden text"),
        (f"<template><b>{RESIDENT}</b></template>", RESIDENT, "hidden text"),
        (f"<nav>{MOBILE}</nav>", MOBILE, "hidden text"),
        (f"<input type=hidden value='{KEY}'>", KEY, "form field"),
        (f"<svg><text>{MOBILE}</text></svg>", MOBILE, "hidden text"),
    ],
)  # fmt: skip
def test_pol_05_page_says_more_than_is_seen(
    look: Look, inside: str, canary: str, where: str
) -> None:
    page = f"<html><body><p>{hidden.SEEN}</p>{inside}</body></html>"

    _assert_hides(look("a.html", page.encode()), canary, where)


@pytest.mark.parametrize(
    ("before", "after", "canary", "where"),
    [
        (f"---\nowner: {MOBILE}\n---\n\n", "", MOBILE, "metadata"),
        ("", f"\n\n<!-- {RESIDENT} -->\n", RESIDENT, "comment"),
        ("", f" And <!-- {KEY} --> more.", KEY, "comment"),
        ("", f"\n\n[call](tel:{MOBILE})", MOBILE, "link"),
        ("", f'\n\n[see](https://example.org "{RESIDENT}")', RESIDENT, "alternative text"),
        ("", f"\n\n![{RESIDENT}](logo.png) a", RESIDENT, "alternative text"),
        ("", f"\n\n[//]: # ({KEY})", KEY, "alternative text"),
        ("", f"\n\n```text {MOBILE}\ncode\n```", MOBILE, "hidden text"),
        ("", f"\n\n<div data-id='{RESIDENT}'>\nx\n</div>\n", RESIDENT, "hidden text"),
    ],
)
def test_pol_05_markdown_says_more_than_is_shown(
    look: Look, before: str, after: str, canary: str, where: str
) -> None:
    found = look("a.md", f"{before}{hidden.SEEN}{after}".encode())

    _assert_hides(found, canary, where)


def test_pol_05_rule_at_the_top_of_markdown_is_no_front_matter(look: Look) -> None:
    found = look("a.md", f"---\n\n{hidden.SEEN}\n\n---\n\nmore".encode())

    assert [block.text for block in found.blocks] == [hidden.SEEN, "more"]


def test_pol_05_endless_line_after_a_rule_of_markdown_does_not_hang(look: Look) -> None:
    found = look("a.md", b"---\n" + b"word " * 200_000)

    assert [block.goes_on for block in found.blocks].count(False) == 1


def test_pol_05_plain_text_hides_nothing(look: Look) -> None:
    found = look("a.txt", f"{hidden.SEEN}\1".encode())

    assert [block.text for block in found.blocks] == [hidden.SEEN]
    assert (found.asides, found.unread) == ((), ())


@pytest.mark.slow
def test_pol_05_hundred_thousand_comments_stay_within_the_bounds(look: Look) -> None:
    comments = hidden.word_comments(*(f"remark number {number}" for number in range(100_000)))
    began = time.monotonic()

    found = look("a.docx", hidden.word(parts={"word/comments.xml": comments}))

    assert time.monotonic() - began < 60
    assert len(found.asides) == bounds.ASIDES_MAX
    assert found.unread == (Unread("unknown part"),)


@pytest.mark.parametrize("depth", [1_000, pytest.param(20_000, marks=pytest.mark.slow)])
def test_pol_05_deeply_hidden_page_does_not_hang(look: Look, depth: int) -> None:
    page = f"<p>{hidden.SEEN}</p>" + "<div hidden>" * depth + MOBILE

    _assert_hides(look("a.html", page.encode()), MOBILE, "hidden text")
