"""POL-05: however much hides in a file, what is looked at is bounded, and no number is cut in two."""

from pathlib import Path

import pytest

from rag.errors import DocumentUnreadable
from rag.loaders import bounds
from rag.loaders.blocks import Aside
from tests.harness.inspection import inspect
from tests.rag import hidden

MOBILE = "13800138000"


def test_pol_05_long_aside_is_cut_but_no_number_is() -> None:
    size = bounds.ASIDE_CHARS_MAX
    text = "x" * (size - 5) + MOBILE + "y" * size

    pieces = [each for each in bounds.bounded([Aside(text, "comment")]) if isinstance(each, Aside)]

    assert any(MOBILE in piece.text for piece in pieces)
    assert all(len(piece.text) <= size for piece in pieces)
    assert pieces[-1].text.endswith("y")


def test_pol_05_kinds_no_upload_may_be_are_still_refused(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(hidden.workbook())

    with pytest.raises(DocumentUnreadable):
        inspect(path, name="a.xlsx")
