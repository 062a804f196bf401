"""Passwords in command lines, statements of databases and files of settings."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator

from edge_agent.contract.detectors.password_values import is_placeholder
from edge_agent.contract.readings import Reading

_VALUE = r"(?:[\"'](?P<quoted>[^\s\"']{4,64})[\"']|(?P<value>[^\s\"'|;&<>]{4,64}))"
_REST = r"[^\n|;]{0,120}?\s"
_USER = r"[\"']?[^\s:\"'/]{1,64}:(?=[^/\s])"


def _option(program: str, option: str) -> re.Pattern[str]:
    return re.compile(rf"{program}(?:\s|{_REST}){option}{_VALUE}")


_MYSQL = _option(r"m(?<![a-z].)(?:ysql|ariadb)[a-z_-]{0,10}", r"-p(?!ort|rotocol)")
_CONNECT = _option(r"(?:mongo(?:sh|dump)?|docker login|podman login|rdesktop)", r"-p\s?")
_LDAP = _option(r"ldap[a-z]{3,8}", r"-w\s")
_BASIC = re.compile(
    r"[bB](?:asic|ASIC)\s{1,2}(?P<value>[A-Za-z0-9+/]{8,400}={0,2})(?![A-Za-z0-9+/=])"
)
# A word of the text, and what to look for then; the letters of options are not made small.
_PATTERNS = {
    "mysql": _MYSQL,
    "mysqldump": _MYSQL,
    "mysqladmin": _MYSQL,
    "mariadb": _MYSQL,
    "mongo": _CONNECT,
    "mongosh": _CONNECT,
    "docker": _CONNECT,
    "podman": _CONNECT,
    "rdesktop": _CONNECT,
    "ldapsearch": _LDAP,
    "ldapmodify": _LDAP,
    "sshpass": _option("sshpass", r"-p\s?"),
    "plink": _option("plink", r"-pw\s"),
    "redis": _option("redis-cli", r"-a\s"),
    "unzip": _option("unzip", r"-P\s?"),
    "curl": _option("curl", rf"(?:-u|--user|--proxy-user|-U)[\s=]{{0,2}}{_USER}"),
    "smbclient": _option("smbclient", r"-U\s?[\"']?[^\s%\"']{1,64}%"),
    "xfreerdp": _option("xfreerdp", r"/p:"),
    "net": _option(r"[nN](?:et|ET) (?:use|USE)", r"/(?:user|USER):[^\s]{1,64}\s{1,2}"),
    "identified": re.compile(
        rf"(?i:identified\s(?:with\s[\"'\w]{{1,40}}\s)?(?:by|as)\s(?:password\s)?)(?=[\"']){_VALUE}"
    ),
    "password": re.compile(r"[pP](?i:assword)\s{0,2}\(?'(?P<quoted>[^\s\"']{4,64})'(?=[);,\s]|\Z)"),
    "requirepass": re.compile(rf"requirepass\s{{1,3}}{_VALUE}"),
    "masterauth": re.compile(rf"masterauth\s{{1,3}}{_VALUE}"),
    "sudo": re.compile(rf"(?:echo|printf)\s{_VALUE}[\"']?\s?\|\s?sudo\s(?:-\w\s)?-S"),
    "chpasswd": re.compile(
        r"(?:echo|printf)\s[\"']?[\w.-]{1,32}:(?P<value>[^\s\"'|:]{4,64})[\"']?\s?\|\s?(?:sudo\s)?chpasswd"
    ),
    "openssl": re.compile(r"(?:pass(?:in|out)?)\s(?:pass):(?P<value>[^\s\"']{4,64})"),
    "asplaintext": re.compile(r"SecureString\s{1,2}[\"'](?P<value>[^\s\"']{4,64})[\"']"),
    "pgpass": re.compile(
        r"[:](?:[0-9]{4,5}|\*):[\w*-]{1,64}:[\w*.-]{1,64}:(?P<value>[^\s:]{4,64})"
    ),
    "basic": _BASIC,
}
WORDS = frozenset(_PATTERNS)
# What a manual calls the password of somebody.
_ANYBODYS = re.compile(
    r"[\"']?(?:my|your|the|new|user|db|root|some)?[_-]?(?:pass(?:w(?:or)?d|wort|phrase)?|pwd|pw|secret|token|xxx+)"
    r"[_-]?(?:here)?[\"']?",
    re.IGNORECASE,
)
_ENDS = ".,;:)"
_SCORE = 0.85


def in_commands(reading: Reading) -> Iterator[tuple[int, int, float, str]]:
    """Yield where each begins and ends, how sure it is, and why."""
    for word in sorted(WORDS & reading.words):
        for match in _PATTERNS[word].finditer(reading.text):
            if word == "basic" and not _holds_a_password(match["value"]):
                continue
            yield from _secret(match, word)


def _secret(match: re.Match[str], word: str) -> Iterator[tuple[int, int, float, str]]:
    name = "quoted" if match.groupdict().get("quoted") else "value"
    start, value = match.start(name), match[name]
    value = value if name == "quoted" else value.rstrip(_ENDS)
    is_one = len(value) >= 4 and not is_placeholder(value) and not _ANYBODYS.fullmatch(value)
    if is_one:
        yield start, start + len(value), _SCORE, "password in a command"


def _holds_a_password(coded: str) -> bool:
    """Say whether this is the header of a request: a user, a colon and a password."""
    try:
        plain = b64decode(coded + "=" * (-len(coded) % 4), validate=True)
    except (Base64Error, ValueError):
        return False
    user, colon, password = plain.partition(b":")
    return (
        bool(user and colon and password)
        and plain.isascii()
        and plain.decode("ascii").isprintable()
    )
