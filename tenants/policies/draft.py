"""A policy on its way through a form: what the fields of the page hold, and what they mean.

Names in the form: `kind.PHONE`, `score.PERSON`, `word.name` once per row, `terms.MEDICAL`. What
has no place in a form (its dates, a list too long for one) stays as the document has it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from edge_agent.contract.findings import Kind
from tenants.base.errors import BadRequest
from tenants.policies.errors import PolicyRefused

Posted = Mapping[str, Sequence[str]]

TERM_KINDS = (Kind.MEDICAL, Kind.SALARY, Kind.CONTRACT)
# The name of a section in the document, and of its fields in the form.
NAMED = {"labels": "label", "paths": "path", "collections": "collection"}
# A form of Django's has a thousand fields at most; longer lists are written as YAML.
ROWS_MAX = {"words": 120, "labels": 50, "paths": 50, "collections": 50}
_KEPT = "kept."
_DATES = ("valid_from", "valid_until")


def posted_of(document: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what a browser would post if nobody touched the form of this document."""
    posted = {"default": [str(document["default"])]}
    for name, rule in document["kinds"].items():
        posted |= _posted_kind(name, rule)
    posted |= _posted_words(document.get("words", []))
    for kind in TERM_KINDS:
        posted[f"terms.{kind}"] = ["\n".join(document.get("terms", {}).get(kind, ()))]
    for section, field in NAMED.items():
        posted |= _posted_levels(section, field, document.get(section, {}))
    return posted


def fields_of(posted: Posted, base: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the posted form says, as plain values; `base` is the document it was drawn from.

    Raises: PolicyRefused when a name stands twice, BadRequest when rows are torn apart.
    """
    fields: dict[str, Any] = {name: base[name] for name in _DATES if name in base}
    fields["default"] = first(posted, "default")
    fields["kinds"] = dict(_kinds(posted))
    fields["words"] = base.get("words", []) if is_kept(posted, "words") else [*_words(posted)]
    fields["terms"] = {
        kind.value: terms for kind in TERM_KINDS if (terms := _lines(posted, f"terms.{kind}"))
    }
    for section, field in NAMED.items():
        kept = is_kept(posted, section)
        fields[section] = base.get(section, {}) if kept else _levels(posted, section, field)
    return fields


def is_changed(fields: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    """Say whether the fields would change the document, spaces and empty rows aside."""
    return dict(fields) != fields_of(posted_of(document), document)


def is_kept(posted: Posted, section: str) -> bool:
    """Say whether a section is too long for the form and so stays as it is."""
    return bool(first(posted, _KEPT + section))


def first(posted: Posted, name: str) -> str:
    values = posted.get(name, ())
    return values[0] if values else ""


def rows_of(posted: Posted, *names: str) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a table in the form, without those that are empty.

    Raises: BadRequest when a column is shorter than another.
    """
    columns = [posted.get(name, ()) for name in names]
    if len({len(column) for column in columns}) > 1:
        raise BadRequest
    yield from zip(*columns, strict=True)


def _posted_kind(name: str, rule: str | Mapping[str, Any]) -> dict[str, list[str]]:
    if isinstance(rule, str):
        return {f"kind.{name}": [rule]}
    posted = {f"kind.{name}": [str(rule.get("level", ""))]}
    if "score_min" in rule:
        posted[f"score.{name}"] = [str(rule["score_min"])]
    if not rule.get("masked", True):
        posted[f"unmasked.{name}"] = ["yes"]
    return posted


def _posted_words(words: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    if len(words) > ROWS_MAX["words"]:
        return {f"{_KEPT}words": ["yes"]}
    forms = ["pattern" if "pattern" in each else "word" for each in words]
    return {
        "word.name": [each["name"] for each in words],
        "word.form": forms,
        "word.text": [each[form] for each, form in zip(words, forms, strict=True)],
        "word.level": [each["level"] for each in words],
    }


def _posted_levels(section: str, field: str, levels: Mapping[str, str]) -> dict[str, list[str]]:
    if len(levels) > ROWS_MAX[section]:
        return {_KEPT + section: ["yes"]}
    return {f"{field}.name": [*levels.keys()], f"{field}.level": [*levels.values()]}


def _kinds(posted: Posted) -> Iterator[tuple[str, Any]]:
    for kind in Kind:
        level = first(posted, f"kind.{kind}")
        score = first(posted, f"score.{kind}").strip()
        is_unmasked = bool(first(posted, f"unmasked.{kind}"))
        if not level:
            continue
        if not score and not is_unmasked:
            yield kind.value, level
            continue
        rule: dict[str, Any] = {"level": level}
        if score:
            rule["score_min"] = _score(score)
        if is_unmasked:
            rule["masked"] = False
        yield kind.value, rule


def _score(text: str) -> float | str:
    """Return the number; what is none is left for the policy to refuse by its name."""
    try:
        return float(text)
    except ValueError:
        return text


def _words(posted: Posted) -> Iterator[dict[str, str]]:
    for name, form, text, level in rows_of(
        posted, "word.name", "word.form", "word.text", "word.level"
    ):
        if name.strip() or text.strip():
            # Spaces mean something in a pattern.
            said = {"pattern": text} if form == "pattern" else {"word": text.strip()}
            yield {"name": name.strip(), "level": level, **said}


def _lines(posted: Posted, name: str) -> list[str]:
    lines = (line.strip() for line in first(posted, name).split("\n"))
    return [line for line in lines if line]


def _levels(posted: Posted, section: str, field: str) -> dict[str, str]:
    levels: dict[str, str] = {}
    for name, level in rows_of(posted, f"{field}.name", f"{field}.level"):
        name = name.strip()  # noqa: PLW2901  as the document has it
        if name in levels:
            raise PolicyRefused(why=f"{section}.{name}: stands there twice")
        if name:
            levels[name] = level
    return levels
