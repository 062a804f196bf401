"""Passwords and codes, known by the words before them; the span is the value alone."""

import re
from collections.abc import Iterator

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

_WORD = (
    r"(?:(?<![A-Za-z])(?:[A-Za-z0-9]{1,20}[_-]){0,3}(?:password|passwd|passphrase|passcode|pwd|pass|"
    r"passwort|contrase(?:ñ|n)a|mot de passe)|密码|口令|密碼)"
)
_LINK = (
    r"(?:[\"'”]?\s{0,3}(?:[:=：＝]|=>|->)\s{0,3}|\s(?:is|was|to)\s{1,2}(?:now\s|still\s)?(?::\s?)?|"
    r"\s?(?:改成了?|改为了?|设为了?|设成了?|设置为|重置为|就?是|为)\s?[:：]?\s?)"
)
# A quoted value may be one plain word; an unquoted one must not be.
_PASSWORD = re.compile(
    rf"{_WORD}(?:\s?(?:for|of|to)\s[^\s:=]{{1,30}})?{_LINK}"
    r"(?:(?P<quote>[\"'`“「])(?P<quoted>[^\s\"'`”」]{4,64})[\"'`”」]|(?P<value>[^\s\"'`，。；、）「」“”]{4,64}))",
    re.IGNORECASE,
)
_PIN = re.compile(
    r"(?:(?<![A-Za-z])(?:PIN(?:\s?code)?|OTP|CVV|one[- ]time (?:code|password)|"
    r"(?:verification|security|access|confirmation|login)\s(?:code|pin)|"
    r"pin number)|验证码|校验码|动态码|取款密码|密码|口令|PIN码)"
    r"\s{0,2}(?:is\s|was\s|:|：|=|是|为|#)?\s{0,3}(?P<value>\d{4,8})(?![A-Za-z0-9]|[-.:/,]\d|\s?(?:位|个|次|天|分|秒|年|元|%))",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"[*xX.•_-]+|<[^>]*>?|\$\{?[A-Za-z_][\w.]*\}?|\{\{?[^}]*\}?\}?|\[[^\]]*\]|%[A-Za-z_]\w*%"
    r"|https?://.*|[A-Za-z_][\w.]*\(.*|至少.*|必须.*|不.*|错误.*",
    re.IGNORECASE,
)
_HAS_DIGIT_OR_SYMBOL = re.compile(r"[\d!@#$%^&*+=~?_|\\/-]")
_TRAILING = ".,;:!?)]}>"
_HAS_TRIGGER = re.compile(
    r"pass|pwd|pin|otp|cvv|code|contrase|密码|密碼|口令|验证码|校验码|动态码", re.IGNORECASE
)


def find(reading: Reading) -> Iterator[Finding]:
    text = reading.text
    if not _HAS_TRIGGER.search(text):
        return
    for match in _PASSWORD.finditer(text):
        start, end = match.span("quoted" if match["quote"] else "value")
        end = end if match["quote"] else _without_trailing(text, start, end)
        if _is_password(text[start:end], is_quoted=bool(match["quote"])):
            yield Finding(*reading.span(start, end), Kind.PASSWORD, 0.85, "value after password")
    for match in _PIN.finditer(text):
        yield Finding(
            *reading.span(*match.span("value")), Kind.PASSWORD, 0.85, "code after its name"
        )


def _without_trailing(text: str, start: int, end: int) -> int:
    """Return the end before the sentence's own full stop; an inner one stays."""
    while end > start and text[end - 1] in _TRAILING:
        # An exclamation mark often belongs to the password: leaking one costs more than hiding one.
        if text[end - 1] == "!":
            break
        end -= 1
    return end


def _is_password(value: str, *, is_quoted: bool) -> bool:
    if len(value) < 4 or _PLACEHOLDER.fullmatch(value):
        return False
    # Words in Chinese are prose about a password, not one.
    if re.match(r"[\u4e00-\u9fff]", value):
        return False
    return is_quoted or _HAS_DIGIT_OR_SYMBOL.search(value) is not None
