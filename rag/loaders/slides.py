"""Slides: what is shown as blocks; hidden slides and shapes, speakers' notes and remarks beside it."""

import re
import zipfile
from collections.abc import Iterator
from typing import Any

from rag.loaders.blocks import Aside, Block, Unread, What, Where
from rag.loaders.office_parts import beside_parts, local, parsed, rule

MAIN_PART = "ppt/presentation.xml"
_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml")
_RULES = (rule(r"^ppt/slides/slide\d+\.xml$", None), rule(r"/tags?/", Where.METADATA))
_SHAPES = frozenset({"sp", "grpSp", "graphicFrame", "pic", "cxnSp"})
_ON = frozenset({"1", "true"})


def inspect(archive: zipfile.ZipFile) -> Iterator[Block | Aside | Unread]:
    """Yield the slides by number, then what stands in the other parts."""
    found = (_SLIDE.fullmatch(name) for name in archive.namelist())
    numbers = sorted(int(each[1]) for each in found if each)
    for number in numbers:
        root = parsed(archive, f"ppt/slides/slide{number}.xml")
        if root is None:
            yield Unread(What.PART)
        else:
            yield from _slide(root, number)
    yield from beside_parts(archive, _RULES)


def _slide(root: Any, number: int) -> Iterator[Block | Aside]:
    is_shown = root.get("show", "1") in _ON
    for paragraph in root.iter():
        if local(paragraph) != "p":
            continue
        text = "".join(each.text or "" for each in paragraph.iter() if local(each) == "t")
        if not text.strip():
            continue
        if is_shown and not _is_in_hidden_shape(paragraph):
            yield Block(text, page=number)
        else:
            yield Aside(text, Where.HIDDEN)


def _is_in_hidden_shape(paragraph: Any) -> bool:
    shapes = (above for above in paragraph.iterancestors() if local(above) in _SHAPES)
    return any(_is_hidden(shape) for shape in shapes)


def _is_hidden(shape: Any) -> bool:
    # The first child holds the name and whether the shape is shown.
    for head in shape[:1]:
        for mark in head:
            if local(mark) == "cNvPr" and mark.get("hidden") in _ON:
                return True
    return False
