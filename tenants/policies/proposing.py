"""What a proposed version would allow that the one in force does not, and how that is confirmed."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from edge_agent.contract.findings import Kind
from edge_agent.contract.levels import Level
from edge_agent.contract.policy import SCORE_MIN, Policy
from edge_agent.contract.tightening import looser_places
from tenants.base.text import is_storable
from tenants.policies.errors import PolicyChanged, PolicyRefused
from tenants.policies.publishing import completed, read_policy
from tenants.policies.standing import policy_in_force
from tenants.policies.wording import KIND_LABELS, LEVEL_LABELS

NAMES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Place:
    """One thing that becomes looser."""

    what: str | Promise
    before: str | Promise
    after: str | Promise


@dataclass(frozen=True, slots=True)
class Proposal:
    """`token` stands for exactly these fields, so that what is confirmed is what was shown."""

    fields: Mapping[str, Any]
    token: str
    looser: tuple[Place, ...]

    def may_be_published(self, confirmed: str) -> bool:
        return not self.looser or confirmed == self.token


def proposed(fields: Mapping[str, Any], *, based_on: int) -> Proposal:
    """Compare what an owner would publish with the version in force.

    Raises: PolicyRefused, PolicyChanged.
    """
    _check_storable(fields)
    old, new = policy_in_force(), read_policy(completed(fields, version=based_on + 1))
    if based_on != old.version:
        raise PolicyChanged
    said = json.dumps([based_on, fields], sort_keys=True).encode()
    places = (_place(each, new, old) for each in looser_places(new, old))
    return Proposal(fields, hashlib.sha256(said).hexdigest(), tuple(places))


def _check_storable(fields: Mapping[str, Any]) -> None:
    for text in _texts_in(fields):
        if not is_storable(text):
            raise PolicyRefused(why=_("a text holds characters that cannot be stored"))


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from _texts_in(name)
            yield from _texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts_in(each)


def _place(place: str, new: Policy, old: Policy) -> Place:
    """Name a place of the contract, `kinds.PHONE`, as a person knows it."""
    section, _dot, name = place.partition(".")
    if section == "kinds":
        return _kind_place(Kind(name), new, old)
    if section == "words":
        gone = {word.name for word in set(old.words) - set(new.words)}
        return Place(_("words of your own"), _listed(gone), _("taken out or changed"))
    if section == "terms":
        gone = set(old.terms[Kind(name)]) - set(new.terms.get(Kind(name), ()))
        return Place(KIND_LABELS[name], _listed(gone), _("taken out"))
    if section == "default":
        what = _("a text in which nothing is found")
        return Place(what, LEVEL_LABELS[old.default], LEVEL_LABELS[new.default])
    levels = [dict(getattr(policy, section)).get(name) for policy in (old, new)]
    before, after = (_("not named") if each is None else LEVEL_LABELS[each] for each in levels)
    return Place(format_lazy("{} “{}”", _SECTIONS[section], name), before, after)


_SECTIONS = {
    "labels": _("the label"),
    "paths": _("the path"),
    "collections": _("the collection"),
}


def _kind_place(kind: Kind, new: Policy, old: Policy) -> Place:
    levels: list[Level] = [policy.level_of(kind) for policy in (old, new)]
    if levels[1] < levels[0]:
        return Place(KIND_LABELS[kind], *(LEVEL_LABELS[each] for each in levels))
    scores = [_score_min(policy, kind) for policy in (old, new)]
    before, after = (
        _("found from {percent} on").replace("{percent}", f"{100 * each:g} %") for each in scores
    )
    return Place(KIND_LABELS[kind], before, after)


def _score_min(policy: Policy, kind: Kind) -> float:
    rule = policy.kinds.get(kind)
    return SCORE_MIN if rule is None else rule.score_min


def _listed(names: set[str]) -> str:
    shown = sorted(names)[:NAMES_SHOWN]
    return ", ".join(shown) + (" …" if len(names) > NAMES_SHOWN else "")
