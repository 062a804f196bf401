"""A policy as a text that people write: YAML without its traps."""

from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

from edge_agent.contract.findings import Kind
from edge_agent.contract.policy_document import SCHEMA
from tenants.base.errors import BadRequest, TooLarge
from tenants.policies.errors import PolicyRefused

BYTES_MAX = 1024 * 1024
# A policy has three levels of fields; what is deeper is none, and is not unfolded.
DEPTH_MAX = 8
_ORDER = (
    *("schema", "tenant", "version", "valid_from", "valid_until", "default"),
    *("kinds", "words", "terms", "paths", "labels", "collections"),
)
_WORD_ORDER = ("name", "word", "pattern", "level")


class _Loader(yaml.CSafeLoader):
    """Refuses what YAML takes silently: the second of two lines with one name."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise PolicyRefused(why=f"{key.value}: stands there twice")
            seen.add(str(key.value))
        return super().construct_mapping(node, deep=deep)


def yaml_of(document: Mapping[str, Any]) -> str:
    """Return the document in the order of the format: a store of JSON keeps none."""
    ordered = _in_order(document, _ORDER)
    for section in ("kinds", "terms"):
        ordered[section] = _in_order(document.get(section, {}), Kind)
    ordered["words"] = [_in_order(word, _WORD_ORDER) for word in document.get("words", [])]
    return yaml.safe_dump(ordered, allow_unicode=True, sort_keys=False)


def document_of(text: str) -> dict[str, Any]:
    """Return the plain values that a text of YAML holds.

    Raises: TooLarge, BadRequest when it is no YAML, PolicyRefused when it is no policy.
    """
    if len(text.encode(errors="replace")) > BYTES_MAX:
        raise TooLarge
    try:
        _check_shape(text)
        # The loader is a safe one.
        value = yaml.load(text, Loader=_Loader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        raise BadRequest(
            _("This is no YAML: %(problem)s, line %(line)s."),
            problem=error.problem,
            line=error.problem_mark.line + 1 if error.problem_mark else "?",
        ) from error
    except (yaml.YAMLError, ValueError) as error:
        raise BadRequest(_("This is no YAML.")) from error
    if not isinstance(value, dict):
        raise PolicyRefused(why="policy: must be a set of named fields")
    if value.get("schema", SCHEMA) != SCHEMA:
        raise PolicyRefused(why=f"schema: must be {SCHEMA}")
    return {name: _plain(each) for name, each in value.items()}


def _in_order(fields: Mapping[str, Any], order: Iterable[str]) -> dict[str, Any]:
    return {str(name): fields[name] for name in order if name in fields}


def _check_shape(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise PolicyRefused(why=f"*{event.anchor}: anchors are not used in a policy")
        depth += _step(event)
        if depth > DEPTH_MAX:
            raise PolicyRefused(why="policy: nested too deeply")


def _step(event: yaml.Event) -> int:
    if isinstance(event, yaml.CollectionStartEvent):
        return 1
    return -1 if isinstance(event, yaml.CollectionEndEvent) else 0


def _plain(value: Any) -> Any:
    """Return the value as JSON can keep it; YAML reads bare dates as dates."""
    return value.isoformat() if isinstance(value, date) else value
