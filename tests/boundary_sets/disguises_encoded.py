"""Encodings, once and twice over."""

import base64
import codecs
import gzip
import textwrap
import zlib
from collections.abc import Callable


def rot13(text: str) -> str:
    """Turn the Latin letters by thirteen places."""
    return codecs.encode(text, "rot13")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _base64_bare(text: str) -> str:
    return _base64(text).rstrip("=")


def _base64_web(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _base64_lines(text: str) -> str:
    return "\n".join(textwrap.wrap(_base64(text), 8 if len(text) < 60 else 64))


def _base64_utf16(text: str) -> str:
    return base64.b64encode(text.encode("utf-16-le")).decode()


def _data_uri(text: str) -> str:
    return f"data:text/plain;base64,{_base64(text)}"


def _base32(text: str) -> str:
    return base64.b32encode(text.encode()).decode()


def _base32_small(text: str) -> str:
    return _base32(text).rstrip("=").lower()


def _base85(text: str) -> str:
    return base64.b85encode(text.encode()).decode()


def _ascii85(text: str) -> str:
    return base64.a85encode(text.encode(), adobe=True).decode()


def _hex(text: str) -> str:
    return text.encode().hex()


def _hex_upper(text: str) -> str:
    return _hex(text).upper()


def _hex_spaced(text: str) -> str:
    return text.encode().hex(" ")


def _hex_colons(text: str) -> str:
    return text.encode().hex(":")


def _hex_0x(text: str) -> str:
    return f"0x{_hex(text)}"


def _hex_0x_each(text: str) -> str:
    return ", ".join(f"0x{byte:02x}" for byte in text.encode())


def _backslash_x(text: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


def _backslash_u(text: str) -> str:
    return "".join(f"\\u{ord(sign):04x}" for sign in text)


def _backslash_u_braces(text: str) -> str:
    return "".join(f"\\u{{{ord(sign):x}}}" for sign in text)


def _octal(text: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in text.encode())


def _percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def _entities(text: str) -> str:
    return "".join(f"&#{ord(sign)};" for sign in text)


def _entities_hex(text: str) -> str:
    return "".join(f"&#x{ord(sign):x};" for sign in text)


def _entities_open(text: str) -> str:
    return "".join(f"&#{ord(sign):07d}" for sign in text)


def _quoted_printable(text: str) -> str:
    return "".join(f"={byte:02X}" for byte in text.encode())


def _gzip(text: str) -> str:
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def _zlib(text: str) -> str:
    return base64.b64encode(zlib.compress(text.encode())).decode()


def _binary(text: str) -> str:
    return " ".join(f"{byte:08b}" for byte in text.encode())


def _decimal_codes(text: str) -> str:
    return " ".join(str(byte) for byte in text.encode())


def _full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def _then(*steps: Callable[[str], str]) -> Callable[[str], str]:
    def write(text: str) -> str:
        for step in steps:
            text = step(text)
        return text

    return write


ENCODED: dict[str, Callable[[str], str]] = {
    "base64": _base64,
    "base64 unpadded": _base64_bare,
    "base64 urlsafe": _base64_web,
    "base64 in lines": _base64_lines,
    "base64 of utf-16": _base64_utf16,
    "data uri": _data_uri,
    "base32": _base32,
    "base32 small": _base32_small,
    "base85": _base85,
    "ascii85": _ascii85,
    "hex": _hex,
    "hex upper": _hex_upper,
    "hex spaced": _hex_spaced,
    "hex colons": _hex_colons,
    "hex 0x": _hex_0x,
    "hex 0x each": _hex_0x_each,
    "backslash x": _backslash_x,
    "backslash u": _backslash_u,
    "backslash u braces": _backslash_u_braces,
    "octal": _octal,
    "percent": _percent,
    "entities": _entities,
    "entities hex": _entities_hex,
    "entities without semicolon": _entities_open,
    "quoted-printable": _quoted_printable,
    "gzip base64": _gzip,
    "zlib base64": _zlib,
    "binary": _binary,
    "decimal codes": _decimal_codes,
}
REVERSED_BASE64 = _then(lambda text: text[::-1], _base64)
# Named in the order a writer does them: "hex, base64" is base64 of hex.
TWICE: dict[str, Callable[[str], str]] = {
    "hex, base64": _then(_hex, _base64),
    "base64, percent": _then(_base64, _percent),
    "base64, base64": _then(_base64, _base64),
    "base64, hex": _then(_base64, _hex),
    "base64, gzip base64": _then(_base64, _gzip),
    "full width, base64": _then(_full_width, _base64),
    "percent, base64": _then(_percent, _base64),
    "percent, percent": _then(_percent, lambda text: text.replace("%", "%25")),
    "entities, base64": _then(_entities, _base64),
    "base64, entities": _then(_base64, _entities),
    "backslash u, base64": _then(_backslash_u, _base64),
    "base32, base64": _then(_base32, _base64),
    "single spaces, base64": _then(" ".join, _base64),
    "base64, zero-width space": _then(_base64, "\u200b".join),
    "base64, single spaces": _then(_base64, " ".join),
    "base64, full width": _then(_base64, _full_width),
    "hex, hex": _then(_hex, _hex),
}
