"""A policy as it is written down: what each field may hold, and how it becomes a `Policy`.

The caller reads YAML or JSON into plain values; nothing here opens a file. Whatever is not
understood is refused: a misspelt line must never be a line that says nothing.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from edge_agent.contract.errors import PolicyInvalid
from edge_agent.contract.findings import Kind
from edge_agent.contract.levels import Level
from edge_agent.contract.patterns import check_pattern
from edge_agent.contract.policy import SCORE_MIN, KindRule, Policy, WordRule

SCHEMA = "drawbridge-policy/1"
WORDS_MAX = 2_000
WORD_CHARS_MAX = 200
VERSION_MAX = 2**31
_REQUIRED = {"schema", "tenant", "version", "valid_from", "valid_until", "default", "kinds"}
_OPTIONAL = {"words", "terms", "paths", "labels", "collections"}
_TERM_KINDS = {Kind.MEDICAL, Kind.SALARY, Kind.CONTRACT}


def policy_of(document: object) -> Policy:
    """Return the policy that these plain values describe.

    Raises: PolicyInvalid, naming the field and what it may hold.
    """
    fields = _mapping("policy", document)
    _check_fields(fields)
    valid_from, valid_until = _moment(fields, "valid_from"), _moment(fields, "valid_until")
    if valid_from >= valid_until:
        raise PolicyInvalid("valid_until: must be later than valid_from")
    return Policy(
        tenant=_text("tenant", fields["tenant"]),
        version=_version(fields["version"]),
        valid_from=valid_from,
        valid_until=valid_until,
        default=_level("default", fields["default"]),
        kinds=_kinds(fields["kinds"]),
        words=_words(fields.get("words", [])),
        terms=_terms(fields.get("terms", {})),
        paths=tuple(_levels("paths", fields.get("paths", {})).items()),
        labels=_levels("labels", fields.get("labels", {})),
        collections=_levels("collections", fields.get("collections", {})),
    )


def _check_fields(fields: Mapping[str, Any]) -> None:
    if missing := sorted(_REQUIRED - fields.keys()):
        raise PolicyInvalid(f"missing: {', '.join(missing)}")
    if unknown := sorted(fields.keys() - _REQUIRED - _OPTIONAL):
        raise PolicyInvalid(f"unknown: {', '.join(unknown)}")
    if fields["schema"] != SCHEMA:
        raise PolicyInvalid(f"schema: must be {SCHEMA}")


def _kinds(value: object) -> dict[Kind, KindRule]:
    return {
        _kind(f"kinds.{name}", name): _kind_rule(f"kinds.{name}", rule)
        for name, rule in _mapping("kinds", value).items()
    }


def _kind_rule(at: str, value: object) -> KindRule:
    """Read `L1`, or `{level: L1, score_min: 0.6, masked: true}`."""
    if isinstance(value, str):
        return KindRule(_level(at, value))
    fields = _mapping(at, value)
    if unknown := sorted(fields.keys() - {"level", "score_min", "masked"}):
        raise PolicyInvalid(f"{at}: unknown: {', '.join(unknown)}")
    score, masked = fields.get("score_min", SCORE_MIN), fields.get("masked", True)
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 < score <= 1:
        raise PolicyInvalid(f"{at}.score_min: must be a number above 0, at most 1")
    if not isinstance(masked, bool):
        raise PolicyInvalid(f"{at}.masked: must be true or false")
    return KindRule(_level(f"{at}.level", fields.get("level")), float(score), masked)


def _words(value: object) -> tuple[WordRule, ...]:
    if not isinstance(value, list) or len(value) > WORDS_MAX:
        raise PolicyInvalid(f"words: must be a list of at most {WORDS_MAX}")
    return tuple(_word(f"words[{number}]", each) for number, each in enumerate(value))


def _word(at: str, value: object) -> WordRule:
    fields = _mapping(at, value)
    form = {"word", "pattern"} & fields.keys()
    if len(form) != 1 or fields.keys() - {"name", "level", "word", "pattern"}:
        raise PolicyInvalid(f"{at}: needs name, level, and either word or pattern")
    [key] = form
    pattern = _text(f"{at}.{key}", fields[key])
    if key == "pattern":
        check_pattern(f"{at}.pattern", pattern)
    name, level = _text(f"{at}.name", fields.get("name")), _level(at, fields.get("level"))
    return WordRule(name, pattern, level, is_regex=key == "pattern")


def _terms(value: object) -> dict[Kind, tuple[str, ...]]:
    found: dict[Kind, tuple[str, ...]] = {}
    for name, terms in _mapping("terms", value).items():
        kind = _kind(f"terms.{name}", name)
        if kind not in _TERM_KINDS or not isinstance(terms, list) or len(terms) > WORDS_MAX:
            raise PolicyInvalid(f"terms.{name}: lists of MEDICAL, SALARY or CONTRACT only")
        found[kind] = tuple(_text(f"terms.{name}", term) for term in terms)
    return found


def _levels(at: str, value: object) -> dict[str, Level]:
    return {name: _level(f"{at}.{name}", level) for name, level in _mapping(at, value).items()}


def _level(at: str, value: object) -> Level:
    if isinstance(value, str) and value in Level.__members__:
        return Level[value]
    raise PolicyInvalid(f"{at}: must be L0, L1 or L2")


def _kind(at: str, name: str) -> Kind:
    if name in Kind.__members__:
        return Kind[name]
    raise PolicyInvalid(f"{at}: not a kind of finding")


def _version(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < VERSION_MAX:
        return value
    raise PolicyInvalid("version: must be a whole number from 1")


def _moment(fields: Mapping[str, Any], name: str) -> datetime:
    value = fields[name]
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError as error:
            raise PolicyInvalid(f"{name}: must be a date and time, ISO 8601") from error
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise PolicyInvalid(f"{name}: must be a date and time with its offset from UTC")
    return value


def _text(at: str, value: object) -> str:
    if isinstance(value, str) and value.strip() and len(value) <= WORD_CHARS_MAX:
        return value
    raise PolicyInvalid(f"{at}: must be a text of 1 to {WORD_CHARS_MAX} characters")


def _mapping(at: str, value: object) -> Mapping[str, Any]:
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return cast("Mapping[str, Any]", value)
    raise PolicyInvalid(f"{at}: must be a set of named fields")
