"""Forty kinds of text that make careless work slow, in both languages, each of any length."""

from collections.abc import Callable
from random import Random

_SEED = 8
# Three marks of different classes: who sorts them one by one moves each over all the others.
_MARKS = "\u0301\u0327\u0345"
_EMOJI = "👩\u200d👩\u200d👧\u200d👦"


def _same(shape: str) -> Callable[[int], str]:
    return lambda length: (shape * (length // len(shape) + 1))[:length]


def _turns(first: str, last: str) -> Callable[[int], str]:
    """Return a text that opens in one half and closes in the other."""
    return lambda length: _same(first)(length // 2) + _same(last)(length - length // 2)


def _drawn(signs: str) -> Callable[[int], str]:
    return lambda length: "".join(Random(_SEED).choices(signs, k=length))


def _mixed(*shapes: str) -> Callable[[int], str]:
    def build(length: int) -> str:
        rng = Random(_SEED)
        return "".join(rng.choices(shapes, k=length // min(map(len, shapes)) + 1))[:length]

    return build


def _table(cell: str, columns: int) -> Callable[[int], str]:
    row = "|" + f" {cell} |" * columns + "\n"
    return lambda length: (row + "|" + "---|" * columns + "\n" + _same(row)(length))[:length]


def _wide(cell: str) -> Callable[[int], str]:
    def build(length: int) -> str:
        columns = max(1, length // (3 * (len(cell) + 3)))
        return _table(cell, columns)(length)

    return build


ENGLISH: dict[str, Callable[[int], str]] = {
    "one letter": _same("a"),
    "one sign": _same("."),
    "digits": _drawn("0123456789"),
    "digits with dashes": _mixed("1234-", "12-", "1-", "123-45-"),
    "digits with spaces": _mixed("1234 ", "12 ", "1 ", "123 456 "),
    "digits with every sign": _mixed("12.", "3/4", "(5)", "67,", "8:9", "+1", "1|", "2_3"),
    "loose list": _same("- a\n\n"),
    "nested list": lambda length: "".join(f"{' ' * (n % 200)}- a\n" for n in range(length))[
        :length
    ],
    "nested quotes": _turns("> ", "a "),
    "quotes in lines": _mixed("> a\n", ">> b\n", "> > > c\n"),
    "brackets open": _same("["),
    "brackets open and close": _turns("[", "]"),
    "links": _same("[a](b) ![c](d) "),
    "emphasis open": _same("*a "),
    "emphasis mixed": _mixed("*", "_", "**a", "__b ", "***"),
    "rows": _table("a1", 3),
    "columns": _wide("ab"),
    "columns of people": lambda length: ("name,phone,dob\n" + _same("Ann Lee,1,2\n")(length))[
        :length
    ],
    "backticks": _mixed("`", "``", "```a", "` "),
    "code fences": _mixed("```\n", "~~~\na\n", "````\n"),
    "entities": _mixed("&amp;", "&#49;", "&lt;", "&#x31;", "&"),
    "addresses of pages": _mixed("http://a.b/c?d=e&f=1 ", "https://user@x.org:80/~y#z ", "www.x."),
    "base64": _drawn("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"),
    "lines of base64": _mixed("c2VjcmV0IHBhc3M=\n", "aGVsbG8gd29ybGQ\n", "eyJhbGciOiJIUzI1NiJ9\n"),
    "hexadecimal": _drawn("0123456789abcdef"),
    "percent": _mixed("%41", "%3D", "%", "%u0031"),
    "escapes": _mixed("\\u0061", "\\x31", "\\n1", "\\\\", "\\061"),
    "zero width": _mixed("a\u200b", "\u200b", "1\u200d\u200c", "\ufeff"),
    "combining marks": _turns(_MARKS[0], _MARKS[1]),
    "combining marks in turn": _same("e" + _MARKS * 40),
    "words in capitals": _mixed("Anna ", "Lee ", "Dr. ", "van ", "Maria ", "O'Neil "),
    "mail": _mixed("a@b.c ", "x.y@example.org,", "@", "name at site dot com "),
    "passwords": _mixed("password ", "password: ", "pass a1 ", "pin 12 ", "secret=", "key "),
    "pipes": _same("|"),
    "tabs": _mixed("\t", "a\t", "1\t"),
    "line ends": _mixed("\n", "a\n", " \n", "1\n"),
    "words without end": _drawn("abcdefghijklmnopqrstuvwxyz"),
    "abbreviations": _mixed("e.g. ", "i.e. ", "Dr. ", "1. ", "a.m. "),
    "ellipses and closing quotes": _mixed("...", '."', "?!", "…", ")”"),
    "mathematical digits": _mixed("𝟏𝟐𝟑", "𝟜", "①②", "¹²", "٣٤"),
    "right to left": _mixed("\u202e321", "\u202c", "שלום ", "مرحبا ", "\u2067a\u2069"),
    "emoji": _mixed(_EMOJI, "1\ufe0f\u20e3", "🇨🇳"),
    "numbers in words": _mixed("one ", "two ", "double ", "uh ", "twenty ", "plus "),
    "strings of code": _mixed('"a" + ', "'b'.", "x1=2;", '"c","d",', "{'e':", "concat("),
    "markup": _mixed("<b>", "</b>", "<!-- ", "<td>1</td>", "<"),
}
CHINESE: dict[str, Callable[[int], str]] = {
    "one letter": _same("啊"),
    "one sign": _same("。"),
    "no break": _drawn("的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出"),
    "numbers": _drawn("〇一二三四五六七八九零壹贰叁"),
    "numbers with signs": _mixed("一二三、", "四五-", "六，", "七八 ", "九。"),
    "wide digits": _drawn("０１２３４５６７８９－（）"),
    "loose list": _same("- 好\n\n"),
    "nested list": lambda length: "".join(f"{' ' * (n % 200)}- 好\n" for n in range(length))[
        :length
    ],
    "quotes": _mixed("“好”", "「一」", "《书》", "”", "』"),
    "brackets": _turns("（", "）"),
    "emphasis": _mixed("**好**", "*一", "_二_", "**"),
    "rows": _table("好", 3),
    "columns of people": lambda length: ("姓名,电话,出生日期\n" + _same("王伟,1,2\n")(length))[
        :length
    ],
    "names": _mixed("王伟、", "李娜和", "患者张", "欧阳", "先生 "),
    "places": _mixed("市", "区", "路1号", "省", "村", "栋2"),
    "passwords": _mixed("密码是", "密码：", "口令 ", "验证码1", "账号a "),
    "sentences": _mixed("好。", "吗？", "……", "！”", "第1条"),
    "clauses": _mixed("好，", "一、", "；", "：", "身份证"),
    "two languages": _mixed("好a", "一1", "word字", "Aa王", "，b"),
    "spaces": _mixed("　", "好　", " 一 ", "\u3000\n"),
    "rare letters": _mixed("𠀀", "㐀", "豈", "ㄅ", "ｱ", "한글"),
}
KINDS: dict[str, Callable[[int], str]] = {
    **{f"English {name}": kind for name, kind in ENGLISH.items()},
    **{f"Chinese {name}": kind for name, kind in CHINESE.items()},
}
