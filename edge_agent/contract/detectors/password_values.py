"""What may be a password, and what only stands where one would."""

import re

# Masks, variables, calls, and words about its length.
_NO_PASSWORD = re.compile(
    r"[*xX.•_#-]+|<[^>]*>?|\$\{?[A-Za-z_][\w.]*\}?|\{\{?[^}]*\}?\}?|\[[^\]]*\]|%[A-Za-z_]\w*%"
    r"|https?://.*|[A-Za-z_][\w.]*[(\[].*|(?:os|process|self|settings|config)\.[\w.]*"
    r"|\d{1,2}[-–~]\d{1,3}|\d{1,3}-(?:char|digit|letter|day|hour|minute|month|year)[a-z]*"
    r"|[^@\s]{1,64}@[A-Za-z0-9-]+\.[A-Za-z.]+|\d[\d.,]*%|[a-z_]+(?:\.[a-z_]+){1,6}|[a-z_]\w*(?:\.[a-z_]\w*){2,6}"
    # What begins with a closing bracket is a call, read backwards.
    r"|![a-z]+|[)\]}>].*",
    re.IGNORECASE,
)
# A variable that holds one, as new_password.
_VARIABLE = re.compile(
    r"[A-Za-z_]*(?:pass|pwd|secret|token|your|example)[A-Za-z_]*\d?", re.IGNORECASE
)
_WORDS = re.compile(r"[A-Za-z]+(?:[-/'’][A-Za-z]+)*")
# "Wrong!" and "expired!" are said of a password.
_EXCLAIMED = re.compile(r"[a-z]+(?:-[a-z]+)*!+")
_DIGIT_OR_SYMBOL = re.compile(r"[\d!@#$%^&*+=~?_|\\/-]")

# Without a colon or an "is" a value must look like one by itself.
_MIXED_CHARS_MIN = 6
_STRICT_SHAPE = re.compile(
    r"(?=[^A-Za-z\u00c0-\u024f\u0400-\u04ff]*[A-Za-z\u00c0-\u024f\u0400-\u04ff])"
    r"(?:(?=[^0-9]*[0-9])|(?=.*[^\W\d_][!#$%^*~][^\W\d_]))"
    r"[A-Za-z0-9!*+%^_~?.\u00c0-\u024f\u0400-\u04ff][^\s()\[\]{}<>=/\\|\"'`]*"
)
_DIGIT = re.compile(r"[0-9]")
_NAMED_THING = re.compile(
    # Algorithms, products and norms.
    r"(?:hmac)?-?(?:sha|md|aes|rsa|des|3?des|utf|base|oauth|ed|rfc|iso|nist|tls|ssl|wpa|http|bcrypt"
    r"|argon|pbkdf|scrypt|office|microsoft|windows|win|macos|ios|iphone|ipad|android|keepass|covid"
    r"|ipv|oauthv|saml|802)[-_.]?v?\d[\w.-]{0,12}|[0-9]password.{0,2}|otp.{0,2}|(?:var)?char\d{1,4}"
    r"|(?:chrome|firefox|edge|safari|version|level|phase|room|raum|gate|section|chapter|page|step|floor"
    r"|figure|table|item|option|version)-?\d{1,4}[a-z]?\d?"
    # Lengths, ages and counts.
    r"|\d{1,4}[-+]?(?:x|th|st|nd|rd|chars?|characters?|digits?|letters?|bits?|bytes?|days?|hours?"
    r"|minutes?|months?|years?|times|users?|mal|tage?n?|zeichen|stellig[a-z]*|jours?|d[ií]as?)"
    r"|(?:min|max|at)[-.]?\d{1,3}[a-z]*"
    # Versions, tickets, files, ranges of letters, and names in programs.
    r"|v?\d+(?:\.\d+)+[a-z]?\d?|(?-i:(?:[A-Z]{2,6}-)+\d{1,7}(?:-\d{1,7})*)|(?:inc|kb|req|chg|ritm|case|task)\d{4,}|.*\.[a-z]{2,4}|.*a-z.*"
    r"|[a-z]+(?:_[a-z]+){1,6}_?\d?|\d{1,2}:\d\d[ap]m|\d{1,2}[./-]?[a-z]{3,9}[./-]?\d{2,4}"
    r"|\d{4}-\d\d-\d\dt.*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[0-9]{6,26}")
_DAY = re.compile(r"(?:19|20)\d\d[01]\d[0-3]\d")

# What a form or a schema says where a plain word would be the password.
_SAID_OF_ONE = frozenset(
    [
        *("text", "char", "none", "null", "true", "false", "bool", "uuid", "bytes"),
        *("required", "optional", "string", "hidden", "secret", "unknown", "password"),
        *("nullable", "integer", "boolean", "varchar", "disabled", "enabled", "default"),
        *("missing", "invalid", "expired", "encrypted", "redacted", "removed"),
        *("incorrect", "unchanged", "example", "changeme", "undefined", "protected"),
        *("generated", "visible", "masked", "empty", "plaintext", "internal", "external"),
        *("manual", "always", "needed", "public", "private", "placeholder"),
    ]
)
_PLAIN = re.compile(r"[a-z]{4,32}")


def is_placeholder(value: str) -> bool:
    """Say whether this stands where a password would, and is none."""
    return _NO_PASSWORD.fullmatch(value) is not None or _VARIABLE.fullmatch(value) is not None


def is_said_to_be_one(value: str) -> bool:
    """Judge what stands after a colon: anything with a digit or a sign."""
    return not is_placeholder(value) and _DIGIT_OR_SYMBOL.search(value) is not None


def is_told(value: str, *, in_chinese: bool) -> bool:
    """Judge what stands after "is", where words may describe one; in Chinese no Latin ones do."""
    is_talk = _WORDS.fullmatch(value) or (not in_chinese and _EXCLAIMED.fullmatch(value))
    return not is_talk and is_said_to_be_one(value)


def looks_like_one(value: str) -> bool:
    """Judge what merely stands beside the word: letters with digits or with signs between."""
    if len(value) < _MIXED_CHARS_MIN or not _STRICT_SHAPE.fullmatch(value):
        return False
    return is_no_other_thing(value)


def is_no_other_thing(value: str) -> bool:
    """Say whether this is neither a placeholder nor a version, a norm, a file or a length."""
    return not is_placeholder(value) and not _NAMED_THING.fullmatch(value)


def is_strong(value: str) -> bool:
    """Say whether large and small letters mix with digits, or signs do."""
    mixes = value.lower() != value != value.upper() or not value.isalnum()
    return looks_like_one(value) and mixes and _DIGIT.search(value) is not None


def is_long_number(value: str) -> bool:
    return _NUMBER.fullmatch(value) is not None and not _DAY.fullmatch(value)


def is_plain_word(value: str) -> bool:
    """Judge what a file of settings says: there a password may be any word."""
    return (
        _PLAIN.fullmatch(value) is not None
        and value not in _SAID_OF_ONE
        and not is_placeholder(value)
    )
