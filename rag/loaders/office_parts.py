"""Office archives: what stands in each part beside the text, and which parts nobody can read."""

import hashlib
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from rag.loaders import pictures
from rag.loaders.blocks import Aside, Unread, What, Where

PART_BYTES_MAX = 32 * 1024 * 1024
_XML = (".xml", ".rels", ".vml")
# The blank page that the usual library puts as a thumbnail into every document it makes.
_BLANK_THUMBNAIL = "96367138dc44ce09bf2c8f0f8e49348a1478d2c5c0af69bbc2bbc38b63cdcead"
_UNREAD = (
    (re.compile(r"vbaproject|/macrosheets/|\.bas$", re.IGNORECASE), What.MACRO),
    (re.compile(r"printersettings\d*\.bin$", re.IGNORECASE), None),
    (re.compile(r"/embeddings/|activex|/oleobjects?|\.bin$", re.IGNORECASE), What.OBJECT),
    (
        re.compile(r"/media/[^/]+\.(?:mp[34]|m4[av]|wav|avi|mov|wm[av])$", re.IGNORECASE),
        What.OBJECT,
    ),
    (
        re.compile(r"/media/|\.(?:png|jpe?g|gif|bmp|tiff?|[ew]mf|svg|ico|webp)$", re.IGNORECASE),
        What.IMAGE,
    ),
)
_ALTERNATIVES = frozenset({"descr", "title", "alt", "tooltip", "screentip"})
_PEOPLE = frozenset({"author", "initials", "userid", "username", "lastmodifiedby", "displayname"})
# Names of fonts say nothing of anybody, and are written in every alphabet.
_FONTS = frozenset({"typeface", "ascii", "hansi", "eastasia", "cs", "panose", "script"})

_TEXTS = frozenset({"t", "delText", "instrText", "delInstrText", "text"})
_PARAGRAPHS = frozenset({"p", "si", "is", "comment", "cm", "threadedComment"})
# They hold hundreds of names of styles and fonts, of which none was chosen by who wrote the text.
_DECORATION = re.compile(
    r"/(?:styles\w*|fontTable|webSettings|numbering|tableStyles|theme/[^/]+|themeOverride[^/]*)\.xml$",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"\d[\d -]{8,}[\dXx]")
_FRACTION = re.compile(r"-?\d+\.\d+(?:[Ee][+-]?\d+)?")
_IDENTIFIER = re.compile(r"\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?")
_SCHEMA = re.compile(r"https?://(?:schemas|purl|www\.w3)\.|urn:schemas|application/")
_MEASURES = re.compile(r"[\d.,;:\s%a-z()@+*/-]*")


@dataclass(frozen=True, slots=True)
class Rule:
    """Texts of the parts whose name matches are told as `where`; None: their text is read elsewhere."""

    pattern: re.Pattern[str]
    where: str | None


def rule(pattern: str, where: str | None) -> Rule:
    return Rule(re.compile(pattern, re.IGNORECASE), where)


_COMMON = (
    rule(r"docProps/", Where.METADATA),
    rule(r"/people|/persons/|/settings\.xml|commentAuthors|docMetadata", Where.METADATA),
    rule(r"comments", Where.COMMENT),
    rule(r"/(?:header|footer)\d*\.xml", Where.EDGE),
    rule(r"/(?:footnotes|endnotes)\.xml|/notesSlides/", Where.ANNOTATION),
)


def beside_parts(archive: zipfile.ZipFile, rules: Sequence[Rule]) -> Iterator[Aside | Unread]:
    """Yield the texts and telling attributes of every part, and each part that cannot be read.

    The first rule that matches a part's name says where its text belongs; without one it is
    hidden text.
    """
    for member in archive.infolist():
        if not member.is_dir() and member.filename != "[Content_Types].xml":
            yield from _part(archive, member, (*rules, *_COMMON))


def _part(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, rules: Sequence[Rule]
) -> Iterator[Aside | Unread]:
    name = member.filename
    if not name.lower().endswith(_XML):
        yield from _no_xml(archive, member)
        return
    root = parsed(archive, name)
    if root is None:
        yield Unread(What.PART)
    elif name.endswith(".rels"):
        yield from _links(root)
    else:
        matching = (each.where for each in rules if each.pattern.search(name))
        where = next(matching, Where.HIDDEN)
        yield from _long_numbers(root) if _DECORATION.search(name) else marks_of(root)
        if where == Where.METADATA:
            yield from _properties(root)
        elif where is not None:
            for text in paragraphs_of(root):
                yield Aside(text, where)


def parsed(archive: zipfile.ZipFile, name: str) -> Any | None:
    """Return the part's root element, or None where there is none, or none that can be read."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        if archive.getinfo(name).file_size > PART_BYTES_MAX:
            return None
        return etree.fromstring(archive.read(name), parser)
    except (etree.LxmlError, zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError):
        return None
    except (NotImplementedError, RuntimeError):
        # A way of packing or locking that the standard library does not know.
        return None


def local(element: Any) -> str:
    """Return the element's name without its namespace; empty for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def paragraphs_of(root: Any) -> Iterator[str]:
    """Yield the texts of a part, those of one paragraph joined, in their order."""
    current: Any = None
    letters: list[str] = []
    for element in root.iter():
        text = element.text if isinstance(element.tag, str) else None
        if not text or not text.strip():
            if local(element) in {"tab", "br", "cr"}:
                letters.append(" ")
            elif text and local(element) in _TEXTS:
                letters.append(text)
            continue
        above = paragraph_above(element)
        if above is not current or above is None:
            yield "".join(letters)
            letters, current = [], above
        letters.append(text)
    yield "".join(letters)


def paragraph_above(element: Any) -> Any | None:
    """Return the nearest element around it that holds one stretch of text."""
    while element is not None and local(element) not in _PARAGRAPHS:
        element = element.getparent()
    return element


def marks_of(root: Any) -> Iterator[Aside]:
    """Yield the attributes that say something, and what stands in the XML as a remark."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            if element.tag is not etree.Entity:
                yield Aside(element.text or "", Where.HIDDEN)
            continue
        for name, value in element.attrib.items():
            where = _where(name.rpartition("}")[2].lower(), value)
            if where is not None:
                yield Aside(value, where)


def _long_numbers(root: Any) -> Iterator[Aside]:
    for element in root.iter(etree.Element):
        for value in element.attrib.values():
            if _LONG_NUMBER.search(value) and local(element) != "panose1":
                yield Aside(value, Where.HIDDEN)


def _where(name: str, value: str) -> str | None:
    if name in _ALTERNATIVES:
        return Where.ALTERNATIVE
    if name in _PEOPLE:
        return Where.METADATA
    if name in _FONTS or not _is_telling(value):
        return None
    return Where.HIDDEN


def _is_telling(value: str) -> bool:
    """Tell what somebody wrote from switches, measures, identifiers and addresses of schemas."""
    if not value.isascii():
        return any(letter.isalnum() for letter in value)
    if len(value) < 10 or _IDENTIFIER.fullmatch(value) or _SCHEMA.match(value):
        return False
    if _FRACTION.fullmatch(value):
        return False
    if _LONG_NUMBER.search(value) or re.search(r"\w@\w", value):
        return True
    return any(letter.isdigit() for letter in value) and not _MEASURES.fullmatch(value)


def _properties(root: Any) -> Iterator[Aside]:
    """Yield what is said of the document, each with its name: the name tells what it means."""
    for element in root.iter():
        name = local(element)
        text = (element.text or "").strip() if name else ""
        if text:
            owner = element if element.get("name") else element.getparent()
            named = owner.get("name") if owner is not None else None
            yield Aside(f"{named or name}: {text}", Where.METADATA)
        elif name == "docVar":
            said = [value for _, value in element.attrib.items()]
            yield Aside(": ".join(said), Where.METADATA)
        elif name in {"connectString", "query"}:
            yield Aside(" ".join(element.attrib.values()), Where.METADATA)


def _links(root: Any) -> Iterator[Aside]:
    for element in root.iter():
        if isinstance(element.tag, str) and element.get("TargetMode") == "External":
            yield Aside(element.get("Target") or "", Where.LINK)


def _no_xml(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[Aside | Unread]:
    name = member.filename
    if "embeddings/" in name.lower():
        yield Aside(name.rpartition("/")[2], Where.ATTACHMENT)
    matching = (what for pattern, what in _UNREAD if pattern.search(name))
    what = next(matching, What.PART)
    if what == What.IMAGE:
        yield from _picture(archive, member)
    elif what is not None:
        yield Unread(what)


def _picture(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[Aside | Unread]:
    """Yield what a picture says of itself; what it shows nobody reads."""
    try:
        content = archive.read(member) if member.file_size <= PART_BYTES_MAX else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        content = b""
    is_thumbnail = "thumbnail" in member.filename
    if is_thumbnail and hashlib.sha256(content).hexdigest() == _BLANK_THUMBNAIL:
        return
    yield from pictures.beside(content)
