"""Other signs for the same letters and digits: scripts, styles, look-alikes, invisible doubles."""

from collections.abc import Callable, Mapping

from tests.boundary_sets.drawing import DIGITS, UPPER

_LOWER = UPPER.lower()


def _writer(table: Mapping[str, str]) -> Callable[[str], str]:
    translation = str.maketrans(dict(table))
    return lambda text: text.translate(translation)


def _row(signs: str, first: int) -> dict[str, str]:
    """Map signs to a block of code points in the same order."""
    return {sign: chr(first + at) for at, sign in enumerate(signs)}


def _styled(digits: int, upper: int, lower: int) -> Callable[[str], str]:
    return _writer({**_row(DIGITS, digits), **_row(UPPER, upper), **_row(_LOWER, lower)})


def _full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def _tags(text: str) -> str:
    return "".join(chr(0xE0000 + ord(sign)) if " " <= sign <= "~" else sign for sign in text)


def _letters(latin: str, others: str) -> Callable[[str], str]:
    return _writer(dict(zip(latin, others, strict=True)))


_CIRCLED = {**_row("123456789", 0x2460), "0": "⓪", **_row(UPPER, 0x24B6), **_row(_LOWER, 0x24D0)}
_NEGATIVE = {**_row("123456789", 0x2776), "0": "⓿", **_row(UPPER, 0x1F150)}

SCRIPTS: dict[str, Callable[[str], str]] = {
    "full width": _full_width,
    "math bold": _styled(0x1D7CE, 0x1D400, 0x1D41A),
    "math double-struck digits": _writer(_row(DIGITS, 0x1D7D8)),
    "math sans": _styled(0x1D7E2, 0x1D5A0, 0x1D5BA),
    "math sans bold": _styled(0x1D7EC, 0x1D5D4, 0x1D5EE),
    "math mono": _styled(0x1D7F6, 0x1D670, 0x1D68A),
    "segmented digits": _writer(_row(DIGITS, 0x1FBF0)),
    "circled": _writer(_CIRCLED),
    "circled dark": _writer(_NEGATIVE),
    "parenthesised": _writer({**_row("123456789", 0x2474), **_row(_LOWER, 0x249C)}),
    "keycaps": _writer({digit: f"{digit}\ufe0f\u20e3" for digit in DIGITS}),
    "arabic-indic": _writer(_row(DIGITS, 0x0660)),
    "persian": _writer(_row(DIGITS, 0x06F0)),
    "devanagari": _writer(_row(DIGITS, 0x0966)),
    "bengali": _writer(_row(DIGITS, 0x09E6)),
    "tamil": _writer(_row(DIGITS, 0x0BE6)),
    "thai": _writer(_row(DIGITS, 0x0E50)),
    "tibetan": _writer(_row(DIGITS, 0x0F20)),
    "khmer": _writer(_row(DIGITS, 0x17E0)),
    "adlam": _writer(_row(DIGITS, 0x1E950)),
    "superscript": _writer(dict(zip(DIGITS, "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))),
    "subscript": _writer(_row(DIGITS, 0x2080)),
    "tags": _tags,
    "cyrillic": _letters("ABCEHKMOPTXYaceiopsxyj", "АВСЕНКМОРТХУасеіорѕхуј"),
    "greek": _letters("ABEHIKMNOPTXYZov", "ΑΒΕΗΙΚΜΝΟΡΤΧΥΖον"),
}
FULL_STOP_DIGITS = _writer(_row("123456789", 0x2488))
LETTERS_FOR_DIGITS = _writer({"0": "O", "1": "l"})
CHINESE_DIGITS: dict[str, Callable[[str], str]] = {
    "chinese 〇": _writer(dict(zip(DIGITS, "〇一二三四五六七八九", strict=True))),
    "chinese 零": _writer(dict(zip(DIGITS, "零一二三四五六七八九", strict=True))),
    "chinese 幺": _writer(dict(zip(DIGITS, "零幺二三四五六拐八勾", strict=True))),
    "chinese formal": _writer(dict(zip(DIGITS, "零壹贰叁肆伍陆柒捌玖", strict=True))),
    "chinese traditional": _writer(dict(zip(DIGITS, "零壹貳參肆伍陸柒捌玖", strict=True))),
    "chinese every other": lambda text: "".join(
        "〇一二三四五六七八九"[int(sign)] if at % 2 and sign.isdigit() else sign
        for at, sign in enumerate(text)
    ),
}
