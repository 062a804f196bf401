"""Passwords and codes, known by the words before them; the span is the value alone."""

import re
from collections.abc import Iterator

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

# A bare "pass" is a boarding pass or a mark unless a colon or an equals sign follows.
_NAME = (
    r"(?:(?:(?<![A-Za-z])|(?<=[a-z])(?=(?-i:P)))(?:password|passwd|passphrase|passcode|pwd|"
    r"passwort|contrase(?:ñ|n)a|mot de passe|pass(?=[\"']?\s{0,3}[:=]))|密码|密碼|口令)"
)
_LINK = (
    r"(?:\s(?:for|of|to|on)(?:\s[^\s:=]{1,30}){1,4}?)?"
    r"(?:[\"'”]?\s{0,3}(?:[:=：＝]|=>|->)\s{0,3}|\s(?:is|was)\s{1,2}(?:now\s|still\s)?(?::\s?)?|"
    r"\s?(?:统一|默认|暂时|现在|还|都|就)?(?:改成了?|改为了?|设成了?|设为了?|设置成了?|设置为|重置为|是|为)\s?[:：]?\s?|"
    r"(?<=[码碼令])\s{1,2}|(?<=[码碼令])(?=[!-~]{6,64}(?![!-~]))"
    r"(?=[!-~]{0,64}[0-9])(?=[!-~]{0,64}[A-Za-z])(?=[!-~]{0,64}[!#$%&*+=?@^_~-]))"
)
# To send a password to somebody is not to tell it; to change it to something is.
_CHANGE = rf"(?:set|chang|reset|updat)[a-z]{{0,4}}\s(?:[a-z]{{1,12}}\s){{0,3}}{_NAME}\sto\s"
_ACCOUNT = r"(?:账号|帐号|账户|用户名?|登录名)[^。；\n]{1,40}?(?:密码|口令)"
# A quoted value may be one plain word; an unquoted one ends where Chinese begins.
_VALUE = (
    r"(?:(?P<quote>[\"'`“「])(?P<quoted>[^\s\"'`”」]{4,64})[\"'`”」]|"
    r"(?P<value>[^\s\"'`，。；：！？、）（「」“”\u4e00-\u9fff]{4,64}))"
)
_PASSWORD = re.compile(rf"{_NAME}{_LINK}{_VALUE}", re.IGNORECASE)
_CHANGED = re.compile(rf"{_CHANGE}{_VALUE}", re.IGNORECASE)
_OF_ACCOUNT = re.compile(rf"{_ACCOUNT}{_VALUE}", re.IGNORECASE)
_CODE = re.compile(
    r"(?:(?<![A-Za-z])(?:PIN(?:\s?(?:code|number))?|OTP|CVV|one[- ]time (?:code|password)|"
    r"(?:verification|security|access|confirmation|login)\s(?:code|pin))|"
    r"验证码|校验码|动态码|密码|口令|PIN码)"
    r"\s{0,2}(?:is|was|是|为|#)?\s{0,2}[:：=]?\s{0,2}(?P<value>\d{4,8})"
    r"(?![A-Za-z0-9]|[-.:/,]\d|\s?[位个次天分秒年元种项条款%])",
    re.IGNORECASE,
)
# What stands where a password would: masks, variables, calls, and words about its length.
_NO_PASSWORD = re.compile(
    r"[*xX.•_-]+|<[^>]*>?|\$\{?[A-Za-z_][\w.]*\}?|\{\{?[^}]*\}?\}?|\[[^\]]*\]|%[A-Za-z_]\w*%"
    r"|https?://.*|[A-Za-z_][\w.]*[(\[].*|(?:os|process|self|settings|config)\.[\w.]*"
    r"|\d{1,2}[-–~]\d{1,3}|\d{1,3}-(?:char|digit|letter|day|hour|minute|month|year)[a-z]*"
    r"|[^@\s]{1,64}@[A-Za-z0-9-]+\.[A-Za-z.]+",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[A-Za-z]+(?:[-/'’][A-Za-z]+)*")
_DIGIT_OR_SYMBOL = re.compile(r"[\d!@#$%^&*+=~?_|\\/-]")
# An exclamation mark is kept: it often belongs to the password, and leaking costs more.
_SENTENCE_ENDS = ".,;:?)]}>"
_PASSWORD_TRIGGERS = ("pass", "pwd", "contrase", "密码", "密碼", "口令")
_ACCOUNT_TRIGGERS = ("账", "帐", "用户", "登录名")
_CODE_TRIGGERS = frozenset(
    ["pin", "pincode", "pinnumber", "otp", "cvv", "one", "code", "number", "password"]
)
_CODE_NAMES = ("密码", "口令", "验证码", "校验码", "动态码")


def find(reading: Reading) -> Iterator[Finding]:
    lowered = reading.lowered
    if any(map(lowered.__contains__, _PASSWORD_TRIGGERS)):
        yield from _passwords(reading, _PASSWORD)
        if " to " in lowered:
            yield from _passwords(reading, _CHANGED)
        if any(map(lowered.__contains__, _ACCOUNT_TRIGGERS)):
            yield from _passwords(reading, _OF_ACCOUNT)
    if not _CODE_TRIGGERS.isdisjoint(reading.words) or any(map(lowered.__contains__, _CODE_NAMES)):
        for match in _CODE.finditer(reading.text):
            span = reading.span(*match.span("value"))
            yield Finding(*span, Kind.PASSWORD, 0.85, "code after its name")


def _passwords(reading: Reading, pattern: re.Pattern[str]) -> Iterator[Finding]:
    for match in pattern.finditer(reading.text):
        start, end = _span_of_value(match)
        if _is_password(match, reading.text[start:end]):
            yield Finding(*reading.span(start, end), Kind.PASSWORD, 0.85, "value after password")


def _span_of_value(match: re.Match[str]) -> tuple[int, int]:
    """Return where the value stands, without the marks that end its sentence."""
    if match["quote"]:
        return match.span("quoted")
    start = match.start("value")
    return start, start + len(match["value"].rstrip(_SENTENCE_ENDS))


def _is_password(match: re.Match[str], value: str) -> bool:
    if len(value) < 4 or _NO_PASSWORD.fullmatch(value):
        return False
    if match["quote"]:
        return True
    # After "is", words joined by hyphens describe a password ("well-known").
    link = match.string[match.start() : match.start("value")].rstrip()
    if link[-1] not in ":=：＝>" and _WORDS.fullmatch(value):
        return False
    return _DIGIT_OR_SYMBOL.search(value) is not None
