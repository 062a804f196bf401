"""Draws that generators share: a secret, a run of signs, a number written in groups."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from edge_agent.contract.findings import Kind

DIGITS = "0123456789"
HEX = "0123456789abcdef"
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LETTERS = UPPER + UPPER.lower()
ALNUM = LETTERS + DIGITS
# Plates, passports and codes leave out the letters that look like digits.
UPPER_CLEAR = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Secret:
    """`text` is the secret itself; `lead` and `tail` are the words that say what it is, if any.

    `format` names the way of writing it, for counts and messages.
    """

    text: str
    kind: Kind
    format: str
    lead: str = ""
    tail: str = ""


Draw = Callable[[Random], Secret]


def run(rng: Random, signs: str, count: int) -> str:
    """Return `count` signs drawn from `signs`."""
    return "".join(rng.choices(signs, k=count))


def grouped(text: str, sizes: tuple[int, ...], between: str) -> str:
    """Return `text` in groups of these sizes; what is left over makes the last group."""
    groups, at = [], 0
    for size in sizes:
        groups.append(text[at : at + size])
        at += size
    return between.join(group for group in (*groups, text[at:]) if group)


def shift_check(rng: Random, text: str) -> str:
    """Return `text` with another last digit, so that its checksum fails."""
    return text[:-1] + rng.choice([digit for digit in DIGITS if digit != text[-1]])
