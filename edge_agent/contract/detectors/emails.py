"""Mail addresses, those too with letters of other alphabets, and those that somebody spells out."""

import re
from collections.abc import Iterator

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

# Letters of Europe; those of Chinese need more care, which puts no spaces between words.
_L = r"A-Za-z0-9\u00c0-\u024f\u0370-\u052f"
# Lookarounds, not \b: beside Chinese characters there is no word boundary.
_EMAIL = re.compile(
    rf"[{_L}_%+-](?<![{_L}._%+-].)[{_L}._%+-]{{0,63}}+(?<!\.)@"
    rf"(?:[{_L}](?:[{_L}-]{{0,61}}[{_L}])?\.){{1,8}}[A-Za-z\u0370-\u052f]{{2,24}}(?![{_L}-])"
)
_EAST = r"\u3005-\u30ff\u4e00-\u9fff\uac00-\ud7a3"
# Somebody is called with an @ in Chinese, too: the domain must have an end that exists.
_EASTERN = re.compile(
    rf"@(?P<domain>(?:[{_L}{_EAST}](?:[{_L}{_EAST}-]{{0,61}}[{_L}{_EAST}])?\.){{1,4}}"
    r"(?:中国|中國|公司|网络|網絡|網路|香港|台湾|台灣|澳門|新加坡|在线|中文网|集团|商城|网址|政务|公益|机构"
    r"|みんな|コム|한국|닷컴"
    r"|(?:cn|com|net|org|hk|tw|jp|kr|sg|de|eu|edu|gov|info|top|vip|xyz|io|co)(?![A-Za-z0-9-])))"
)
_EASTERN_LETTER = re.compile(rf"[{_EAST}]")
_EASTERN_NAME = re.compile(rf"(?:(?<![{_L}._%+-])[{_L}._%+-]{{1,64}}+|[{_EAST}]{{1,8}}+)\Z")
_PROVIDERS = (
    "gmail|googlemail|outlook|hotmail|live|msn|yahoo|icloud|qq|foxmail|163|126|sina|sohu|aliyun"
    "|proton(?:mail)?|gmx|web|t-online|freenet|posteo|aol|yandex|mail|orange|laposte|libero"
)
_END = r"(?:com|net|org|de|at|ch|cn|fr|es|it|nl|be|pl|uk|co|edu|io|me|eu|in|jp|hk|tw|ru|br)"
_OF_PROVIDER = rf"(?:{_PROVIDERS})\.{_END}(?:\.[a-z]{{2}})?(?![A-Za-z0-9-])"
# What stands for the @. One is at a place as well, so only the name of a mail service, brackets,
# or a point that is spelt out make an address of it.
_APART = re.compile(rf"(?:@ | @){_OF_PROVIDER}")
_BRACKETED = re.compile(
    rf"[(\[{{]at[)\]}}] ?(?:[a-z0-9-]{{1,60}}(?:\.| ?[(\[{{]dot[)\]}}] ?| dot )){{1,4}}{_END}\b"
)
_SPOKEN = re.compile(rf" at (?!the )(?:[a-z0-9-]{{1,60}} dot ){{1,3}}{_END}\b")
_NAME = re.compile(rf"(?:(?<![{_L}._%+-])[{_L}._%+-]{{1,64}}+|[{_EAST}]{{1,8}}+)\Z")
_PROVIDERS = (
    "gmail|googlemail|outlook|hotmail|live|msn|yahoo|icloud|qq|foxmail|163|126|sina|sohu|aliyun"
    "|proton(?:mail)?|gmx|web|t-online|freenet|posteo|aol|yandex|mail|orange|laposte|libero"
)
_END = r"(?:com|net|org|de|at|ch|cn|fr|es|it|nl|be|pl|uk|co|edu|io|me|eu|in|jp|hk|tw|ru|br)"
_OF_PROVIDER = rf"(?:{_PROVIDERS})\.{_END}(?:\.[a-z]{{2}})?(?![A-Za-z0-9-])"
# What stands for the @, by a piece that is in it and quicker to see. One is at a place as well,
# so only the name of a mail service, or a point that is spelt out, makes an address of that.
_SPELLED = (
    ("@ ", re.compile(rf"@ {_OF_PROVIDER}")),
    (" @", re.compile(rf" @{_OF_PROVIDER}")),
    *(
        (
            f"at{sign}",
            re.compile(rf"[(\[{{]at[)\]}}] ?(?:[a-z0-9-]{{1,60}}(?:\.|{dot})){{1,4}}{_END}\b"),
        )
        for sign, dot in ((")", r" ?\(dot\) ?| dot "), ("]", r" ?\[dot\] ?| dot "))
    ),
    (" dot ", re.compile(rf" at (?!the )(?:[a-z0-9-]{{1,60}} dot ){{1,3}}{_END}\b")),
)
_NAME = re.compile(
    r"(?<![A-Za-z0-9._+-])[a-z0-9][a-z0-9._+-]{0,63}(?: dot [a-z0-9._+-]{1,30}){0,3} ?\Z"
)
_NAME_CHARS = 100


def find(reading: Reading) -> Iterator[Finding]:
    if "@" in reading.text:
        for match in _EMAIL.finditer(reading.text):
            yield Finding(*reading.span(*match.span()), Kind.EMAIL, 0.95, "form of a mail address")
        if not reading.text.isascii():
            yield from _eastern(reading)
        if "@ " in reading.text or " @" in reading.text:
            yield from _spelled(reading, _APART)
    if "at" in reading.words:
        if "at)" in reading.lowered or "at]" in reading.lowered:
            yield from _spelled(reading, _BRACKETED)
        if "dot" in reading.words:
            yield from _spelled(reading, _SPOKEN)


def _eastern(reading: Reading) -> Iterator[Finding]:
    text = reading.text
    for host in _EASTERN.finditer(text):
        if not _EASTERN_LETTER.search(host["domain"]):
            continue
        name = _EASTERN_NAME.search(text, max(0, host.start() - _NAME_CHARS), host.start())
        if name is not None:
            span = reading.span(name.start(), host.end())
            yield Finding(*span, Kind.EMAIL, 0.8, "form of a mail address")


def _spelled(reading: Reading, pattern: re.Pattern[str]) -> Iterator[Finding]:
    text = reading.lowered
    for host in pattern.finditer(text):
        name = _NAME.search(text, max(0, host.start() - _NAME_CHARS), host.start())
        if name is not None:
            span = reading.span(name.start(), host.end())
            yield Finding(*span, Kind.EMAIL, 0.75, "mail address spelt out")
