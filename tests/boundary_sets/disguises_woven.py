"""Signs woven in between: invisible ones, spaces, marks, mark-up; and other orders."""

import re
from collections.abc import Callable

_BETWEEN_TWO_DIGITS = re.compile(r"(?<=\d)(?=\d)")
_INVISIBLE = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad")


def backwards(text: str) -> str:
    """Return the signs in the opposite order."""
    return text[::-1]


def _between(sign: str) -> Callable[[str], str]:
    return sign.join


def _after_each(sign: str) -> Callable[[str], str]:
    return lambda text: "".join(letter + sign for letter in text)


def _between_digits(sign: str) -> Callable[[str], str]:
    return lambda text: _BETWEEN_TWO_DIGITS.sub(sign, text)


def _wrapped_each(before: str, after: str) -> Callable[[str], str]:
    return lambda text: "".join(f"{before}{letter}{after}" for letter in text)


def _in_middle(sign: str) -> Callable[[str], str]:
    return lambda text: f"{text[: len(text) // 2]}{sign}{text[len(text) // 2 :]}"


def _in_thirds(before: str, after: str) -> Callable[[str], str]:
    def write(text: str) -> str:
        third = len(text) // 3
        return f"{text[:third]}{before}{text[third : 2 * third]}{after}{text[2 * third :]}"

    return write


def _mixed_invisible(text: str) -> str:
    return "".join(
        letter + _INVISIBLE[at % len(_INVISIBLE)] * (1 + at % 3) for at, letter in enumerate(text)
    )


def _shown_backwards(text: str) -> str:
    """Store the signs backwards and have them shown forwards."""
    return f"\u202e{text[::-1]}\u202c"


WOVEN: dict[str, Callable[[str], str]] = {
    "zero-width space": _between("\u200b"),
    "zero-width non-joiner": _between("\u200c"),
    "zero-width joiner": _between("\u200d"),
    "word joiner": _between("\u2060"),
    "byte order mark": _between("\ufeff"),
    "soft hyphen": _between("\u00ad"),
    "mongolian separator": _between("\u180e"),
    "hangul filler": _between("\u3164"),
    "grapheme joiner": _between("\u034f"),
    "invisible times": _between("\u2062"),
    "variation selector": _after_each("\ufe0f"),
    "variation selector 17": _after_each("\U000e0100"),
    "tags beside": _after_each("\U000e0041"),
    "invisible mixed": _mixed_invisible,
    "combining strike": _after_each("\u0336"),
    "combining accent": _after_each("\u0301"),
    "combining many": _after_each("\u0323\u0307\u0332"),
    "bidi isolates around": _wrapped_each("\u2068", "\u2069"),
    "bidi embedding around": lambda text: f"\u202d{text}\u202c",
    "bidi marks between": _between("\u200e"),
    "bidi shown backwards": _shown_backwards,
    "single spaces": _between(" "),
    "two spaces": _between("  "),
    "thin spaces": _between("\u2009"),
    "no-break spaces": _between("\u00a0"),
    "ideographic spaces": _between("\u3000"),
    "tab in the middle": _in_middle("\t"),
    "newline in the middle": _in_middle("\n"),
    "windows newline in the middle": _in_middle("\r\n"),
    "line separator in the middle": _in_middle("\u2028"),
    "emphasis between": _in_thirds("**", "**"),
    "emphasis each": _wrapped_each("*", "*"),
    "backticks between": _in_thirds("`", "`"),
    "strike through": _in_thirds("~~", "~~"),
    "bold tag": _in_thirds("<b>", "</b>"),
    "span tag": _in_thirds('<span class="x">', "</span>"),
    "break tag": _between("<wbr>"),
    "comment between": _in_middle("<!-- x -->"),
    "entity non-joiner": _between("&zwnj;"),
    "entity shy": _in_middle("&shy;"),
}
BETWEEN_DIGITS: dict[str, Callable[[str], str]] = {
    "dots": _between_digits("."),
    "dashes": _between_digits("-"),
    "long dashes": _between_digits("–"),
    "slashes": _between_digits("/"),
    "commas": _between_digits(","),
    "comma and space": _between_digits(", "),
    "chinese commas": _between_digits("、"),
    "underscores": _between_digits("_"),
    "middle dots": _between_digits("·"),
    "bars": _between_digits("|"),
    "spaced dashes": _between_digits(" - "),
}
