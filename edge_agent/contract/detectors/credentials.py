"""Secrets inside addresses of the web and of databases."""

import re
from collections.abc import Iterator

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

# The secret may itself hold an @: the last one before the path parts it from the host.
_USER_AND_SECRET = re.compile(
    r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,24}://"
    r"[^\s/:@?#\"'<>]{0,64}:(?P<secret>[^\s/?#\"']{1,160})@"
    r"(?:\[[0-9A-Fa-f:.]{2,45}\]|[^\s/:@?#\"'<>()，。；]{1,253})(?::\d{1,5})?"
)
_QUERY = re.compile(
    r"[?&;](?:[A-Za-z]{1,20}[_-]){0,3}(?:token|api[_-]?key|apikey|sig|signature|password|passwd|pwd|"
    r"pass|passwort|passcode|otp|secret|access[_-]?key|auth|jwt|credential)=(?P<secret>[^\s&#\"'<>，。；）)]{4,2000})",
    re.IGNORECASE,
)
# What stands in instructions where a secret would.
_PLACEHOLDER = re.compile(
    r"[*xX.•]+|<[^>]*>?|\$\{?[A-Za-z_]\w*\}?|\{\{?[^}]*\}?\}?|\[[^\]]*\]|%[A-Za-z_]\w*%|redacted|true|false|null|none",
    re.IGNORECASE,
)


def find(reading: Reading) -> Iterator[Finding]:
    if "://" in reading.text:
        for match in _USER_AND_SECRET.finditer(reading.text):
            yield _finding(reading, match, match.span(), "user and secret in an address")
    if "=" in reading.text:
        for match in _QUERY.finditer(reading.text):
            yield _finding(reading, match, match.span("secret"), "secret in a query")


def _finding(reading: Reading, match: re.Match[str], span: tuple[int, int], rule: str) -> Finding:
    if _PLACEHOLDER.fullmatch(match["secret"]):
        return Finding(*reading.span(*span), Kind.URL_CREDENTIALS, 0.3, "placeholder for a secret")
    return Finding(*reading.span(*span), Kind.URL_CREDENTIALS, 0.95, rule)
