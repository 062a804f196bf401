"""A new policy from the cloud may be stricter than the one in force, never looser.

Only the owner's key signs a looser one, and then on the node itself.
"""

from collections.abc import Iterator, Mapping

from edge_agent.contract.errors import PolicyInvalid
from edge_agent.contract.findings import Kind
from edge_agent.contract.levels import Level
from edge_agent.contract.policy import SCORE_MIN, Policy


def check_tighter(new: Policy, old: Policy) -> None:
    """Raises: PolicyInvalid, naming each place where the new one would allow more."""
    looser = looser_places(new, old)
    if looser:
        raise PolicyInvalid(f"looser than version {old.version}: {', '.join(looser)}")


def looser_places(new: Policy, old: Policy) -> tuple[str, ...]:
    """Return each place where the new one would allow more, as `kinds.PHONE` or `default`."""
    return tuple(_looser(new, old))


def _looser(new: Policy, old: Policy) -> Iterator[str]:
    if new.version <= old.version:
        yield "version"
    if new.tenant != old.tenant:
        yield "tenant"
    if new.default < old.default:
        yield "default"
    yield from (f"kinds.{kind}" for kind in Kind if _is_looser_for(kind, new, old))
    yield from _missing("words", set(old.words), set(new.words))
    for kind, terms in old.terms.items():
        yield from _missing(f"terms.{kind}", set(terms), set(new.terms.get(kind, ())))
    for name in ("labels", "collections"):
        yield from _lowered(name, getattr(new, name), getattr(old, name))
    # A label that nobody explained is L2: to explain it is to lower it.
    yield from (
        f"labels.{label}"
        for label, level in new.labels.items()
        if label not in old.labels and level < Level.L2
    )
    yield from _lowered("paths", dict(new.paths), dict(old.paths))


def _is_looser_for(kind: Kind, new: Policy, old: Policy) -> bool:
    if new.level_of(kind) < old.level_of(kind):
        return True
    # A finding needs more certainty than before to count.
    return _score_min(new, kind) > _score_min(old, kind) and old.level_of(kind) > Level.L0


def _score_min(policy: Policy, kind: Kind) -> float:
    rule = policy.kinds.get(kind)
    return SCORE_MIN if rule is None else rule.score_min


def _missing(name: str, old: set[object], new: set[object]) -> Iterator[str]:
    if old - new:
        yield name


def _lowered(name: str, new: Mapping[str, Level], old: Mapping[str, Level]) -> Iterator[str]:
    for key, level in old.items():
        if new.get(key, Level.L0) < level:
            yield f"{name}.{key}"
