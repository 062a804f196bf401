"""Structured identifiers of every kind, in two halves that share no way of writing."""

from random import Random

from edge_agent.contract.findings import Kind
from tests.boundary_sets import secrets_access, secrets_contact, secrets_money, secrets_people
from tests.boundary_sets.drawing import Draw, Secret

_FAMILIES = (secrets_people, secrets_contact, secrets_money, secrets_access)


def secrets(count: int, seed: int, *, held_out: bool = False) -> list[Secret]:
    """Return `count` secrets, every kind as often as any other.

    `held_out` takes the formats, cue words and vendors that the other half never uses.
    """
    rng = Random(f"{seed} {held_out}")
    waiting = _by_kind(rng, held_out=held_out)
    kinds = list(waiting)
    chosen = []
    for at in range(count):
        draws = waiting[kinds[at % len(kinds)]]
        # The first comes last, so that every format is used before one is used again.
        draws.append(draws.pop(0))
        chosen.append(draws[-1](rng))
    return chosen


def _by_kind(rng: Random, *, held_out: bool) -> dict[Kind, list[Draw]]:
    halves = [family.HELD_OUT if held_out else family.SEEN for family in _FAMILIES]
    draws = [draw for half in halves for draw in half]
    rng.shuffle(draws)
    by_kind: dict[Kind, list[Draw]] = {}
    for draw in draws:
        by_kind.setdefault(draw(Random(0)).kind, []).append(draw)
    return by_kind
