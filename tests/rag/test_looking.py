"""Looking for what hides in a file leaves the text that is searched as it was."""

from pathlib import Path

import pytest

from rag.parsing import parse
from tests.harness.inspection import inspect
from tests.rag import hidden, samples

MOBILE = "13800138000"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", hidden.word_with_author(MOBILE)),
        ("a.docx", hidden.word(body=hidden.run(MOBILE, "<w:vanish/>"))),
        ("a.pdf", hidden.revised_pdf(MOBILE)),
        ("a.pdf", hidden.pdf_of_pictures(with_text=True)),
        ("a.html", samples.HTML.encode() + b"<!-- " + MOBILE.encode() + b" -->"),
        ("a.md", samples.MARKDOWN.encode() + b"<!-- " + MOBILE.encode() + b" -->"),
    ],
)
def test_pol_05_looking_beside_a_text_changes_no_word_of_it(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / "upload"
    path.write_bytes(content)

    blocks = parse(path, name=name)

    assert blocks
    assert blocks == list(inspect(path, name=name).blocks)
