"""POL-05: files that no upload may be are looked into as well, or said to be unread."""

from pathlib import Path

import pytest

from rag.errors import DocumentUnreadable
from rag.loaders.blocks import Unread
from tests.harness.inspection import Inspection, inspect
from tests.rag import hidden, samples
from tests.rag.test_asides import KEY, MOBILE, RESIDENT, _assert_hides

TEXT = hidden.SEEN.encode()


def _look(tmp_path: Path, name: str, content: bytes) -> Inspection:
    path = tmp_path / "upload"
    path.write_bytes(content)
    return inspect(path, name=name, is_trial=True)


@pytest.mark.parametrize(
    ("content", "canary", "where"),
    [
        (hidden.workbook(cell=RESIDENT, state="hidden"), RESIDENT, "sheet"),
        (hidden.workbook(cell=MOBILE, state="veryHidden"), MOBILE, "sheet"),
        (hidden.workbook(row=KEY), KEY, "hidden text"),
        (hidden.workbook(column=MOBILE), MOBILE, "hidden text"),
        (hidden.workbook(comment=RESIDENT), RESIDENT, "comment"),
        (hidden.workbook(name=MOBILE), MOBILE, "metadata"),
        (hidden.workbook(left=KEY), KEY, "hidden text"),
    ],
)
def test_pol_05_spreadsheet_hides_nothing(
    tmp_path: Path, content: bytes, canary: str, where: str
) -> None:
    _assert_hides(_look(tmp_path, "a.xlsx", content), canary, where)


@pytest.mark.parametrize(
    ("content", "canary", "where"),
    [
        (hidden.presentation(hidden=RESIDENT), RESIDENT, "hidden text"),
        (hidden.presentation(shape=KEY), KEY, "hidden text"),
        (hidden.presentation(notes=MOBILE), MOBILE, "annotation"),
        (hidden.presentation(comment=RESIDENT), RESIDENT, "comment"),
    ],
)
def test_pol_05_slides_hide_nothing(
    tmp_path: Path, content: bytes, canary: str, where: str
) -> None:
    _assert_hides(_look(tmp_path, "a.pptx", content), canary, where)


@pytest.mark.parametrize(
    ("parts", "canary", "where"),
    [
        ({f"{MOBILE}.txt": TEXT}, MOBILE, "attachment name"),
        ({"a.txt": TEXT, f"{RESIDENT}/": b""}, RESIDENT, "attachment name"),
        ({"a.docx": hidden.word(parts={"word/comments.xml": hidden.word_comments(KEY)})}, KEY, "comment"),
        ({"a.txt": TEXT, "in.zip": hidden.packed({"b.html": f"<p>b</p><!--{MOBILE}-->"})}, MOBILE, "comment"),
        ({"a.txt": TEXT, "b.xlsx": hidden.workbook(comment=RESIDENT)}, RESIDENT, "comment"),
    ],
)  # fmt: skip
def test_pol_05_archive_hides_nothing(
    tmp_path: Path, parts: dict[str, str | bytes], canary: str, where: str
) -> None:
    _assert_hides(_look(tmp_path, "a.zip", hidden.packed(parts)), canary, where)


@pytest.mark.parametrize(
    "content",
    [
        b"\x7fELF" + bytes(100),
        samples.encrypted_pdf(),
        hidden.packed({"in.zip": hidden.packed({"b.txt": "b"})}),
        samples.zip_bomb(unpacked_bytes=40 * 1024 * 1024),
    ],
    ids=["program", "locked", "nested twice", "bomb"],
)
def test_pol_05_member_that_cannot_be_read_is_unread(tmp_path: Path, content: bytes) -> None:
    found = _look(tmp_path, "a.zip", hidden.packed({"a.txt": TEXT, "member": content}))

    assert Unread("attachment") in found.unread


@pytest.mark.parametrize(
    ("content", "canary"),
    [
        (hidden.png(RESIDENT), RESIDENT),
        (hidden.png(KEY, is_packed=True), KEY),
        (hidden.jpeg(MOBILE), MOBILE),
        (hidden.jpeg(f"电话{MOBILE}", encoding="utf-16-le"), MOBILE),
        (hidden.jpeg(f"身份证{RESIDENT}", encoding="utf-8"), RESIDENT),
    ],
)
def test_pol_05_picture_is_unread_but_its_notes_are_not(
    tmp_path: Path, content: bytes, canary: str
) -> None:
    found = _look(tmp_path, "a.png", content)

    assert any(canary in aside.text and aside.where == "metadata" for aside in found.asides)
    assert found.unread == (Unread("image"),)


@pytest.mark.parametrize(
    "content", [samples.encrypted_word(), b"\x7fELF" + bytes(99), samples.zip_bomb()]
)
def test_pol_05_what_cannot_be_looked_into_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DocumentUnreadable):
        _look(tmp_path, "a.bin", content)
