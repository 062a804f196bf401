"""Find characters written as escapes, entities or codes in a text, and read what they stand for."""

import html
import re

from edge_agent.contract.decoding import Decoded, text_of
from edge_agent.contract.readings import Reading

_BYTES = r"(?:{0}[0-9A-Fa-f]{{2}})+"
# Which sign must stand in a text before the pattern is tried at all.
_ESCAPES: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("%", re.compile(_BYTES.format("%")), "percent"),
    ("%u", re.compile(r"(?:%u[0-9A-Fa-f]{4})+"), "percent"),
    (
        "&",
        re.compile(
            r"(?:&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,31}[0-9]{0,2});)+"
            r"|(?:&#(?:[0-9]{1,7}|[xX][0-9A-Fa-f]{1,6}))+"
        ),
        "entities",
    ),
    ("\\x", re.compile(_BYTES.format(r"\\x")), "escapes"),
    ("\\u", re.compile(r"(?:\\u[0-9A-Fa-f]{4}|\\u\{[0-9A-Fa-f]{1,6}\})+"), "escapes"),
    ("\\U", re.compile(r"(?:\\U[0-9A-Fa-f]{8})+"), "escapes"),
    ("\\", re.compile(r"(?:\\[0-3][0-7]{2})+"), "escapes"),
    # What is written to such an escape seems to be one word with its letter.
    ("\\", re.compile(r"\\{1,4}[nrt](?=[A-Za-z0-9+(_-])"), "escapes"),
    ("0x", re.compile(r"0x[0-9A-Fa-f]{2}(?:[ ,;]{0,2}0x[0-9A-Fa-f]{2}){3,}(?![0-9A-Fa-f])"), "hex"),
    (" ", re.compile(r"[0-9](?<![0-9].)[0-9]{1,2}(?:[ ,]{1,2}[0-9]{2,3}){7,}(?![0-9])"), "codes"),
    ("0", re.compile(r"[01](?<![0-9].)[01]{7}(?:[ ,]{0,2}[01]{8}){3,}(?![0-9])"), "binary"),
    ("=", re.compile(r"(?:=[0-9A-F]{2}|=\r?\n){3,}"), "quoted-printable"),
)
# Of codes and bits there are many, and nearly all are digits.
_DIGITS_MIN = {"codes": 16, "binary": 32}
_CODE = re.compile(r"[0-9A-Fa-f]{2,8}")
_BINARY, _BYTE = re.compile("[01 ,]+"), re.compile("[01]{8}")
_NUMBER = re.compile("[0-9]+")
_HEX_PAIR = re.compile(r"(?:0x|[%=]|\\x)([0-9A-Fa-f]{2})")


def escapes(reading: Reading) -> list[Decoded]:
    """Return each run of escaped characters as what it stands for."""
    text = reading.text
    return sorted(
        (
            Decoded(match.start(), match.end(), plain, how)
            for sign, pattern, how in _ESCAPES
            if sign in text and reading.digits >= _DIGITS_MIN.get(how, 0)
            for match in pattern.finditer(text)
            if (plain := _unescaped(match[0])) not in {None, "", match[0]}
        ),
        key=lambda each: (each.start, -each.end),
    )


def _unescaped(run: str) -> str | None:
    if run[0] == "&":
        return html.unescape(run)
    if run[0] in "0123456789" and run[1] != "x":
        return _of_codes(run)
    if run[:2] in {"\\u", "\\U", "%u"}:
        units = [int(code, 16) for code in _CODE.findall(run)]
        return _of_units(units)
    if run[-1] in "nrt":
        return "\t" if run[-1] == "t" else "\n"
    if run[0] == "\\" and run[1] != "x":
        return text_of(bytes(int(code, 8) for code in run[1:].split("\\")))
    return text_of(bytes.fromhex("".join(_HEX_PAIR.findall(run))), is_short=True)


def _of_codes(run: str) -> str | None:
    """Read the numbers of bytes, written out in tens or in twos."""
    is_binary = _BINARY.fullmatch(run) is not None
    numbers = _BYTE.findall(run) if is_binary else _NUMBER.findall(run)
    codes = [int(number, 2 if is_binary else 10) for number in numbers]
    return text_of(bytes(codes)) if max(codes) < 256 else None


def _of_units(units: list[int]) -> str | None:
    """Join UTF-16 halves and code points; what is no character is no text."""
    if any(unit > 0x10FFFF for unit in units):
        return None
    joined = "".join(map(chr, units))
    return joined.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
