"""Codes that let somebody in: a PIN, a code sent once, that of a door, the check digits of a card."""

import re
from collections.abc import Iterator

from edge_agent.contract.readings import Reading

_IS = r"\s{0,2}(?:is|was|ist|lautet|est|es)?\s{0,2}(?:now\s|set to\s)?[:=#]?\s{0,2}"
# Not a part of a number, nor of how many there are of something.
_END = r"(?![a-z0-9]|[-.:/]\d|,\d{3}(?!\d)|\s?[位个次天分秒年元种项条款%])"
# The first letters are put together, as a class of them is quicker to look for.
_CODE = re.compile(
    r"(?P<name>[ckop](?:ode|ombination|ombo|in(?:\s?(?:code|number))?|tp|asscode|assword))"
    rf"(?P<what>\s(?:for|of|to|zum|für)(?:\s[a-z0-9]{{1,16}}){{1,3}}?)?{_IS}"
    rf"(?P<value>\d{{3,8}}|\d{{1,2}}(?:-\d{{1,2}}){{2,3}}){_END}"
)
# These say by themselves that it is secret.
_REACH, _DIGITS_MIN = 24, 4
_SECRET = ("pin", "otp", "passcode")
_SENT = re.compile(
    r"(?:verification|security|access|confirmation|login|unlock|authenti[a-z]{1,8}|sms|2fa|mfa"
    r"|one[- ]time|your|my|log-in) \Z"
)
_PLACE = re.compile(
    r"(?<![a-z])(?:door|gate|alarm|entry|entrance|safe|key ?(?:pad|box|safe)|vault|padlock|lock(?:er|box)?"
    r"|garage|building|house|tür|tuer|haus|tresor|access|master|unlock|disarm)[- ]?(?:lock |entry )?\Z"
)
_KEPT = re.compile(
    r"[^\n]{0,40}?(?:do not|don't|don’t|never|nobody|anyone|expires?|valid for)(?![a-z])"
)
_UNLOCKED = re.compile(rf"unlock(?:ed|s)?\s[^.;\n]{{1,30}}?\swith\s(?P<value>\d{{4,8}}){_END}")
_OF_A_CARD = re.compile(
    rf"c(?<![a-z].)(?:vv2?|vc2?)(?![a-z0-9])(?:\s(?:code|number))?{_IS}(?!(?:19|20)\d\d)(?P<value>\d{{3,4}}){_END}"
)
_OF_CHINESE = re.compile(
    r"[码碼令](?:(?<=验证码)|(?<=校验码)|(?<=动态码)|(?<=密码)|(?<=密碼)|(?<=口令)|(?<=pin码)|(?<=安全码)"
    r"|(?<=解锁码)|(?<=门禁码))\s?(?:是|为)?\s{0,2}[:：=#]?\s{0,2}"
    rf"(?P<value>\d{{4,8}}|(?<=安全码)\d{{3}}|(?<=安全码.)\d{{3}}){_END}"
)
# What opens a file that is shared has letters as well.
_OF_A_FILE = re.compile(
    r"码(?:(?<=提取码)|(?<=访问码)|(?<=分享码)|(?<=提取密码)|(?<=解压码)|(?<=解压密码))\s?(?:是|为)?\s?[:：]?\s?"
    r"(?P<value>[a-z0-9]{4,8})(?![a-z0-9._-]|\s?[位个次天分秒年元种项条款%])"
)
_RECOVERY = re.compile(r"(?:recovery|backup|rescue) codes?(?: (?:is|are))?\s?:?")
_GROUPS = re.compile(r"[\s,;]{0,3}(?P<value>[a-z0-9]{4,6}(?:-[a-z0-9]{4,6}){1,5})(?![a-z0-9-])")
_RECOVERY_CODES_MAX = 20

# "Türcode" is parted where it is not ASCII.
_CODE_WORDS = frozenset(
    [
        *("pin", "pincode", "pinnumber", "otp", "code", "passcode", "password"),
        *("combination", "combo", "kombination", "rcode", "alarmcode"),
    ]
)
_CARD_WORDS = frozenset(["cvv", "cvc"])
WORDS = _CODE_WORDS | _CARD_WORDS | {"unlock", "codes"}
_RULE = "code after its name"
_SCORE = 0.85


def codes(reading: Reading) -> Iterator[tuple[int, int, float, str]]:
    """Yield where each begins and ends, how sure it is, and why."""
    for start, end in _spans(reading):
        yield start, end, _SCORE, _RULE


def _spans(reading: Reading) -> Iterator[tuple[int, int]]:
    text, words = reading.lowered, reading.words
    if not reading.digits:
        return
    if not _CODE_WORDS.isdisjoint(words):
        yield from (match.span("value") for match in _CODE.finditer(text) if _is_secret(match))
    if not _CARD_WORDS.isdisjoint(words):
        yield from (match.span("value") for match in _OF_A_CARD.finditer(text))
    if "unlock" in words:
        yield from (match.span("value") for match in _UNLOCKED.finditer(text))
    if "codes" in words:
        yield from _of_recovery(text)
    if not text.isascii() and ("码" in text or "碼" in text or "口令" in text):
        yield from (match.span("value") for match in _OF_CHINESE.finditer(text))
        yield from (match.span("value") for match in _OF_A_FILE.finditer(text))


def _is_secret(match: re.Match[str]) -> bool:
    """Say whether the code is one to keep, by the words before it and after it."""
    text, start, name = match.string, match.start(), match["name"]
    before = text[max(0, start - _REACH) : start]
    is_number = match["value"].isdigit()
    if name.startswith(_SECRET):
        return is_number and len(match["value"]) >= _DIGITS_MIN and not before[-1:].isalpha()
    if not is_number and name.startswith(("com", "kom")):
        return True
    # That of a card has three digits.
    if _PLACE.search(before) or _PLACE.search(match["what"] or "") or before.endswith("security "):
        return True
    if not is_number or len(match["value"]) < _DIGITS_MIN or name not in {"code", "password"}:
        return False
    if name == "password":
        return before.endswith(("one-time ", "one time "))
    return bool(_SENT.search(before) or _KEPT.match(text, match.end()))


def _of_recovery(text: str) -> Iterator[tuple[int, int]]:
    for match in _RECOVERY.finditer(text):
        end = match.end()
        for _ in range(_RECOVERY_CODES_MAX):
            code = _GROUPS.match(text, end)
            if code is None:
                break
            if any(map(str.isdigit, code["value"])):
                yield code.span("value")
            end = code.end()
