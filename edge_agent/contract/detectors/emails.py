"""Mail addresses."""

import re
from collections.abc import Iterator

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

# Lookarounds, not \b: beside Chinese characters there is no word boundary.
_EMAIL = re.compile(
    r"[A-Za-z0-9_%+-](?<![A-Za-z0-9._%+-].)[A-Za-z0-9._%+-]{0,63}+(?<!\.)@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])"
)


def find(reading: Reading) -> Iterator[Finding]:
    if "@" not in reading.text:
        return
    for match in _EMAIL.finditer(reading.text):
        yield Finding(*reading.span(*match.span()), Kind.EMAIL, 0.95, "form of a mail address")
