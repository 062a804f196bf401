"""Mail addresses, those too with letters of other alphabets."""

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
_NAME_CHARS = 100


def find(reading: Reading) -> Iterator[Finding]:
    if "@" in reading.text:
        for match in _EMAIL.finditer(reading.text):
            yield Finding(*reading.span(*match.span()), Kind.EMAIL, 0.95, "form of a mail address")
        if not reading.text.isascii():
            yield from _eastern(reading)


def _eastern(reading: Reading) -> Iterator[Finding]:
    text = reading.text
    for host in _EASTERN.finditer(text):
        if not _EASTERN_LETTER.search(host["domain"]):
            continue
        name = _EASTERN_NAME.search(text, max(0, host.start() - _NAME_CHARS), host.start())
        if name is not None:
            span = reading.span(name.start(), host.end())
            yield Finding(*span, Kind.EMAIL, 0.8, "form of a mail address")
